"""The report as the command line writes it."""

import json
import sys

import pytest

from fercore.cli import cli, main
from tests.services.comparison.test_pair import prepared


@pytest.fixture
def lite_measured(lite):
    return prepared(lite)


def test_the_command_writes_what_it_says(lite_measured, capsys, tmp_path):
    _, (a, b, _), _ = lite_measured
    file = tmp_path / "보고서.html"
    cli.main(
        ["compare", str(a), str(b), "--report", str(file), "--question", "Why?", "--language", "ko", "--json"],
        standalone_mode=False,
    )
    answer = json.loads(capsys.readouterr().out)
    assert answer["report"] == str(file) and len(answer["may_be_concluded"]) == 1
    page = file.read_text("utf-8")
    assert '<html lang="ko">' in page and "내릴 수 있는 결론" in page and "Why?" in page


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        pytest.param(("--question", "Why?"), "--report FILE", id="a question without a report"),
        pytest.param(("--report", "x.html", "--dataset", "D"), "go with runs and --replace only", id="a place"),
        pytest.param(("--report", "x.pdf"), "must end in .html, .md, .tex or .zip", id="another kind of file"),
        pytest.param(("99", "--report", "x.html"), "There is no run '99'", id="a run that is none"),
        pytest.param(("--report", "/proc/none/x.html"), "cannot be written", id="a place that cannot be"),
    ],
)
def test_a_report_that_cannot_be_is_refused_in_a_sentence(lite_measured, monkeypatch, capsys, tmp_path, words, refusal):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["fercore", "compare", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2 and refusal in capsys.readouterr().err
    assert not list(tmp_path.glob("x.*"))
