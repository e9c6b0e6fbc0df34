"""Which encodings bytes look like."""

from leadqual.tables.encoding_letters import likely_encodings


def test_the_language_decides_between_latin_encodings() -> None:
    for words, encoding in (
        ("Bjørn Kjøper Århus", "cp1252"),
        ("Wrocław Łódź żółć", "cp1250"),
        ("Wrocław Łódź Śląsk", "iso8859_2"),
        ("İstanbul Çağrı Şirket kazanıldı Müşteri", "cp1254"),  # noqa: RUF001
    ):
        assert likely_encodings(words.encode(encoding))[0][0] == encoding


def test_a_letter_before_ascii_is_no_chinese_character() -> None:
    assert likely_encodings("Åke Källa Malmö".encode("cp1252"))[0][0] == "cp1252"


def test_scripts_are_told_apart_by_their_common_characters() -> None:
    for words, encoding in (
        ("赢单 输单 展会", "gb18030"),
        ("성공 실패 추천 전시회", "cp949"),
        ("受注 ウェブ", "cp932"),
    ):
        assert likely_encodings(words.encode(encoding))[0][0] == encoding


def test_scores_fall() -> None:
    scores = [score for _, score in likely_encodings("Größe".encode("cp1252"))]
    assert scores == sorted(scores, reverse=True)


def test_the_sign_of_a_number_is_no_letter_of_central_europe() -> None:
    for text in ("N.º de prospecto;Nº de empleados;Fecha de creación", "Nº;España"):
        assert likely_encodings(text.encode("cp1252"))[0][0] == "cp1252"
    assert likely_encodings("Iaşi;Bucureşti;ştiinţă".encode("cp1250"))[0][0] == "cp1250"
