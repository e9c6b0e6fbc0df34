import pytest

from leadqual.bundle import Band, FieldPoints
from leadqual.bundle.labels import band_label
from leadqual.reports.band_name import band_name, band_names
from leadqual.reports.language import Language

CHINESE = Language("zh")


@pytest.mark.parametrize(
    ("arguments", "kind", "name"),
    [
        ({"interval": (None, 3.0)}, "numeric", "低于 3"),
        ({"interval": (3.0, 7.5)}, "numeric", "3 至 7.5 以下"),
        ({"interval": (7.5, None)}, "numeric", "7.5 及以上"),
        ({"interval": (None, None)}, "numeric", "任意数值"),
        ({"values": ("yes",)}, "boolean", "是"),
        ({"values": ("yes",)}, "category", "yes"),
        ({"values": ("a", "b", "c", "d", "e")}, "category", "a 或 b 或 c 或 另 2 项"),
        ({"values": ("a",), "other": True, "missing": True}, "category", "a 或 少见或新的值 或 缺失"),
        ({"missing": True}, "numeric", "缺失"),
    ],
)
def test_a_band_has_a_chinese_name_and_keeps_its_english_one(arguments, kind, name):
    marks = {mark: arguments.get(mark, False) for mark in ("missing", "other")}
    label = band_label(arguments.get("interval"), arguments.get("values", ()), **marks)
    band = Band(label, 3, **arguments)
    assert band_name(band, kind, CHINESE) == name
    assert band_name(band, kind, Language("en")) == label


def test_names_are_found_by_label():
    field = FieldPoints("Source", "category", (Band("Fair", 3, values=("Fair",)), Band("missing", 0, missing=True)))
    assert band_names(field, CHINESE) == {"Fair": "Fair", "missing": "缺失"}
