"""Values about people, told by what they look like."""

import pytest

from leadqual.vocabulary.personal import contact_value, personal_value, personal_values


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (["ana@example.com", "b@example.org"], "e-mail addresses"),
        (["Web", "Fair", "Ana <ana@example.com>", "Ads"], "e-mail addresses"),
        (["+49 170 1234567", "0201 55501-22"], "telephone numbers"),
        (["13812345678", "138 1234 5678"], "telephone numbers"),
        (["11010519491231002X", "440308199901010012"], "numbers that identify a person or an account"),
        (["123-45-6789", "987-65-4321"], "numbers that identify a person or an account"),
        (
            ["DE89 3704 0044 0532 0130 00", "FR76 3000 6000 0112 3456 7890 189"],
            "numbers that identify a person or an account",
        ),
        (["192.168.0.1", "10.0.0.7"], "network addresses"),
        (["12 Main Street", "Hauptstraße 7", "Calle Mayor 3"], "street addresses"),
        (["Ana Petrova", "Tom Hill", "Rui Costa"], "names of people"),
        (["Müller, Ana", "Hill, Tom", "Costa, Rui"], "names of people"),
        (["Müller", "García", "Smith"], "names of people"),
        (["Ana", "Björn", "Łukasz"], "names of people"),
        (["王伟", "李娜", "张强"], "names of people"),
        (["赵敏", "陈杰"], "names of people"),
        (["山田 太郎", "佐藤花子", "鈴木一郎"], "names of people"),
        (["김민수", "이영희", "박지훈"], "names of people"),
        (["王先生", "李女士", "张总"], "names of people"),
        (["Herr Maier", "Frau Schulz"], "names of people"),
        ([str(49_170_000_000 + number * 7_919) for number in range(100)], "telephone numbers or identifiers"),
    ],
)
def test_people(values: list[str], what: str) -> None:
    assert personal_values(values, leads=len(values)) == what


@pytest.mark.parametrize(
    "values",
    [
        ["Web", "Phone Inquiry", "Partner Referral", "Trade Show"],
        ["制造业", "金融", "零售", "医疗", "科技", "教育"],
        ["华东", "华南", "华北", "高意向"],
        ["Germany", "France", "Spain"],
        ["Austin", "Paris", "Berlin", "London"],
        ["01.02.2026", "25.03.2026", "2026-05-01"],
        ["展示会", "紹介", "セミナー"],
        ["April", "May", "June"],
        ["1,200", "12.000", "950"],
        [str(number * 1_000_000 * 350) for number in range(1, 60)],
        ["70214401", "70214405", "70214406"],
        [],
    ],
)
def test_no_people(values: list[str]) -> None:
    assert personal_values(values, leads=100) is None


def test_single_values() -> None:
    assert all(map(personal_value, ["a@b.example", "+49 170 1234567", "Ana Petrova", "王先生"]))
    assert not any(
        map(personal_value, ["Closed Won", "Lost - Price", "成交", "70214405", "Max Potential", "2026-05-01"])
    )
    assert not contact_value("Ana Petrova")
