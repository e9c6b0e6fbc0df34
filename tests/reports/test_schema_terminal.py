"""An inferred schema is shown with every reason."""

import io

import pandas as pd
import pytest
from rich.console import Console

from leadqual.inference.inference import infer_schema
from leadqual.reports.schema_terminal import show_schema


@pytest.mark.parametrize("width", [80, 120])
def test_roles_values_fields_and_what_was_left_out_stand_with_their_reasons(width: int) -> None:
    leads = 60
    table = pd.DataFrame(
        {
            "Lead ID": [f"L-{i}" for i in range(leads)],
            "Created": [f"2026-01-{i % 28 + 1:02d}" for i in range(leads)],
            "Status": ["Won", "Lost", "New"] * (leads // 3),
            "Source": ["Web", "Fair"] * (leads // 2),
            "Last Activity": ["Call", "Mail"] * (leads // 2),
            "Nothing": ["same"] * leads,
        }
    )
    inferred = infer_schema(table)
    file = io.StringIO()
    show_schema(Console(file=file, width=width), inferred)
    lines = file.getvalue().splitlines()
    text = " ".join(" ".join(lines).split())
    assert max(map(len, lines)) <= width
    assert [text.index(part) for part in ("Roles", "Fields to score", "Left out")] == sorted(
        text.index(part) for part in ("Roles", "Fields to score", "Left out")
    )
    starts = {line.split("  ")[0].strip() or line.split()[0] for line in lines if line.strip()}
    assert {"Status", "Lead ID", "Created", "Source"} <= starts
    for state, value in (("won", "Won"), ("lost", "Lost"), ("open", "New")):
        assert any(line.split()[:2] == [value, state] for line in lines)
    for column in inferred.left_out:
        assert column.name in text
        assert column.why.split(":")[0].split(",")[0] in text
    for note in inferred.notes:
        assert note in text
