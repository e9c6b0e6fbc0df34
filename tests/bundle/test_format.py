import json
import os
import pickle
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace

import joblib
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadqual.bundle import Band, Bundle, Grade, PointsTable, Provenance, ScoreScale, SignOff
from leadqual.bundle.format import FORMAT, digest, dumps, load, loads, save
from leadqual.bundle.layout import LINE_LENGTH
from leadqual.errors import BundleError


def edited(bundle, edit):
    """Return the file as text with its content edited: errors in content are told before a wrong checksum."""
    value = json.loads(dumps(bundle))
    edit(value)
    return json.dumps(value)


def put(path, new):
    """Return an edit that sets the entry at a path such as "policy.grades.0.name"."""

    def edit(value):
        *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        for step in steps:
            value = value[step]
        value[last] = new

    return edit


def drop(path):
    def edit(value):
        *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        for step in steps:
            value = value[step]
        del value[last]

    return edit


def refusal(text):
    """Return the message that refuses a text, having checked that it is one sentence that ends in a way out."""
    with pytest.raises(BundleError) as caught:
        loads(text, Bundle)
    message = str(caught.value)
    assert re.fullmatch(
        r"The bundle [^\n]*; (restore the file as it was saved, or train again|upgrade leadqual)\.", message
    )
    return message


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_round_trip_gives_the_same_bundle_and_the_same_text(strategies, data):
    bundle = data.draw(strategies.bundles())
    text = dumps(bundle)
    found = loads(text, Bundle)
    assert found == bundle
    assert dumps(found) == text
    assert found.digest == bundle.digest


def test_every_type_of_the_bundle_survives(bundle, tmp_path):
    path = bundle.save(tmp_path / "tiny.json")
    assert path == tmp_path / "tiny.json"
    assert Bundle.load(path) == Bundle.load(str(path)) == load(path, Bundle) == bundle
    pickled = pickle.loads(pickle.dumps(bundle))  # noqa: S301  # what was just pickled
    for copy in (pickled, joblib.load(joblib.dump(bundle, tmp_path / "b.joblib")[0])):
        assert copy == bundle
        assert hash(copy) == hash(bundle)


def test_same_bundle_same_bytes_in_another_process(bundle, tmp_path):
    path = bundle.save(tmp_path / "tiny.json")
    code = "import sys; from leadqual.bundle import Bundle; Bundle.load(sys.argv[1]).save(sys.argv[2])"
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code, path, tmp_path / "again.json"], check=True, env=environment)
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


def test_numbers_of_numpy_and_whole_floats_are_written_as_python_would(bundle):
    need = bundle.points_table.fields[0]
    bands = tuple(replace(band, points=np.int64(band.points), share=np.float32(0.5)) for band in need.bands)
    plain = tuple(replace(band, share=0.5) for band in need.bands)
    with_numpy = replace(bundle, points_table=PointsTable((replace(need, bands=bands),), np.int32(95)))
    without = replace(bundle, points_table=PointsTable((replace(need, bands=plain),), 95))
    assert dumps(with_numpy) == dumps(without)
    assert with_numpy.digest == without.digest
    hours = replace(bundle.policy, grades=(Grade("A", 1, 4), Grade("D", None, None)))
    assert loads(dumps(replace(bundle, policy=hours)), Bundle).policy.grades[0].follow_up_hours.hex() == (4.0).hex()


def test_text_reads_well(bundle):
    text = dumps(replace(bundle, name="Größe"))
    lines = text.splitlines()
    assert lines[1] == f'  "format": {FORMAT},'
    assert '  "name": "Größe",' in lines
    assert "      [99, 0.3, 0.2, 0.4]," in lines or '"entries": [[98, 0.2, 0.1, 0.3], [99, 0.3, 0.2, 0.4]' in text
    assert sum('"label"' in line for line in lines) == sum(len(field.bands) for field in bundle.points_table.fields)
    assert max(map(len, lines)) <= LINE_LENGTH
    assert text.endswith('"\n}\n')


