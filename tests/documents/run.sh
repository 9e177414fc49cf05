#!/usr/bin/env bash
# Documents that another program makes while the test runs, imported: the policy of the fixtures as DOCX, PDF and HTML by LibreOffice Writer.
# Without LibreOffice there is nothing to do; the fixtures in compiler/import/tests hold what it once made.
#
#   tests/documents/run.sh PROGRAM
set -euo pipefail
mandate=$(realpath "$1")
cd "$(dirname "$0")/../.."
if ! command -v soffice > /dev/null; then
  echo "documents: no LibreOffice here; only the fixtures were imported"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp compiler/import/tests/fixtures/camp-policy.fodt "$work/"
for form in docx pdf html; do
  timeout 180 soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to "$form" --outdir "$work" "$work/camp-policy.fodt" > /dev/null 2>&1
done

# Words and anchors, without the lines about the original and without pages, which HTML has not.
passages() {
  "$mandate" source import "$1" --dry-run 2> /dev/null | awk 'lines < 2 { lines += /^---$/; next } !/^<!-- page/ && NF { sub(/^ +/, ""); print }'
}
passages compiler/import/tests/fixtures/camp-policy.docx > "$work/expected"
grep -q '{#art_1.1.b}' "$work/expected"
for form in docx pdf; do
  passages "$work/camp-policy.$form" | diff "$work/expected" - || { echo "documents: the $form differs" >&2; exit 1; }
  pages=$("$mandate" source import "$work/camp-policy.$form" --dry-run 2> /dev/null | grep -c '^<!-- page')
  [ "$pages" = 3 ] || { echo "documents: $pages pages in the $form, not 3" >&2; exit 1; }
done
# In the HTML that LibreOffice writes, lists go on behind a paragraph; every sentence must be there all the same.
passages "$work/camp-policy.html" > "$work/html"
while read -r sentence; do
  grep -qF "$sentence" "$work/html" || { echo "documents: the html lacks: $sentence" >&2; exit 1; }
done < <(sed -E 's/ \{#.*//; s/^(#+|-|[0-9]+\.) //; s/^\([a-z]\) //' "$work/expected")
echo "documents: DOCX, PDF and HTML by $(soffice --version 2> /dev/null | head -1 | cut -d' ' -f1,2) imported"
