"""``leadqual audit`` names what train would leave out, and ends with 1 where there is anything."""

import json


def test_a_declared_history_has_nothing_to_leave_out(company, shell) -> None:
    result = shell("audit", company / "leads.csv")
    assert result.exit_code == 0, result.stderr
    assert "Audited 13 fields of 900 leads" in result.stdout
    assert "train leaves out: nothing." in result.stdout
    assert "Cannot verify: no field holds dates" in " ".join(result.stdout.split())


def test_a_field_that_is_not_declared_later_is_found(company, shell) -> None:
    text = (company / "leads.toml").read_text("utf-8")
    assert text.count('known = "later"') == 1
    schema = shell.folder / "open.toml"
    schema.write_text(text.replace('known = "later"', 'known = "unknown"'), "utf-8")
    result = shell("audit", company / "leads.csv", "--schema", schema)
    assert result.exit_code == 1
    assert "LQ101" in result.stdout
    assert "train leaves out: Calls Logged." in result.stdout
    told = json.loads(shell("audit", company / "leads.csv", "--schema", schema, "--json").stdout)
    assert told["left_out"] == ["Calls Logged"]
    assert {finding["code"] for finding in told["findings"]} == {"LQ101", "LQ401"}


def test_wrong_input_is_one_sentence(company, shell) -> None:
    assert shell("audit", "-").exit_code == 2
    missing = shell("audit", "nowhere.csv", "--schema", company / "leads.toml")
    assert missing.exit_code == 1
    assert "Traceback" not in missing.output
    early = shell("audit", company / "leads.csv", "--as-of", "2020-01-01")
    assert early.exit_code == 1
    assert early.stderr.startswith("leadqual: ")
