"""The command line as a user meets it: exit codes, one clear line, one JSON document."""

import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from fercore.cli import main
from fercore.settings import ROOT
from tests.conftest import fill
from tests.services.datasets.test_imports import csv_file, row


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def fercore(*words):
    """A command in this process."""
    out, errors = StringIO(), StringIO()
    argv = patch.object(sys, "argv", ["fercore", *map(str, words)])
    with argv, redirect_stdout(out), redirect_stderr(errors), pytest.raises(SystemExit) as stop:
        main()
    return Answer(stop.value.code, out.getvalue(), errors.getvalue())


def document(*words):
    answer = fercore(*words, "--json")
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["import", "fer2013", "/nowhere.csv", "--dataset", "D"], "cannot be read", id="no file"),
        pytest.param(["import", "fer2013", ".", "--dataset", "a/b"], "cannot be a name", id="bad name"),
        pytest.param(["import", "what", ".", "--dataset", "D"], "is not one of", id="no such source"),
        pytest.param(["snapshot", "s", "--dataset", "nope"], "There is no dataset 'nope'", id="no dataset"),
        pytest.param(["train", "--snapshot", "s", "--backbone", "X"], "no snapshot 's'", id="no snapshot"),
        pytest.param(["run", "7"], "There is no run '7'", id="no run"),
        pytest.param(["evaluate", "7", "--dataset", "D", "--split", "test"], "There is no run", id="evaluate no run"),
        pytest.param(["predict", "/nowhere.jpg", "--run", "1"], "cannot be read", id="no photo"),
        pytest.param(["restore", "/nowhere.zip"], "cannot be read", id="no backup"),
        pytest.param(["review", "import", "/nowhere.csv"], "cannot be opened", id="no decisions"),
        pytest.param(["extract", "/nowhere", "--dataset", "D"], "does not exist", id="no photos"),
        pytest.param(["export", "snapshot", "s", "--format", "csv", "--to", "x"], "no snapshot 's'", id="no export"),
        pytest.param(["export", "dataset", "D", "--format", "xml", "--to", "x"], "is not one of", id="no format"),
        pytest.param(["sweep", "--paper", "--snapshots", "A"], "leave these out", id="the study's table of something"),
        pytest.param(["sweep", "--paper"], "under the names FER2013, CK+, KFE", id="the study's table of nothing"),
        pytest.param(["run", 2**80], "not in the range", id="a run beyond all numbers"),
        pytest.param(["nonsense"], "No such command", id="no such command"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(words, sentence):
    answer = fercore(*words)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert sentence in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "code", "out", "answers"),
    [
        pytest.param(["datasets", "--json"], 0, "[]\n", "", id="done"),
        pytest.param(["run", "7"], 2, "", "There is no run '7'.\n", id="a mistake"),
    ],
)
def test_a_process_ends_as_its_command_does(words, code, out, answers):
    answer = subprocess.run([sys.executable, "-m", "fercore", *words], cwd=ROOT, capture_output=True, text=True)
    assert (answer.returncode, answer.stdout) == (code, out) and answer.stderr.endswith(answers)


