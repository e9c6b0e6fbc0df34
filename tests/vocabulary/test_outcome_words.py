"""What the words of an outcome mean, in each language, and what negation and plans make of them."""

import pytest

from leadqual.vocabulary.outcome_words import LANGUAGES, meaning, plain_value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_listed_word_means_what_its_list_says(language: str) -> None:
    for state, words in LANGUAGES[language].items():
        assert {word: meaning(word) for word in words} == dict.fromkeys(words, state)


@pytest.mark.parametrize(
    ("won", "lost"),
    [
        ("Closed Won", "Closed Lost"),
        ("6. Closed Won (Sales)", "7. Closed Lost (Sales)"),
        ("closed-won", "CLOSED_LOST"),
        ("Closed - Converted", "Closed - Not Converted"),
        ("Gewonnen", "Verloren"),
        ("Gagné", "Perdu"),
        ("Fermée gagnée", "Fermée perdue"),
        ("Ganado", "Perdido"),
        ("Ganho", "Perdido"),
        ("Vinto", "Perso"),
        ("赢单", "输单"),
        ("成交", "未成交"),
        ("已签约", "无效"),
        ("3-成交", "4-战败"),
        ("受注", "失注"),
        ("수주", "실주"),
        ("Успешно", "Провал"),
        ("Won - Renewal", "Lost - Price"),
    ],
)
def test_won_and_lost(won: str, lost: str) -> None:
    assert (meaning(won), meaning(lost)) == ("won", "lost")


@pytest.mark.parametrize(
    "text",
    [
        *("未成交", "未赢单", "没有成交", "未签约", "不成功", "未受注", "未成約", "미수주", "成交失败"),
        *("nicht gewonnen", "non gagné", "n'est pas gagné", "pas gagné", "not won", "no ganado", "não ganho"),
        *("non vinto", "niet gewonnen", "Deal not won", "не успешно"),
    ],
)
def test_a_negated_win_is_a_loss(text: str) -> None:
    assert meaning(text) == "lost"


@pytest.mark.parametrize("text", ["not lost", "nicht verloren", "未流失", "未失败", "non perdu"])
def test_a_negated_loss_is_never_a_loss_nor_a_win(text: str) -> None:
    assert meaning(text) not in ("won", "lost")


@pytest.mark.parametrize(
    "text",
    [
        "noch nicht gewonnen",
        "to be won",
        "待签约",
        "尚未成交",
        "签约中",
        "即将成交",
        "受注見込み",
        "受注予定",
        "成交可能性高",
    ],
)
def test_what_is_only_planned_is_open(text: str) -> None:
    assert meaning(text) == "open"


@pytest.mark.parametrize("text", ["", "Level 3", "70214405", "won/lost", "Closed", "Lost customer", "金融", "Partner"])
def test_what_no_word_says(text: str) -> None:
    assert meaning(text) is None


def test_what_tools_add_is_taken_away() -> None:
    assert plain_value(" 02) Clôturée - Gagnée (Pipeline 2) ") == "cloturee gagnee"
    assert plain_value("ガ") == "ガ"
