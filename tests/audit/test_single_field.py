"""LQ101: a field that does the job of a whole score alone."""

import numpy as np
import pytest
from sklearn.metrics import log_loss

from leadqual.audit.single_field import explained, single_field


def severity(checked, field):
    return {finding.field: finding.severity for finding in checked[0]}.get(field)


def test_severity_follows_how_much_a_field_explains(audited, rng, won) -> None:
    flipped = {share: np.where(rng.random(len(won)) < share, 1 - won, won) for share in (0.0, 0.1, 0.25, 0.5)}
    leads = audited({f"wrong {share}": flip.astype(float) for share, flip in flipped.items()}, won=won)
    checked = single_field(leads)
    assert severity(checked, "wrong 0.0") == "certain"
    assert severity(checked, "wrong 0.1") == "likely"
    assert severity(checked, "wrong 0.25") is None
    assert severity(checked, "wrong 0.5") is None
    assert checked[1] is None
    assert checked[0][0].evidence.code == "audit_restates_outcome"


def test_what_is_explained_is_judged_on_leads_not_learned_from(audited, rng, won) -> None:
    # a value of its own for nearly every lead would explain all of the outcomes it was learned from
    leads = audited({"noise": rng.integers(0, 1500, len(won)).astype(str)}, won=won)
    assert single_field(leads)[0] == []


def test_the_share_explained_is_that_of_the_deviance() -> None:
    won = np.array([1.0, 0, 0, 1, 0, 0, 0, 1])
    said = np.array([0.8, 0.3, 0.1, 0.6, 0.2, 0.4, 0.2, 0.7])
    even = np.full(8, won.mean())
    gain = np.log(np.where(won == 1, said, 1 - said)) - np.log(np.where(won == 1, even, 1 - even))
    share, low = explained(gain, won, 2.0)
    assert share == pytest.approx(1 - log_loss(won, said) / log_loss(won, even))
    assert low < share


def test_few_outcomes_are_not_judged(audited, rng) -> None:
    won = np.zeros(400, int)
    won[:20] = 1
    findings, not_applicable = single_field(audited({"x": won.astype(float)}, won=won))
    assert findings == []
    assert not_applicable.reason.code == "audit_too_few_for_one_field"
