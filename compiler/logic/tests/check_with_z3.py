"""Compares the solver's verdicts with those of Z3.

    pip install z3-solver
    cargo run --release -p mandate-logic --example agree -- 2000 --smt2 DIR
    python3 compiler/logic/tests/check_with_z3.py DIR

Every file in DIR states its verdict as `:status`. Prints the counts; exit code 1 when a verdict differs, 2 without questions.
"""

import collections
import pathlib
import re
import sys

import z3


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    counts = collections.Counter()
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.smt2")):
        text = path.read_text()
        said = re.search(r":status (\w+)", text).group(1)
        solver = z3.Solver()
        solver.from_string(text)
        found = str(solver.check())
        counts[f"{said}, Z3 says {found}"] += 1
        if said != "unknown" and said != found:
            print(f"{path.name}: said to be {said}, Z3 says {found}")
    for what, count in sorted(counts.items()):
        print(f"{count:8} {what}")
    if not counts:
        print("no questions there")
        return 2
    agreed = sum(count for what, count in counts.items() if what.split(",")[0] == what.split()[-1])
    return 0 if agreed == sum(counts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
