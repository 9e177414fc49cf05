#!/usr/bin/env bash
# run.sh PROGRAM: a Neovim without a screen edits a package with this folder's configuration and the language server of PROGRAM.
#
#   NVIM: the Neovim to use (default: the one on the PATH). Without Neovim 0.11 the test is left out, loudly, and the exit code is 0.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
program=$(cd "$(dirname "${1:?the path of a built mandate is wanted}")" && pwd)/$(basename "$1")

nvim=${NVIM:-nvim}
if ! "$nvim" --headless --clean -c "exe has('nvim-0.11') ? 'qall!' : 'cquit'" > /dev/null 2>&1; then
  echo "############################################################################" >&2
  echo "# SKIPPED: editors/neovim/tests. Neovim 0.11 or later is not to be found.  #" >&2
  echo "############################################################################" >&2
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root/tests/lsp/camp" "$work/camp"
export XDG_STATE_HOME=$work/state XDG_DATA_HOME=$work/data XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache
cd "$work/camp"
MANDATE_PROGRAM=$program timeout 120 "$nvim" --clean --headless --cmd "set runtimepath^=$root/editors/neovim" -c "luafile $here/editor.lua"