def test_a_changed_point_is_one_changed_line_besides_digest_and_checksum(bundle):
    need, *rest = bundle.points_table.fields
    need = replace(need, bands=(replace(need.bands[0], points=31), *need.bands[1:]))
    other = replace(bundle, points_table=PointsTable((need, *rest), 95))
    before, after = dumps(bundle).splitlines(), dumps(other).splitlines()
    changed = [line.split(":")[0].strip() for line, new in zip(before, after, strict=True) if line != new]
    assert changed == ['{"label"', '"digest"', '"checksum"']


def test_long_lists_fill_lines(bundle):
    scale = ScoreScale(0, tuple(i // 3 for i in range(300)))
    lines = dumps(replace(bundle, scale=scale)).splitlines()
    filled = [line for line in lines if re.fullmatch(r" +\d+(, \d+)+,?", line)]
    assert 300 * 3 / LINE_LENGTH < len(filled) < 12
    assert max(map(len, lines)) <= LINE_LENGTH


def test_digest_is_of_what_was_agreed(bundle):
    same = [
        replace(bundle, name="other"),
        replace(bundle, id_field=None),
        replace(bundle, evidence=None),
        replace(bundle, sign_offs=(SignOff("Kim", "sales", "2026-05-01", bundle.digest),)),
        replace(bundle, provenance=replace(bundle.provenance, created_at="2026-05-01", command="x", seed=3)),
    ]
    different = [
        replace(bundle, window_days=60),
        replace(bundle, base_rate=0.3),
        replace(bundle, constraints=()),
        replace(bundle, points_table=replace(bundle.points_table, base_points=96)),
        replace(bundle, curve=replace(bundle.curve, probability=(0.2, 0.3, 0.41))),
        replace(bundle, scale=ScoreScale(90, (20, 50, 81))),
        replace(bundle, policy=replace(bundle.policy, mql_points=101)),
        replace(bundle, provenance=replace(bundle.provenance, schema_digest="t")),
    ]
    assert re.fullmatch("[0-9a-f]{64}", digest(bundle))
    assert {other.digest for other in same} == {bundle.digest}
    assert len({bundle.digest, *(other.digest for other in different)}) == 1 + len(different)


DAMAGE = {
    "missing key": (drop("curve"), "curve is missing"),
    "missing key inside": (drop("policy.grades.0.share"), "policy.grades[1].share is missing"),
    "unknown key": (put("extra", 1), 'it has the unknown key "extra"'),
    "unknown key inside": (put("scale.extra" + "x" * 50, 1), 'scale has the unknown key "extraxxx'),
    "no digest": (drop("digest"), "digest is missing"),
    "no checksum": (drop("checksum"), "checksum is missing"),
    "text for points": (put("points_table.base_points", "95"), "points_table.base_points is text, must be a whole"),
    "float for points": (put("points_table.base_points", 95.0), "is a decimal number, must be a whole number"),
    "true for points": (put("policy.mql_points", True), "policy.mql_points is true, must be a whole number"),
    "null for points": (put("policy.mql_points", None), "policy.mql_points is null, must be a whole number"),
    "list for points": (put("policy.mql_points", [1]), "policy.mql_points is a list of 1, must be a whole number"),
    "huge points": (put("policy.mql_points", 10**40), "policy.mql_points is out of range"),
    "many points": (put("policy.mql_points", 1_000_001), "policy.mql_points is out of range"),
    "text for a number": (put("base_rate", "0.3"), "base_rate is text, must be a number"),
    "false for a number": (put("base_rate", False), "base_rate is false, must be a number"),
    "huge number": (put("policy.capacity_per_week", 10**400), "policy.capacity_per_week is not finite"),
    "base rate 0": (put("base_rate", 0), "base_rate is 0, must be above 0 and below 1"),
    "base rate 1.5": (put("base_rate", 1.5), "base_rate is 1.5, must be above 0 and below 1"),
    "share below 0": (put("points_table.fields.0.bands.0.share", -0.1), "must be from 0 to 1"),
    "window of 0 days": (put("window_days", 0), "window_days is out of range"),
    "number for text": (put("name", 3), "name is a whole number, must be text"),
    "empty name": (put("name", ""), "name is empty"),
    "half a character": (put("name", "\ud800"), "name holds half a character"),
    "number for a flag": (put("points_table.fields.0.actionable", 1), "actionable is a whole number, must be true or"),
    "object for a list": (put("constraints", {}), "constraints is an object, must be a list"),
    "list for an object": (put("curve", []), "curve is a list of 0, must be an object"),
    "unknown kind": (put("points_table.fields.0.kind", "date"), 'must be "numeric" or "category" or "boolean"'),
    "unknown decimal mark": (put("points_table.fields.0.decimal", ";"), 'must be "." or ","'),
    "three ends": (put("points_table.fields.1.bands.0.interval", [1, 2, 3]), "is a list of 3, must be a list of 2"),
    "no curve": (put("curve.entries", []), "curve.entries is empty"),
    "short curve entry": (put("curve.entries.1", [99, 0.3]), "curve.entries[2] has the wrong length"),
    "curve out of step": (put("curve.entries.1.0", 100), "curve.entries[2] is out of step"),
    "falling curve": (put("curve.entries.1", [99, 0.15, 0.1, 0.3]), "curve.entries[2] has a lower probability"),
    "interval beside": (put("curve.entries.1.2", 0.35), "curve.entries[2] has its probability outside its interval"),
    "certain win": (put("curve.entries.2.1", 1), "must be above 0 and below 1"),
    "more wins than leads": (put("curve.wins", 901), "curve.wins is more than curve.leads"),
    "no scale": (put("scale.score", []), "scale.score is empty"),
    "falling scale": (put("scale.score.1", 10), "scale.score[2] has a lower score"),
    "score 101": (put("scale.score.2", 101), "scale.score[3] is out of range"),
    "no grades": (put("policy.grades", []), "policy.grades is empty"),
    "grades out of order": (put("policy.grades.1.minimum_points", 130), "policy.grades is out of order"),
    "same grade twice": (put("policy.grades.1.name", "A"), "policy.grades has the same name twice"),
    "no last grade": (put("policy.grades.2.minimum_points", 3), "policy.grades has minimum_points in the last grade"),
    "open grade first": (put("policy.grades.0.minimum_points", None), "has null minimum_points before the last grade"),
    "MQL above SQL": (put("policy.mql_points", 111), "policy.mql_points is above policy.sql_points"),
    "counts disagree": (put("provenance.won", 251), "provenance.mature is wrong"),
    "negative count": (put("provenance.open", -1), "provenance.open is out of range"),
    "more wins than tested": (put("evidence.wins", 301), "evidence.wins is more than evidence.tested_on"),
    "same measure twice": (put("evidence.performances.0.measures.1.name", "auc"), "has the same name twice"),
    "setting without value": (put("provenance.settings.0", ["c"]), "is a list of 1, must be a list of 2"),
    "same field twice": (put("points_table.fields.1.name", "Need"), "points_table.fields has the same name twice"),
    "field without bands": (put("points_table.fields.0.bands", []), "points_table.fields[1].bands is empty"),
    "same value twice": (put("points_table.fields.0.bands.1.values", ["Now"]), "has the same value twice"),
    "two missing bands": (put("points_table.fields.0.bands.0.missing", True), "several bands as missing"),
    "two other bands": (put("points_table.fields.0.bands.0.other", True), "several bands as other"),
    "value read as missing": (put("points_table.fields.0.bands.0.values", ["N/A"]), "values[1] is read as missing"),
    "value with space": (put("points_table.fields.0.bands.0.values", ["Now "]), "has space around it"),
    "boolean maybe": (put("points_table.fields.2.bands.0.values", ["maybe"]), 'must be "yes" or "no" there'),
    "interval of text": (put("points_table.fields.0.bands.0.interval", [1, 2]), "has an interval, must list values"),
    "range of text": (put("points_table.fields.0.seen", [1, 2]), "seen is given, must be null"),
    "band that takes nobody": (put("points_table.fields.0.bands.1.missing", False), "bands[2] takes no lead"),
    "number band that takes nobody": (put("points_table.fields.1.bands.2.interval", None), "bands[3] takes no lead"),
    "values of a number": (put("points_table.fields.1.bands.0.values", ["1"]), "must be an interval in a numeric"),
    "other of a number": (put("points_table.fields.1.bands.0.other", True), "must be an interval in a numeric"),
    "gap": (put("points_table.fields.1.bands.1.interval", [4, 7]), "bands[2] leaves a gap or overlaps"),
    "overlap": (put("points_table.fields.1.bands.1.interval", [2, 7]), "bands[2] leaves a gap or overlaps"),
    "open in the middle": (put("points_table.fields.1.bands.0.interval", [None, None]), "bands[2] leaves a gap or"),
    "open twice": (put("points_table.fields.1.bands.1.interval", [None, 7]), "bands[2] leaves a gap or overlaps"),
    "closed below": (put("points_table.fields.1.bands.0.interval", [0, 3]), "bands[1] leaves a gap or overlaps"),
    "closed above": (put("points_table.fields.1.bands.2.interval", [7, 9]), "bands[3] leaves a gap above it"),
    "turned round": (put("points_table.fields.1.bands.1.interval", [3, 3]), "bands[2] ends before it starts"),
    "falling range": (put("points_table.fields.1.seen", [4, 3]), "seen falls"),
    "format of text": (put("format", "1"), "format must be a whole number"),
    "format true": (put("format", True), "format must be a whole number"),
    "format null": (put("format", None), "format is missing"),
    "newer": (put("format", FORMAT + 1), "saved by a newer leadqual"),
    "older": (put("format", 0), "has a format older than the first"),
    "forged digest": (put("digest", "0" * 64), "as its digest tells"),
    "edited points": (put("points_table.base_points", 96), "as its digest tells"),
    "edited name": (put("name", "other"), "as its checksum tells"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_refused_in_one_sentence(bundle, what):
    edit, message = DAMAGE[what]
    assert message in refusal(edited(bundle, edit))


def test_missing_band_before_an_interval_is_refused(bundle):
    def edit(value):
        bands = value["points_table"]["fields"][1]["bands"]
        bands.insert(1, bands[0] | {"interval": None, "missing": True})

    assert "bands[3] comes after the missing band" in refusal(edited(bundle, edit))


def test_number_field_without_interval_is_refused(bundle):
    def edit(value):
        bands = value["points_table"]["fields"][1]["bands"]
        bands[:] = [bands[0] | {"interval": None, "missing": True}]

    assert "fields[2] has no interval" in refusal(edited(bundle, edit))


def test_sign_off_of_other_content_is_refused(bundle):
    signed = replace(bundle, sign_offs=(SignOff("Kim", "sales", "2026-05-01", bundle.digest, "fine"),))
    assert loads(dumps(signed), Bundle).sign_offs == signed.sign_offs
    with pytest.raises(BundleError, match=r"sign_offs\[1\].digest is for other content"):
        dumps(replace(signed, window_days=30))
    assert "sign_offs[1].digest" in refusal(edited(signed, put("sign_offs.0.digest", "0" * 64)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        (" \n", "it is empty"),
        ("\ufeff{}", "byte order mark"),
        ("[]", "must be a JSON object"),
        ("{}", "format is missing"),
        ('{"format": 1, "format": 1}', "same key twice"),
        ('{"format": NaN}', "holds NaN, must hold finite numbers"),
        ('{"format": -Infinity}', "holds -Infinity"),
        ('{"format": 1,}', "is not JSON in line 1, column 14"),
        ("{'format': 1}", "is not JSON in line 1"),
        ('{"format": 1} 7', "is not JSON in line 1, column 15"),
        ("[" * 100_000, "nested too deep"),
        ('{"format": ' + "1" * 5_000 + "}", "a number far too long"),
    ],
)
def test_what_is_no_bundle_is_refused(text, message):
    assert message in refusal(text)


def test_numbers_too_large_for_a_float_are_refused(bundle):
    text = dumps(bundle).replace('"base_rate": 0.28', '"base_rate": 1e999')
    assert "base_rate is not finite" in refusal(text)


def test_every_truncation_is_refused(bundle):
    text = dumps(bundle)
    for end in range(0, len(text), 7):
        assert "breaks off" in refusal(text[:end]) or end == 0
    assert "checksum" in refusal(text[:-1])


def test_every_changed_character_is_refused(bundle):
    text = dumps(bundle)
    for place in range(0, len(text), 3):
        for new in ("", "7", " "):
            if text[place] != new:
                with pytest.raises(BundleError):
                    loads(text[:place] + new + text[place + 1 :], Bundle)


def test_windows_line_ends_are_taken(bundle):
    assert loads(dumps(bundle).replace("\n", "\r\n"), Bundle) == bundle


def test_refusals_name_the_file(bundle, tmp_path):
    path = tmp_path / "tiny.json"
    path.write_bytes(dumps(replace(bundle, name="Größe")).encode("latin-1"))
    with pytest.raises(BundleError, match=r"tiny\.json: The bundle is damaged: byte \d+ is not UTF-8; restore"):
        load(path, Bundle)
    path.write_text("{")
    with pytest.raises(BundleError, match=r"tiny\.json: The bundle is damaged: it breaks off"):
        load(path, Bundle)
    for wrong in (tmp_path, tmp_path / "none.json"):
        with pytest.raises(BundleError, match=r"cannot be read .*; give the path of a saved bundle"):
            load(wrong, Bundle)


def test_what_would_be_refused_is_never_written(bundle, tmp_path):
    path = bundle.save(tmp_path / "tiny.json")
    before = path.read_bytes()
    wrong = [
        replace(bundle, base_rate=float("nan")),
        replace(bundle, base_rate=float("inf")),
        replace(bundle, name=3),
        replace(bundle, scale=ScoreScale(0, (30, 20))),
        replace(bundle, curve=replace(bundle.curve, low=(0.1,))),
        replace(bundle, policy=replace(bundle.policy, mql_points="100")),
        replace(bundle, evidence=object()),
    ]
    for broken in wrong:
        with pytest.raises(
            BundleError, match=r"^The bundle contradicts itself: .*; correct that part before you save it\.$"
        ):
            save(broken, path)
    with pytest.raises(BundleError, match="contradicts itself"):
        wrong[0].digest  # noqa: B018
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(bundle, tmp_path, monkeypatch):
    path = bundle.save(tmp_path / "tiny.json")
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(BundleError, match=r"tiny.json cannot be written \(No space left on device\)"):
        replace(bundle, name="other").save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_saves_make_folders_and_follow_links_and_keep_the_usual_rights(bundle, tmp_path):
    path = bundle.save(tmp_path / "models" / "new" / "tiny.json")
    plain = tmp_path / "plain"
    plain.write_text("")
    assert path.stat().st_mode == plain.stat().st_mode
    link = tmp_path / "current.json"
    link.symlink_to(path)
    replace(bundle, name="other").save(link)
    assert link.is_symlink()
    assert Bundle.load(path).name == "other"
    with pytest.raises(BundleError, match="cannot be written"):
        bundle.save(plain / "tiny.json")


def test_readers_never_see_half_a_file(bundle, tmp_path):
    path = bundle.save(tmp_path / "tiny.json")
    versions = [replace(bundle, name=name * 40) for name in "ab"]

    def work(i):
        return load(path, Bundle) if i % 2 else versions[i % 4 // 2].save(path)

    with ThreadPoolExecutor(4) as pool:
        found = [result for i, result in enumerate(pool.map(work, range(40))) if i % 2]
    assert {one.name for one in found} <= {"tiny", "a" * 40, "b" * 40}
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_holds_the_fields_of_the_types_and_nothing_else(bundle):
    value = json.loads(dumps(bundle))
    assert list(value) == ["format", *(field.name for field in fields(Bundle)), "digest", "checksum"]
    assert list(value["provenance"]) == [field.name for field in fields(Provenance)]
    assert list(value["points_table"]["fields"][0]["bands"][0]) == [field.name for field in fields(Band)]
