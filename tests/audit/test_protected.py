"""LQ502: fields that law or decency protects."""

import re

import numpy as np
import pytest

from leadqual.audit.protected import protected
from leadqual.reports.language import Language

ROWS = 1000


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Age",
            "Birth year",
            "Gender",
            "Nationality",
            "Religion",
            "Marital status",
            "Disability",
            "ZIP",
            "Trade union",
            "Ethnicity",
            "Political party",
            "Sexual orientation",
        ),
        *("Alter", "Geschlecht", "Staatsangehörigkeit", "Familienstand", "PLZ", "Anrede", "Konfession"),
        *("Âge", "Sexe", "Nationalité", "Situation familiale", "Code postal", "Civilité"),
        *("Edad", "Género", "Nacionalidad", "Estado civil", "Código postal", "Idade", "CEP"),
        *("年龄", "性别", "民族", "国籍", "婚姻状况", "健康状况", "邮编", "年齢", "性別", "郵便番号"),
    ],
)
def test_found_by_name_and_left_to_people(audited, name) -> None:
    (finding,), _ = protected(audited({name: ["a", "b"] * (ROWS // 2)}, won=np.arange(ROWS) % 2))
    assert (finding.code, finding.severity, finding.field) == ("LQ502", "suspect", name)
    assert finding.remedy.code == "audit_decide"
    assert not re.search("[A-Za-z]", Language("zh").say(finding.evidence))  # nothing stays English in Chinese
    assert not finding.leaves_out


@pytest.mark.parametrize(
    "values", [["Male", "Female"], ["Herr", "Frau"], ["男", "女"], ["Homme", "Femme"], ["Ledig", "Verheiratet"]]
)
def test_found_by_values_whatever_the_name(audited, values) -> None:
    (finding,), _ = protected(audited({"Feld3": values * (ROWS // 2)}, won=np.arange(ROWS) % 2))
    assert finding.evidence.code == "audit_protected_by_values"


@pytest.mark.parametrize("name", ["Lead Age", "Company age", "Age in Days", "Webpage", "Industry", "Language", "Stage"])
def test_what_is_not_protected(audited, name) -> None:
    assert protected(audited({name: ["Health", "Other"] * (ROWS // 2)}, won=np.arange(ROWS) % 2))[0] == []
