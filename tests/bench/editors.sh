#!/usr/bin/env bash
# editors.sh: how long an editor waits for this server and for those of a peer language (ty and pyright on Python files of the same size), by one
# client, in one run. Prints the table of docs/editor.md. Takes some minutes; the machine should have nothing else to do.
#
#   MANDATE_BENCH_CACHE: where the peers are installed on first use (default: the user's cache directory)
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cache=${MANDATE_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mandate-bench-editors-1}
peers=()
if [ -e "$cache/ready" ] || {
  rm -rf "$cache" && mkdir -p "$cache" && python3 -m venv "$cache/venv" &&
    "$cache/venv/bin/python" -m pip install --quiet --disable-pip-version-check ty==0.0.105 pyright==1.1.414 && touch "$cache/ready"
}; then
  # pyright's own part is fetched at its first start, which is not what is measured.
  "$cache/venv/bin/pyright" --version > /dev/null
  peers=("ty=$cache/venv/bin/ty server" "pyright=$cache/venv/bin/pyright-langserver --stdio")
else
  echo "editors.sh: the peers cannot be installed here; measured alone" >&2
fi
cd "$root"
cargo run --quiet --release -p mandate-lsp --example bench_editors -- "${peers[@]}"
