"""``leadqual report`` writes a page, with or without the history."""

import json


def test_a_page_from_a_bundle_and_its_history(company, shell) -> None:
    model = company / "models" / "leads.json"
    arguments = ("--schema", company / "leads.toml", "--no-yardsticks", "--prior", company / "rules.toml")
    result = shell("report", model, company / "leads.csv", "--out", "deep/page.html", *arguments)
    if result.exit_code == 1:  # nine months of 900 leads hold no month with 30 wins before it
        assert "no period has 30 wins" in result.stderr
        assert not (shell.folder / "deep").exists()
    else:
        assert "The scorecard is" in result.stdout
        assert (shell.folder / "deep" / "page.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_page_from_a_bundle_alone(company, shell) -> None:
    result = shell("report", company / "models" / "leads.json", "--out", "page.html", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["report"] == "page.html"
    assert "prior rule" in (shell.folder / "page.html").read_text("utf-8")


def test_a_page_in_chinese(company, shell) -> None:
    result = shell("report", company / "models" / "leads.json", "--out", "page.html", "--language", "zh")
    assert result.exit_code == 0, result.stderr
    page = (shell.folder / "page.html").read_text("utf-8")
    assert '<html lang="zh">' in page
    assert "<th>现行规则</th>" in page
    assert shell("report", company / "models" / "leads.json", "--language", "fr").exit_code == 2


def test_what_is_not_a_bundle_is_refused(company, shell) -> None:
    result = shell("report", company / "leads.csv")
    assert result.exit_code == 1
    assert result.stderr.startswith("leadqual: ")


def test_a_missing_package_is_named_before_the_work(company, shell, monkeypatch) -> None:
    monkeypatch.setattr("leadqual.cli.options.find_spec", lambda name: None if name == "jinja2" else object())
    result = shell("report", company / "models" / "leads.json")
    assert result.exit_code == 1
    assert 'the report needs jinja2, which the train extra leaves out; get it with: pip install "leadqual[report]"' in (
        result.stderr
    )
