"""The command line as a whole: help, wrong usage, refusals, and what happens without its libraries."""

import io
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from leadqual.cli import main
from leadqual.cli.commands import NAMES

ROOT = Path(__file__).resolve().parents[2]


def python(code: str, *arguments: str, stdin: str = "", encoding: str = "utf-8") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", f"utf8={int(encoding == 'utf-8')}", "-c", textwrap.dedent(code), *arguments],
        capture_output=True,
        text=True,
        encoding=encoding,
        input=stdin,
        cwd=ROOT,
    )


RUN = "import sys; from leadqual.cli import main; main(sys.argv[1:])"


def test_help_names_every_command_and_the_exit_codes(shell) -> None:
    result = shell("--help")
    assert result.exit_code == 0
    for name in NAMES:
        assert f"\n  {name} " in result.stdout
    assert "0 done, 1 the data or the bundle is not good enough" in result.stdout


ASKING = [
    (name,)
    for name in NAMES
    if name not in ("agreement", "review", "feedback", "handoff", "meeting", "promote", "rollback")
]
ASKING += [("agreement", name) for name in ("status", "log", "diff", "price", "weights")]
ASKING += [("meeting", "weekly")]
ASKING += [("handoff", name) for name in ("check", "run", "queue")]
ASKING += [("feedback", name) for name in ("status", "import")]


@pytest.mark.parametrize("words", ASKING, ids=" ".join)
def test_each_command_that_tells_something_has_help_and_json(shell, words: tuple[str, ...]) -> None:
    result = shell(*words, "--help")
    assert result.exit_code == 0
    assert "--json" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("train",),
        ("train", "leads.csv", "--window", "soon"),
        ("train", "leads.csv", "--window", "0d"),
        ("train", "leads.csv", "--as-of", "yesterday"),
        ("train", "leads.csv", "--capacity", "lots"),
        ("train", "leads.csv", "--seed", "-1"),
        ("train", "-"),
        ("score", "models/a.json", "leads.csv"),
        ("score", "models/a.json", "leads.csv", "--out", "a.csv", "--rows", "0"),
        ("init", "leads.csv", "--role", "outcome"),
        ("init", "leads.csv", "--role", "=Status"),
        ("sample", "data", "--leads", "0"),
        ("show",),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_was_wrong(shell, arguments: tuple[str, ...]) -> None:
    result = shell(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr


def test_wrong_capacity_says_how_to_write_it(shell) -> None:
    assert "write it as 50/week, 200/month, 10/day or 20%" in " ".join(
        shell("train", "leads.csv", "--capacity", "lots").stderr.split()
    )


def test_a_refusal_is_one_line_on_standard_error_with_exit_code_1() -> None:
    run = python(RUN, "show", "no-such-bundle.json")
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr.startswith("leadqual: no-such-bundle.json cannot be read")
    assert run.stderr.count("\n") == 1


def test_a_folder_where_a_file_must_be_is_refused_without_traceback(shell) -> None:
    (shell.folder / "leads.csv").mkdir()
    result = shell("init", "leads.csv")
    assert result.exit_code == 1
    assert result.stderr.startswith("leadqual: ")
    assert result.stderr.count("\n") == 1


def test_a_failure_that_is_no_refusal_is_not_hidden(shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: str) -> None:
        raise OSError("the wire was cut")

    monkeypatch.setattr("leadqual.bundle.Bundle.load", fail)
    result = shell("show", "a.json")
    assert isinstance(result.exception, OSError)


@pytest.mark.parametrize("missing", ["click", "rich", "pandas"])
def test_without_its_libraries_it_says_in_one_sentence_how_to_get_them(missing: str) -> None:
    run = python(f"import sys; sys.modules[{missing!r}] = None\n{RUN}", "--help")
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr == (
        f"leadqual: the command line needs {missing}, which the base install leaves out; "
        'get it with: pip install "leadqual[train]"\n'
    )


def test_the_entry_point_ends_with_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--version"])
    assert done.value.code == 0
    assert capsys.readouterr().out.startswith("leadqual, version ")
    with pytest.raises(SystemExit) as refused:
        main(["show", "no-such-bundle.json"])
    assert refused.value.code == 1
    monkeypatch.setitem(sys.modules, "click", None)
    with pytest.raises(SystemExit) as without:
        main(["--version"])
    assert without.value.code == 1
    assert 'pip install "leadqual[train]"' in capsys.readouterr().err


def test_output_that_cannot_be_encoded_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    with pytest.raises(SystemExit):
        main(["--version"])
    sys.stdout.write("é")
    sys.stdout.flush()
    assert raw.getvalue().endswith(b"?")


def test_help_loads_nothing_heavy() -> None:
    run = python(
        "import sys; from leadqual.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n    print('loaded', *sorted({'pandas', 'numpy', 'sklearn', 'glum'} & set(sys.modules)))",
    )
    assert run.stdout.splitlines()[-1] == "loaded"


def test_a_terminal_that_cannot_show_a_character_does_not_end_the_program(company: Path) -> None:
    run = python(
        "import sys; sys.stdout.reconfigure(encoding='ascii', errors='strict')\n" + RUN,
        "show",
        str(company / "models" / "leads.json"),
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.isascii()
    assert "Points table" in run.stdout


def test_the_installed_entry_point_runs() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("leadqual"), "--version"], capture_output=True, text=True, check=True
    )
    assert run.stdout.startswith("leadqual, version ")
