"""Prints how many cases a run of Schemathesis had, and exits with 1 if they were too few: tally.py REPORT LEAST"""

import json
import sys

with open(sys.argv[1]) as file:
    report = json.load(file)
cases = report["test_cases"]
print(f"Schemathesis sent {cases['generated']} cases: {cases['unique_failures']} findings, {cases['errored']} errors.")
if not report["complete"] or report["errors"] or cases["generated"] < int(sys.argv[2]):
    sys.exit(f"the run was not whole, or had fewer than {sys.argv[2]} cases")
