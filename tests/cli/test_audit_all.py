"""`fercore audit all`, `snapshot --without-leaks` and rules, as a shell sees them."""

import click
import pytest

from fercore.cli import cli
from fercore.errors import InputError, RuleError
from fercore.exports.documents import files
from fercore.jobs import queue
from fercore.services.audit import audit_request, dataset_audit, report, score_card
from tests.cli.test_names import answer, document
from tests.curation.duplicates.pictures import gray, pictures
from tests.services.audit.planted import put


@pytest.fixture
def audited(lite):
    """Sixteen training faces, and a test split with an equal and a brighter one of them."""
    faces = pictures(18)
    put(lite, "D", faces[:16], labels=[at % 7 for at in range(16)])
    put(lite, "D", [faces[0], gray(faces[1] + 15.0), faces[17]], "test", [0, 1, 2])
    return lite


def test_as_a_document(audited):
    printed = document("audit", "all", "D")
    checks = {check["check"]: check for check in printed["checks"]}
    assert list(checks) == ["duplicates", "leaks", "labels", "faces", "bias"] and printed["faces"] == 19
    assert (checks["leaks"]["count"], checks["leaks"]["share"]) == (2, 2 / 3)
    assert checks["leaks"]["right"] is None and printed["exceeded"] == []


def test_in_a_few_lines_with_a_trend(audited):
    dataset_audit.audit(audited, audit_request.request(["D"]))
    again = answer("audit", "all", "D").splitlines()
    assert again[0] == "Audit 2: 19 faces of D." and "+0" in again[2]


def test_reports(audited, tmp_path):
    file = tmp_path / "report.html"
    answer("audit", "all", "D", "--report", file, "--language", "ko")
    assert "D 감사" in file.read_text("utf-8") and "<script" not in file.read_text("utf-8")
    (summary,) = score_card.listed(audited)
    document = report.report(score_card.card(audited, summary.audit))
    for suffix in ("html", "md", "tex", "zip"):
        files.write(document, tmp_path / f"again.{suffix}")
        assert (tmp_path / f"again.{suffix}").stat().st_size > 500
    assert "Audit of D" in (tmp_path / "again.html").read_text("utf-8")


def rules(tmp_path, text):
    file = tmp_path / "rules.yaml"
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("command", "text", "code"),
    [
        (("all", "D"), "duplicates: {max_share: 0.5}\nleaks: {max_share: 0.5}", 3),
        (("leaks", "D"), "leaks: {max_share: 0.7}", 0),
        (("leaks", "D"), "leaks: {max_share: 0.6}", 3),
        (("duplicates", "D"), "duplicates: {max_count: 1}", 3),
        (("duplicates", "D"), "leaks: {max_count: 0}", 0),
        (("faces", "D"), "faces: {max_share: 1}", 0),
        (("bias", "D"), "bias: {max_count: 1000}", 0),
    ],
)
def test_rules(audited, tmp_path, command, text, code):
    words = ("audit", *command, "--rules", str(rules(tmp_path, text)))
    assert (cli.main(list(words), standalone_mode=False) or 0) == code


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("audit", "all", "D", "--language", "ko"), click.UsageError),
        (("audit", "all", "D", "--report", "x.pdf"), InputError),
        (("audit", "all", "D", "--rules", "none.yaml"), InputError),
        (("snapshot", "s", "--dataset", "D", "--tested-on", "D"), click.UsageError),
    ],
)
def test_refusals(audited, words, error):
    with pytest.raises(error):
        answer(*words)


def test_a_snapshot_without_leaks(audited):
    printed = document("snapshot", "s", "--dataset", "D", "--without-leaks")
    assert (printed["faces"], printed["record"]["dropped"]["splits"]) == (17, {"train": 2})
    assert printed["record"]["leaks"]["leaked"] == 0
    said = answer("snapshot", "t", "--dataset", "D", "--without-leaks", "--tested-on", "D")
    assert "Dropped, as held-out faces have copies or people of them: 2 train." in said


def test_a_snapshot_under_rules(audited, tmp_path, capsys):
    file = rules(tmp_path, "leaks: {max_count: 0}\nduplicates: {max_count: 5}")
    words = ["snapshot", "s", "--dataset", "D", "--rules", str(file)]
    with pytest.raises(RuleError, match=r"leaks: 2 found, 0 allowed\."):
        cli.main(words, standalone_mode=False)
    why = "fercore: no audit of these faces as they are now: auditing duplicates, leaks for the rules"
    assert capsys.readouterr().err.splitlines() == [why]
    cli.main([*words, "--exception", "A test."], standalone_mode=False)
    said = capsys.readouterr()
    assert "Exception: A test." in said.out and "Held-out faces that leak: 2 of 3." in said.out
    assert not said.err, "there is an audit by now"
    assert document("snapshot", "t", "--dataset", "D", "--rules", file, "--without-leaks")["faces"] == 17


def test_the_rules_of_the_settings_hold_for_snapshots(audited, tmp_path, monkeypatch):
    monkeypatch.setenv("FERCORE_RULES", str(rules(tmp_path, "leaks: {max_count: 0}")))
    with pytest.raises(RuleError):
        answer("snapshot", "s", "--dataset", "D")


def test_a_run_says_the_exception_that_it_was_started_with(audited, tmp_path, monkeypatch):
    monkeypatch.setattr(queue, "advance", lambda *_: None)
    file = rules(tmp_path, "leaks: {max_count: 0}")
    answer("snapshot", "s", "--dataset", "D", "--rules", file, "--exception", "A *test*.")
    answer("train", "--snapshot", "s", "--backbone", "VGG16", "--weights", "none", "--rules", file)
    assert answer("run", "1").splitlines()[1:3] == ["  Exception: A *test*.", "  leaks: 2 found, 0 allowed."]
    excepted = {"reason": "A *test*.", "exceeded": ["leaks: 2 found, 0 allowed."]}
    assert document("run", "1")["exception"] == excepted
    answer("train", "--snapshot", "s", "--backbone", "VGG16", "--weights", "none")
    assert document("run", "2")["exception"] is None and "Exception" not in answer("run", "2")
