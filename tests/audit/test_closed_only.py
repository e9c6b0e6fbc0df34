"""LQ104: what only closed leads have."""

import numpy as np

from leadqual.audit.closed_only import closed_only


def states(rng, won, share=0.3):
    return np.where(rng.random(len(won)) < share, "open", np.where(won == 1, "won", "lost"))


def test_fields_and_values_that_open_leads_never_have_are_found(audited, rng, won) -> None:
    state = states(rng, won)
    closed = state != "open"
    leads = audited(
        {
            "reason": np.where(closed, "price", None),
            "stage": np.where(closed, "ended", "running"),
            "rare": np.where(closed & (rng.random(len(won)) < 0.08), "ended", "running"),
            "source": rng.choice(["fair", "web"], len(won)),
            "worked": np.where(rng.random(len(won)) < np.where(closed, 0.6, 0.25), "x", None),
            "gaps": np.where(rng.random(len(won)) < 0.5, "x", None),
            "size": rng.normal(size=len(won)),
        },
        won=won,
        state=state,
    )
    findings, not_applicable = closed_only(leads)
    found = {finding.field: finding.severity for finding in findings}
    assert found == {"reason": "likely", "stage": "likely", "rare": "suspect", "worked": "suspect"}
    assert not_applicable is None


def test_values_that_ended_before_open_leads_began_are_fine(audited, won) -> None:
    # everything of the first half is closed by now, and the form changed at half time
    late = np.arange(2000) >= 1000
    state = np.where(late & (np.arange(2000) % 2 == 0), "open", np.where(won == 1, "won", "lost"))
    leads = audited({"form": np.where(late, "new", "old"), "field": np.where(late, None, "x")}, won=won, state=state)
    assert closed_only(leads)[0] == []


def test_without_open_leads_it_cannot_be_verified(audited, won) -> None:
    findings, not_applicable = closed_only(audited({"x": won.astype(float)}, won=won))
    assert findings == []
    assert not_applicable.reason.figures["open"] == 0
