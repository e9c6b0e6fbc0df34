"""LQ102: whether a field is filled in tells how the lead ended."""

import numpy as np

from leadqual.audit.missingness import missingness


def filled(rng, won, share_won, share_lost):
    known = rng.random(len(won)) < np.where(won == 1, share_won, share_lost)
    return np.where(known, rng.choice(["a", "b"], len(won)), None)


def test_a_field_filled_in_for_wins_is_suspect_and_random_gaps_are_not(audited, rng, won) -> None:
    leads = audited(
        {
            "worked": filled(rng, won, 0.9, 0.4),
            "seldom": filled(rng, won, 0.05, 0.6),
            "random": filled(rng, won, 0.5, 0.5),
            "slightly": filled(rng, won, 0.6, 0.5),
            "full": np.full(len(won), "a"),
            "empty": np.full(len(won), None),
        },
        won=won,
    )
    findings, not_applicable = missingness(leads)
    assert {finding.field for finding in findings} == {"worked", "seldom"}
    assert {finding.severity for finding in findings} == {"suspect"}
    assert not_applicable is None
    worked = next(finding for finding in findings if finding.field == "worked")
    known, mature = leads.known("worked"), leads.mature
    assert worked.figures["filled"] == won[known & mature].mean()
    assert worked.figures["empty"] == won[~known & mature].mean()


def test_a_form_that_changed_when_the_win_rate_did_is_not_suspect(audited, rng) -> None:
    late = np.arange(2000) >= 1000
    won = (rng.random(2000) < np.where(late, 0.6, 0.1)).astype(int)
    leads = audited({"form": np.where(late, "a", None)}, won=won)
    assert missingness(leads)[0] == []


def test_gaps_in_a_handful_of_leads_are_left_alone(audited, rng, won) -> None:
    few = np.flatnonzero(won == 1)[:12]
    values = np.full(len(won), "a", dtype=object)
    values[few] = None
    assert missingness(audited({"x": values}, won=won))[0] == []
