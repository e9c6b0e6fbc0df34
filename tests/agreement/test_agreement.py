from dataclasses import replace

import pytest

from leadqual.agreement import Agreement, agreement_on, load_agreed, new_key, signed
from leadqual.bundle import Bundle
from leadqual.errors import AgreementError, BundleError

AT = "2026-05-01T09:00:00Z"


@pytest.fixture(scope="module")
def keys():
    return {name: new_key(f"{name}'s words") for name in ("Ana", "Ben")}


def both(bundle, keys=None):
    for name, role in (("Ana", "sales"), ("Ben", "marketing")):
        private = None if keys is None else keys[name][0]
        bundle = signed(
            bundle,
            name=name,
            role=role,
            signed_at=AT,
            comment="fine",
            private_key=private,
            passphrase=f"{name}'s words",
        )
    return bundle


def test_it_holds_when_both_roles_have_signed_this_digest(company, tmp_path):
    one = signed(company.bundle, name="Ana", role="sales", signed_at=AT)
    assert agreement_on(one).missing == ("marketing",)
    assert not agreement_on(one).holds
    with pytest.raises(AgreementError, match="marketing must sign this very digest"):
        agreement_on(one).require()
    whole = both(company.bundle)
    assert agreement_on(whole).holds
    assert str(agreement_on(whole)).endswith("signed by Ana for sales, Ben for marketing; it holds.")
    path = str(whole.save(tmp_path / "b.json"))
    assert load_agreed(path) == Bundle.load(path)
    with pytest.raises(AgreementError, match="legal must sign"):
        load_agreed(path, required=("marketing", "sales", "legal"))


def test_any_later_change_of_a_point_voids_it(company):
    whole = both(company.bundle)
    field = whole.points_table.fields[0]
    band = replace(field.bands[0], points=field.bands[0].points + 1)
    table = replace(
        whole.points_table,
        fields=(replace(field, bands=(band, *field.bands[1:])), *whole.points_table.fields[1:]),
    )
    changed = replace(whole, points_table=table)
    assert agreement_on(changed).sign_offs == ()
    assert agreement_on(changed).missing == ("marketing", "sales")
    with pytest.raises(BundleError, match="for other content"):
        changed.save("never-written.json")


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"name": "Ana", "role": "marketing"}, "the same person has signed for sales"),
        ({"name": "Cai", "role": "sales"}, "sales has signed these points already"),
        ({"name": " ", "role": "marketing"}, "must have a name and a role"),
        ({"name": "Ben", "role": ""}, "must have a name and a role"),
    ],
)
def test_one_person_signs_once_for_one_role(company, said, refusal):
    one = signed(company.bundle, name="Ana", role="sales", signed_at=AT)
    with pytest.raises(AgreementError, match=refusal):
        signed(one, signed_at=AT, **said)


def test_a_signature_with_a_key_is_checked_on_load(company, keys, tmp_path):
    whole = both(company.bundle, keys)
    public = {name: pair[1] for name, pair in keys.items()}
    path = str(whole.save(tmp_path / "b.json"))
    assert load_agreed(path, public_keys=public) == whole
    with pytest.raises(AgreementError, match="no public key of who signed for marketing"):
        load_agreed(path, public_keys={"Ana": public["Ana"]})
    with pytest.raises(AgreementError, match="signature for sales is not theirs"):
        load_agreed(path, public_keys={"Ana": public["Ben"], "Ben": public["Ben"]})
    unsigned = both(company.bundle)
    with pytest.raises(AgreementError, match="signature for sales is missing"):
        agreement_on(unsigned, public_keys=public)


@pytest.mark.parametrize("part", ["name", "role", "signed_at", "comment", "digest"])
def test_a_signature_covers_everything_it_is_about(company, keys, part):
    whole = both(company.bundle, keys)
    first = whole.sign_offs[0]
    if part == "digest":
        # the same sign-off carried over to other points
        other = replace(whole, base_rate=0.5)
        forged = replace(other, sign_offs=tuple(replace(s, digest=other.digest) for s in whole.sign_offs))
        names = {"Ana": keys["Ana"][1], "Ben": keys["Ben"][1]}
    else:
        changed = replace(first, **{part: getattr(first, part) + "x"})
        forged = replace(whole, sign_offs=(changed, *whole.sign_offs[1:]))
        names = {changed.name: keys["Ana"][1], "Ben": keys["Ben"][1]}
    with pytest.raises(AgreementError, match="not theirs or is for other content"):
        agreement_on(forged, public_keys=names)


def test_a_role_that_nobody_names_is_refused(company):
    with pytest.raises(AgreementError, match="at least one must be"):
        agreement_on(company.bundle, required=())


def test_void_signatures_are_said():
    void = Agreement("a" * 64, parent="b" * 64, void=(object(),))
    assert "1 signature under bbbbbbbbbbbb is void" in str(void)
    assert "marketing and sales must still sign" in str(void)
