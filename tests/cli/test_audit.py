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


def test_a_history_with_hardly_a_win_does_not_pass(shell) -> None:
    rows = "".join(f"{i},{'won' if i % 8 == 0 else 'lost'},{'ab'[i % 2]}\n" for i in range(160))
    (shell.folder / "few.csv").write_text("number,stage,source\n" + rows, "utf-8")
    lead, outcome = '[lead]\norder = "number"\n', '[outcome]\ncolumn = "stage"\nwon = ["won"]\nlost = ["lost"]\n'
    (shell.folder / "few.toml").write_text(f'{lead}{outcome}[[feature]]\nname = "source"\nkind = "category"\n', "utf-8")
    result = shell("audit", "few.csv", "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["passed"], told["left_out"]) == (False, [])
    assert told["findings"][0]["code"] == "LQ401"


def test_wrong_input_is_one_sentence(company, shell) -> None:
    assert shell("audit", "-").exit_code == 2
    missing = shell("audit", "nowhere.csv", "--schema", company / "leads.toml")
    assert missing.exit_code == 1
    assert "Traceback" not in missing.output
    early = shell("audit", company / "leads.csv", "--as-of", "2020-01-01")
    assert early.exit_code == 1
    assert early.stderr.startswith("leadqual: ")