def test_the_setting_that_is_wrong_is_named(monkeypatch):
    monkeypatch.setenv("FERCORE_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    answer = fercore("datasets")
    assert answer.returncode == 1
    assert "FERCORE_DATABASE_URL" in answer.stderr and "Traceback" not in answer.stderr


def test_import_to_snapshot_diff(tmp_path):
    path = csv_file(tmp_path, [row(3, 0), row(4, 1), row(0, 2, "PublicTest")])
    report = document("import", "fer2013", path, "--dataset", "FER2013")
    assert (report["dataset"], report["added"], report["skipped"]) == ("FER2013", 3, [])
    [dataset] = document("datasets")
    assert (dataset["faces"], dataset["counts"]["validation"]["Angry"], dataset["reviewed"]) == (3, 1, 0)
    first, second = (document("snapshot", name, "--dataset", "FER2013") for name in ("a", "b"))
    assert first["hash"] == second["hash"] and first["faces"] == 3
    difference = document("snapshot-diff", "a", "b")
    assert (difference["added"], difference["removed"], difference["relabelled"]) == (0, 0, 0)
    assert document("runs") == [] and document("compare") == {"rows": []}


def test_bad_rows_are_listed_in_json_and_in_a_file(tmp_path):
    path = csv_file(tmp_path, [row(3, 0), "3,1 2 3,Training", row(9, 1)])
    answer = fercore("import", "fer2013", path, "--dataset", "D", "--json")
    assert answer.returncode == 2
    assert [fault["where"] for fault in json.loads(answer.stdout)["skipped"]] == ["line 3", "line 4"]
    listed = answer.stderr.strip().rpartition(" ")[2]
    assert Path(listed).read_text().count("line ") == 2
    assert document("datasets") == []
    report = document("import", "fer2013", path, "--dataset", "D", "--skip-bad")
    assert (report["added"], [fault["where"] for fault in report["skipped"]]) == (1, ["line 3", "line 4"])
    assert Path(report["problems"]).read_text("utf-8-sig").count("line ") == 2


def test_skipped_rows_are_listed_and_their_file_is_named(tmp_path):
    path = csv_file(tmp_path, [row(3, 0), *["3,1 2 3,Training"] * 1003])
    answer = fercore("import", "fer2013", path, "--dataset", "D", "--skip-bad")
    listed = answer.stdout.splitlines()
    assert "1,003 rows skipped" in listed[0] and sum("  line " in line for line in listed) == 999
    assert listed[-2] == "  … and 4 more."
    assert Path(listed[-1].removeprefix("All of them are in ")).read_text("utf-8-sig").count("line ") == 1003


def test_export_and_back(lite, tmp_path):
    fill(lite, "D", [3, 0, None])
    written = document("export", "dataset", "D", "--format", "parquet", "--to", tmp_path / "out")
    assert (written["format"], written["to"]) == ("parquet", str(tmp_path / "out"))
    assert (written["faces"], written["files"], written["unlabelled"]) == (3, 1, 1)
    assert written["counts"] == document("datasets")[0]["counts"]
    assert document("import", "parquet", tmp_path / "out", "--dataset", "E")["counts"] == written["counts"]
    again = fercore("export", "dataset", "D", "--format", "parquet", "--to", tmp_path / "out")
    assert again.returncode == 2 and "exists already" in again.stderr
    document("snapshot", "s", "--dataset", "D")
    assert document("export", "snapshot", "s", "--format", "csv", "--to", tmp_path / "s.csv")["faces"] == 2


def test_backup_and_restore(lite, tmp_path, monkeypatch):
    fill(lite, "D", [3, 0])
    document("backup", tmp_path / "b.zip")
    monkeypatch.setenv("FERCORE_DATA_DIR", str(tmp_path / "other"))
    assert document("restore", tmp_path / "b.zip")["rows"] > 0
    assert document("datasets")[0]["faces"] == 2


def test_help_names_every_command_and_loads_no_tensorflow():
    code = (
        "import sys; sys.argv = ['fercore', '--help']\n"
        "from fercore.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'tensorflow', 'keras', 'streamlit', 'cv2', 'sklearn', 'pyarrow'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env=os.environ)
    assert answer.returncode == 0, answer.stderr
    for command in (
        "demo",
        "import",
        "extract",
        "review",
        "snapshot",
        "train",
        "evaluate",
        "compare",
        "predict",
        "doctor",
    ):
        assert f"\n  {command} " in answer.stdout


def test_a_task_is_made_and_listed(lite):
    fill(lite, "D", [3] * 20)
    people = ["--person", "Kim", "--person", "Lee"]
    assert document("review", "rule", "majority", "--dataset", "D")["disputed"] == 0
    goal = ["--quota", "5", "--deadline", "2031-05-05", "--source", "hidden"]
    made = document("task", "Clean it", "--dataset", "D", *people, "--twice", "0.5", *goal)
    assert (made["quota"], made["deadline"], made["source"]) == (5, "2031-05-05", "hidden")
    assert (made["name"], made["wanted"], made["done"], made["people"]) == ("Clean it", 30, 0, {})
    assert document("tasks") == [made]
    answer = fercore("task", "x", "--dataset", "D", "--person", "Kim", "--twice", "0.5")
    assert answer.returncode == 2 and "2 people are needed" in answer.stderr


@pytest.mark.parametrize(("days", "passed"), [(-400, True), (-1, True), (0, False), (1, False)])
def test_a_deadline_that_has_passed_is_taken_with_a_warning(lite, days, passed):
    fill(lite, "D", [3])
    last = datetime.now().astimezone().date() + timedelta(days=days)
    answer = fercore("task", "x", "--dataset", "D", "--person", "Kim", "--deadline", last, "--json")
    assert answer.returncode == 0 and json.loads(answer.stdout)["deadline"] == str(last)
    assert answer.stderr == (f"fercore: warning: The deadline {last} has passed.\n" if passed else "")


def test_decisions_come_from_label_studio_and_are_taken_back(lite, tmp_path):
    fill(lite, "D", [3])
    values = {"id": 1, "completed_by": {"email": "kim@lab.kr"}, "created_at": "2026-03-01T09:30:00Z"}
    values["result"] = [{"value": {"choices": ["Sad"]}}]
    file = tmp_path / "project.json"
    file.write_text(json.dumps([{"id": 1, "data": {"face": "train/0"}, "annotations": [values]}]))
    assert fercore("review", "import", file).returncode == 2
    assert document("review", "import", file, "--dataset", "D") == {"added": 1, "known": 0, "empty": 0, "skipped": []}
    revert = ["review", "revert", "--reviewer", "kim@lab.kr"]
    assert document(*revert, "--since", "2026-03-02")["taken_back"] == 0
    assert document(*revert, "--since", "2026-02-28")["taken_back"] == 1
