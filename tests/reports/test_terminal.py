"""The display fits its terminal, with and without colour, and shows what the summary holds."""

import dataclasses
import io

import pytest
from rich.console import Console

from leadqual.bundle import Bundle
from leadqual.reports.summary import Summary, summarize
from leadqual.reports.terminal import show_summary


def shown(summary: Summary, width: int, *, encoding: str = "utf-8", color: str | None = None, **options: object) -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
    console = Console(file=file, width=width, force_terminal=color is not None, color_system=color, highlight=False)
    show_summary(console, summary, **options)  # type: ignore[arg-type]  # as given
    file.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [60, 80, 100, 120, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_no_line_is_wider_than_the_terminal_and_none_than_120(bundle: Bundle, width: int, encoding: str) -> None:
    text = shown(summarize(bundle), width, encoding=encoding)
    assert max(len(line) for line in text.splitlines()) <= min(width, 120)


@pytest.mark.parametrize("width", [80, 120])
def test_it_shows_points_policy_evaluation_reliability_provenance_and_warnings(bundle: Bundle, width: int) -> None:
    text = " ".join(shown(summarize(bundle), width).split())
    for sentence in (
        "autumn",
        "10% of leads are won within 90 days; 20 points double the odds.",
        "Every lead starts with 95 points; 78 to 135 are possible.",
        "MQL from 100 points, SQL from 120. Sales can work 10 of the 50 leads that come in a week.",
        "A 135 within 4 h 5.0% 2.5 41%",
        "D the rest no deadline 60% 30.0 4.0%",
        "225 later leads, 20 of them won. The last 25% of the leads are the test.",
        "AUC 0.810 (0.780 to 0.840) - 0.500",
        "45 40% 44%",
        "made by leadqual train leads.csv",
        "constraint Visits: points never fall.",
        "signed off by Ada for sales",
        "! Nothing says when a field was filled in.",
    ):
        assert sentence in text
    for band in ("Urgent +31", "Later -12", "This year 0", "3 and more +9"):
        assert band in text


def test_colour_changes_nothing_but_escape_codes(bundle: Bundle) -> None:
    import re

    plain = shown(summarize(bundle), 80)
    coloured = shown(summarize(bundle), 80, color="truecolor")
    assert "\x1b[" in coloured
    assert "\x1b[" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_fields_stand_side_by_side_where_there_is_room(bundle: Bundle) -> None:
    def heading_lines(width: int) -> list[str]:
        return [line for line in shown(summarize(bundle), width).splitlines() if line.startswith(("Need", "Visits"))]

    assert [line.split() for line in heading_lines(80)] == [["Need"], ["Visits"]]
    assert [line.split() for line in heading_lines(120)] == [["Need", "Visits"]]


def test_fewer_fields_are_announced(bundle: Bundle) -> None:
    text = shown(summarize(bundle), 80, fields=1)
    assert "Urgent" in text
    assert "3 and more" not in text
    assert "and 1 more fields that move leads less" in text


def test_a_warning_is_said_once(bundle: Bundle) -> None:
    text = shown(summarize(bundle), 80, warnings=("Nothing says when a field was filled in.", "Little evidence."))
    assert text.count("Nothing says when") == 1
    assert "! Little evidence." in text


def test_without_evidence_and_dates_the_rest_is_shown(bundle: Bundle) -> None:
    policy = dataclasses.replace(
        bundle.policy,
        grades=tuple(
            dataclasses.replace(one, per_week=None, share=None, win_rate=None) for one in bundle.policy.grades
        ),
    )
    bare = dataclasses.replace(bundle, evidence=None, window_days=None, policy=policy, constraints=(), sign_offs=())
    text = shown(summarize(bare), 80)
    assert "10% of leads are won; 20 points double the odds." in text
    assert "How it holds up on later leads was not measured." in text
    assert (
        "a week" not in text.split("Policy")[1].split("Where it comes from")[0].split("win rate")[0].split("grade")[1]
    )
    assert "Promised and kept" not in text


def test_names_with_markup_are_shown_as_they_are(bundle: Bundle) -> None:
    table = bundle.points_table
    need = dataclasses.replace(
        table.fields[1],
        name="[bold]Need[/]",
        dimension="intent",
        bands=(dataclasses.replace(table.fields[1].bands[1], label="[red]"), *table.fields[1].bands[2:]),
    )
    marked = dataclasses.replace(bundle, points_table=dataclasses.replace(table, fields=(need,)))
    text = shown(summarize(marked), 80)
    assert "[bold]Need[/] (intent)" in text
    assert "[red]" in text
