import base64
import hashlib
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from leadqual.errors import ProposalError
from leadqual.measures import PRICED_MEASURES
from leadqual.reports.language import LANGUAGES
from leadqual.reports.priced_label import priced_label
from leadqual.review import page_data, review_page
from leadqual.review.page import page_words


def test_every_language_has_every_word_and_none_too_many():
    words = {language: page_words(language) for language in LANGUAGES}
    assert list(words["en"]) == list(words["zh"])
    for key, text in words["en"].items():
        assert text.strip()
        assert words["zh"][key].strip()
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", words["zh"][key]))
    foreign = [key for key, text in words["zh"].items() if not re.search(r"[\u4e00-\u9fff]", text)]
    assert foreign == []


def test_every_word_is_used_and_every_used_word_is_there():
    from importlib.resources import files

    here = files("leadqual.review")
    names = ("page.html.jinja", "page.js", "fields.js", "shared.js", "entrance.html.jinja")
    text = "".join(here.joinpath(name).read_text("utf-8") for name in names)
    keys = set(page_words("en"))
    used = set(re.findall(r'data-word="(\w+)"', text)) | set(re.findall(r'say\("(\w+)"', text))
    used |= set(re.findall(r"words\.(\w+)", text)) - {"en"}
    assert used <= keys
    made_up = (
        "wins_",
        "edit_direction_",
        "direction_",
        "limit_at_",
        "priced_by_",
        "severity_",
        "band_yes",
        "band_no",
    )
    computed = {key for key in keys if key.startswith(made_up)}
    columns = {
        "band",
        "points",
        "slide",
        "leads",
        "won",
        "blocks",
        "trend",
        "marketing",
        "sales",
        "viewer",
        "seller",
        "field",
        "than_average",
    }
    assert keys - used - computed - columns == set()


def test_the_page_runs_its_own_script_and_nothing_else(reviewed):
    html = reviewed.path.read_text("utf-8")
    script = re.search(r"<script>(.*?)</script>", html, re.S)[1]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in policy
    assert not re.search(r'(src|href)="', html)
    assert "http://" not in html
    assert "https://" not in html


def test_names_that_are_markup_are_only_text(reviewed):
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    data = page_data(replace(reviewed.bundle, name=hostile), replace(
        reviewed.held, bundle=replace(reviewed.bundle, name=hostile).digest), reviewed.weights)  # fmt: skip
    data["fields"][0]["bands"][0]["label"] = hostile
    html = review_page(data)
    assert hostile not in html
    assert html.count("<script") == 2
    embedded = re.search(r'id="data">(.*?)</script>', html, re.S)[1]
    assert json.loads(embedded)["fields"][0]["bands"][0]["label"] == hostile


def test_no_lead_can_be_made_out_of_the_page(reviewed):
    data = page_data(reviewed.bundle, reviewed.held, reviewed.weights)
    assert set(data["later"]) == {"leads", "codes", "won", "block"}
    assert set(data["earlier"]) == {"leads", "codes", "won", "weight"}
    text = json.dumps(data)
    for name in reviewed.held.later.columns:
        if reviewed.held.later[name].nunique() > 200 and name not in reviewed.bundle.points_table.names:
            assert not any(str(value) in text for value in reviewed.held.later[name].dropna().astype(str)[:50])


def test_measures_are_named_written_and_judged_as_the_registry_says(reviewed):
    from importlib.resources import files

    data = page_data(reviewed.bundle, reviewed.held, reviewed.weights)
    assert list(data["measures"]) == list(PRICED_MEASURES)
    for name, definition in PRICED_MEASURES.items():
        one = data["measures"][name]
        assert (one["better"], one["digits"]) == (definition.better, definition.digits)
        assert one["percentage"] == definition.form.endswith("%")
        assert one["label"] == {
            language: priced_label(name, reviewed.weights.wins_per, language) for language in LANGUAGES
        }
    # the script has no rule of its own for any of them
    script = files("leadqual.review").joinpath("page.js").read_text("utf-8")
    assert not [name for name in ("log_loss:", "predicted_over_actual", "precision_sql") if name in script]


def test_codes_come_back_as_they_were_packed(reviewed):
    data = page_data(reviewed.bundle, reviewed.held, reviewed.weights)
    for number, field in enumerate(reviewed.held.table.fields):
        packed = data["later"]["codes"][number]
        raw = np.frombuffer(base64.b64decode(packed["data"]), dtype=np.uint8)
        pairs = np.stack((raw & 15, raw >> 4), axis=1).ravel()[: len(reviewed.held.later)]
        code = pairs if packed["bits"] == 4 else raw
        worth = np.array([*(band.points for band in field.bands), field.average_points])
        alone = replace(reviewed.held.table, fields=(field,), base_points=0)
        from leadqual.scorecard import lead_points

        assert worth[code].tolist() == lead_points(alone, reviewed.held.later).tolist()


def test_forty_fields_and_ten_thousand_leads_fit_in_a_megabyte(large):
    page = review_page(page_data(large.bundle, large.held, large.weights))
    assert len(large.bundle.points_table.fields) == 40
    assert len(large.held.earlier) == len(large.held.later) == 10_000
    assert not np.all(large.held.weight == 1)
    assert len(page.encode()) < 1_000_000


def test_an_unknown_language_or_bundle_is_refused(reviewed):
    with pytest.raises(ProposalError, match="choose one of en, zh"):
        review_page({}, language="fr")
    with pytest.raises(ProposalError, match="another bundle"):
        page_data(replace(reviewed.bundle, base_rate=0.5), reviewed.held, reviewed.weights)
