"""The encoding of a text file: found by its letters, said where it is not sure, refused by line where it is wrong."""

import io

import pytest

from leadqual.errors import LeadError
from leadqual.tables import text_encoding
from leadqual.tables.sources import read_source, read_source_chunks
from leadqual.tables.text_encoding import find_encoding

WORDS = {
    "cp1251": ["Источник", "Отрасль", "Сайт", "Выставка", "Рекомендация", "Успешно"],
    "koi8_r": ["Источник", "Отрасль", "Сайт", "Выставка", "Рекомендация", "Успешно"],
    "gb18030": ["线索编号", "来源", "行业", "网站", "展会", "转介绍", "赢单"],
    "big5": ["線索編號", "來源", "行業", "網站", "展會", "轉介紹"],
    "cp932": ["リード番号", "ソース", "業種", "ウェブ", "展示会", "受注"],
    "cp949": ["리드번호", "출처", "산업", "웹사이트", "전시회", "추천"],
    "cp1252": ["Müller", "Straße", "Österreich", "bestätigt für", "Größe"],
    "iso8859_1": ["Société", "Gagné", "Matière", "Créé", "français", "coût"],
    "iso8859_2": ["Źródło", "Branża", "Łódź", "Śląsk", "żółć", "Wrocław"],
    "cp1250": ["Příjmení", "Město", "Průmysl", "Plzeň", "Škoda", "Žďár", "řešení"],
    "cp1253": ["Κωδικός", "Πηγή", "Κλάδος", "Κατάσταση", "Ιστοσελίδα"],
}


def export(words: list[str], rows: int) -> str:
    head = f"Id;Created;{words[0]};{words[1]}\n"
    return head + "".join(
        f"L{row:05d};2025-03-11 10:00;{words[row % len(words)]} ACME;{words[(row + 2) % len(words)]}\n"
        for row in range(rows)
    )


@pytest.mark.parametrize("rows", [5, 400])
@pytest.mark.parametrize("encoding", WORDS)
def test_a_text_is_read_as_it_was_written(encoding: str, rows: int) -> None:
    text = export(WORDS[encoding], rows)
    found = find_encoding(text.encode(encoding))
    assert text.encode(encoding).decode(found.name) == text
    assert found.found is not None
    assert text.encode(encoding).decode(found.found) == text
    assert "not UTF-8" in found.notes[0]


def test_letters_far_into_a_large_file_are_found() -> None:
    text = (
        export(["Id", "Source"], 40_000) + "L99999;2025-03-11;Источник;Рекомендация\nL99998;2025-03-11;Сайт;Выставка\n"
    )
    content = text.encode("cp1251")
    assert len(content) > 1 << 20
    assert find_encoding(content[: 1 << 20], io.BytesIO(content)).name == "cp1251"


def test_letters_are_sought_in_distinct_cells_beyond_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bytes] = []

    def one(cells: bytes) -> list[tuple[str, float]]:
        seen.append(cells)
        return [("cp1252", 1.0)]

    monkeypatch.setattr(text_encoding, "likely_encodings", one)
    plain = "a" * 5_000  # long text in ASCII is no cell to look at, whatever stands around it
    text = f'Größe;{plain}\tMüller,"Köln"\rGröße\r\n{plain}\nä {plain};Größe\n'
    find_encoding(text.encode("cp1252"))
    assert seen[0].decode("cp1252").split("\n") == ["Größe", "Müller", "Köln", f"ä {plain}"]


def test_the_file_is_read_to_its_end_only_in_encodings_that_may_count(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    fault = text_encoding._fault

    def noted(sample: bytes, encoding: str, whole: object) -> int | None:
        tried.append(encoding)
        return fault(sample, encoding, whole)

    ranked = [("big5", 0.99), ("cp1252", 0.9), ("cp1254", 0.85), ("cp850", 0.5), ("iso8859_2", 0.4)]
    monkeypatch.setattr(text_encoding, "_fault", noted)
    monkeypatch.setattr(text_encoding, "likely_encodings", lambda _: ranked)
    found = find_encoding("Größe;München\n".encode("cp1252"))
    assert found.name == "cp1252"
    # the first is not free of faults, cp1254 and iso8859_2 give the same text, and cp850 is far behind with another
    assert tried == ["utf-8", "big5", "cp1252", "cp1254", "iso8859_2"]


def test_what_is_not_sure_is_said_with_the_way_out() -> None:
    found = find_encoding("Id;Name\n1;Škoda\n".encode("cp1254"))  # the same letter in Windows-1250 and -1252
    assert found.name == "cp1252"
    doubtful = find_encoding("Id;Name\n1;čokoláda\n".encode("cp1250"))
    assert "not sure" in doubtful.notes[0]
    assert "--encoding" in doubtful.notes[0]


def test_utf8_needs_no_word_about_it() -> None:
    found = find_encoding("Источник".encode())
    assert (found.name, found.found, found.notes) == ("utf-8", None, ())


def test_utf8_with_a_broken_byte_is_refused_by_its_line() -> None:
    content = "Quelle\nMüller\nStraße\nGröße\nÖl\n".encode() + b"M\xfcller\n"
    with pytest.raises(LeadError, match=r"not utf-8 throughout, line 6 .*--encoding"):
        find_encoding(content)


def test_a_stated_encoding_is_checked_and_refused_by_line() -> None:
    content = b"Source\nWeb\n" + b"Caf\xe9\n"
    assert find_encoding(content, stated="Latin-1").name == "iso8859-1"
    with pytest.raises(LeadError, match=r"not utf-8 throughout, line 3 "):
        find_encoding(content, stated="utf-8")
    with pytest.raises(LeadError, match=r"'klingon' is no encoding"):
        find_encoding(content, stated="klingon")
    with pytest.raises(LeadError, match=r"'base64' is no encoding"):
        find_encoding(content, stated="base64")


def test_a_stream_that_turns_out_otherwise_is_refused_by_line() -> None:
    content = b"id,source\n" + b"1,Web\n" * 250_000 + b"2,Caf\xe9\n"

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.left = io.BytesIO(content)

        def readable(self) -> bool:
            return True

        def seekable(self) -> bool:
            return False

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            return self.left.readinto(buffer)

    with pytest.raises(LeadError, match=r"line 250002 .*--encoding"):
        list(read_source_chunks(Pipe(), 50_000))


def test_the_finding_is_kept_for_the_schema() -> None:
    found = read_source(io.BytesIO(export(WORDS["cp932"], 20).encode("cp932")))
    assert found.encoding == "cp932"
    assert found.table.iloc[0, 2] == "リード番号 ACME"
    stated = read_source(io.BytesIO(export(WORDS["cp932"], 20).encode("cp932")), encoding="shift_jis")
    assert stated.encoding == "shift_jis"
    assert stated.notes == ()
