"""Scores leads where nothing but leadqual is installed, and checks that a full installation says the same."""
# ruff: noqa: S101, T201  # it checks and tells

import csv
import sys
from pathlib import Path

before = set(sys.modules)  # a new environment may load more than the standard library by itself

from leadqual import Scorer  # noqa: E402  # counted from here on

bundle, leads, expected = map(Path, sys.argv[1:])
scorer = Scorer.load(bundle)
with leads.open(encoding="utf-8", newline="") as file:
    scores = [scorer.score_one(lead) for lead in csv.DictReader(file)]
with expected.open(encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
assert scores, "no leads were scored"
assert len(scores) == len(rows), f"{len(scores)} leads were scored one by one, {len(rows)} as a table"
for score, row in zip(scores, rows, strict=True):
    alone = (str(score.points), str(score.score), score.probability, score.grade, score.qualification)
    assert alone == (row["points"], row["score"], float(row["probability"]), row["grade"], row["qualification"]), row[
        "id"
    ]
loaded = {name.split(".")[0] for name in set(sys.modules) - before}
foreign = loaded - set(sys.stdlib_module_names) - {"leadqual"}
assert not foreign, f"scoring loaded {', '.join(sorted(foreign))}"
print(f"{len(scores):,} leads scored with the standard library alone, as the full installation scores them; the first:")
print(scores[0])
