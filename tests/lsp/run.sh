#!/usr/bin/env bash
# run.sh [PROGRAM] [ARGUMENTS OF PYTEST]: drives the language server with a client that is not ours (pytest-lsp), which introduces itself as three
# editors do, then has Neovim edit a package without a screen. Without PROGRAM: target/release/mandate, else target/debug/mandate.
#
#   UPDATE=1: writes the table of capabilities and their tests into docs/editor.md
#   MANDATE_LSP_CACHE: where client and editor are installed on first use (default: the user's cache directory)
#
# Where they cannot be installed, the tests are left out, loudly, and the exit code is 0.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

program=${1:-}
[ $# = 0 ] || shift
for candidate in "$root/target/release/mandate" "$root/target/debug/mandate"; do
  [ -n "$program" ] || { [ -x "$candidate" ] && program=$candidate; } || true
done
[ -x "$program" ] || { echo "run.sh: no program to test; give the path of a built mandate" >&2; exit 2; }
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")

# A changed list of requirements is installed beside the old one.
version=$(sha256sum "$here/requirements.txt" | cut -c1-12)
cache=${MANDATE_LSP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mandate-lsp-tests}/$version
if [ ! -e "$cache/ready" ]; then
  rm -rf "$cache"
  mkdir -p "$cache"
  if ! { python3 -m venv "$cache/venv" &&
    "$cache/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"; }; then
    rm -rf "$cache"
    echo "############################################################################" >&2
    echo "# SKIPPED: tests/lsp. The client of tests/lsp/requirements.txt cannot be    #" >&2
    echo "# installed here (Python 3 with venv and a package index are wanted).      #" >&2
    echo "############################################################################" >&2
    exit 0
  fi
  touch "$cache/ready"
fi

MANDATE_PROGRAM=$program "$cache/venv/bin/python" -m pytest --rootdir "$here" -c "$here/pytest.ini" -p no:cacheprovider "$here" "$@"
PATH="$cache/venv/bin:$PATH" "$root/editors/neovim/tests/run.sh" "$program"
