import pytest

from leadqual.agreement import READING_ROLES, REQUIRED_ROLES, Ledger, agreement_on, read_role, signed
from leadqual.errors import AgreementError

AT = "2026-05-01T09:00:00Z"


@pytest.mark.parametrize("text", ["marketing", "Marketing", " MARKETING "])
def test_case_and_space_do_not_make_another_role(text):
    assert read_role(text) == "marketing"


@pytest.mark.parametrize(
    ("text", "said"),
    [("Salse", "did you mean sales"), ("marketeing", "did you mean marketing"), ("xyz", "none of marketing, sales")],
)
def test_another_word_is_refused_with_the_nearest(text, said):
    with pytest.raises(AgreementError, match=said):
        read_role(text)


def test_no_name_is_guessed_where_none_is_near():
    with pytest.raises(AgreementError) as refused:
        read_role("xyz")
    assert "did you mean" not in str(refused.value)


def test_a_signature_for_marketing_counts_however_it_is_spelt(company):
    one = signed(company.bundle, name="Ben", role="Marketing ", signed_at=AT)
    assert one.sign_offs[0].role == "marketing"
    assert agreement_on(one).missing == ("sales",)
    with pytest.raises(AgreementError, match="did you mean sales"):
        signed(one, name="Ana", role="salse", signed_at=AT)


def test_who_signs_is_what_the_ledger_requires(company, tmp_path):
    ledger = Ledger(tmp_path / "a.db")
    assert ledger.required_roles == REQUIRED_ROLES
    ledger.require_roles(["Sales", "finance"], recorded_at=AT)
    assert ledger.required_roles == ("sales", "finance")
    assert signed(company.bundle, name="Cai", role="Finance", signed_at=AT, required=ledger.required_roles)
    for role in READING_ROLES:
        with pytest.raises(AgreementError, match="only read"):
            ledger.require_roles([role], recorded_at=AT)
