"""How commands end that cannot go on: a sentence, an exit code that says whose fault it is, JSON where asked for."""

import errno
import io
import json
import sqlite3
import sys
import zipfile
from pathlib import Path

import pytest

from fercore import cli
from fercore.cli.errors import bear_any_output
from fercore.services.datasets import catalogue
from fercore.services.system import backup
from tests.conftest import fill


@pytest.fixture
def run(monkeypatch, capsys):
    """A command in this process: exit code, stdout, stderr."""

    def ran(*words):
        monkeypatch.setattr(sys, "argv", ["fercore", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, errors = capsys.readouterr()
        return stop.value.code, out, errors

    return ran


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        pytest.param("FERCORE_DATABASE_URL", "/tmp/x.db", "is not a URL", id="a path"),
        pytest.param("FERCORE_DATABASE_URL", "mysql://u:p@h/x", "names 'mysql', which is not supported", id="MySQL"),
        pytest.param("FERCORE_DATABASE_URL", "postgresql+psycopg://u:p@h:port/x", "cannot be read as a URL", id="port"),
        pytest.param("FERCORE_DATABASE_URL", '"sqlite:////tmp/q.db"', "begins with a quotation mark", id="quoted"),
        pytest.param("FERCORE_DATA_DIR", __file__, "cannot be made: File exists", id="a file as data folder"),
        pytest.param("FERCORE_MODELS_DIR", "/proc/x", "cannot be made: No such file", id="models below /proc"),
    ],
)
def test_a_setting_that_cannot_be_is_the_user_s_mistake(run, monkeypatch, setting, value, sentence):
    monkeypatch.setenv(setting, value)
    code, out, errors = run("datasets")
    assert (code, out, len(errors.splitlines())) == (2, "", 1)
    assert setting in errors and sentence in errors and "u:p@" not in errors


@pytest.mark.parametrize("form", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_name_of_postgresql_is_taken(run, monkeypatch, form):
    monkeypatch.setenv("FERCORE_DATABASE_URL", f"{form}://u:secret@127.0.0.1:1/x")
    code, _, errors = run("datasets")
    assert (
        code == 1 and "postgresql+psycopg://u:***@127.0.0.1:1/x cannot be opened" in errors and "secret" not in errors
    )


@pytest.mark.parametrize("name", ["what? data", "a%20b", "set1?x=1", "한국 #1 & é", "a;b"])
def test_the_database_lies_in_the_data_folder_whatever_that_is_called(run, monkeypatch, tmp_path, name):
    monkeypatch.setenv("FERCORE_DATA_DIR", str(tmp_path / name))
    assert run("datasets")[0] == 0
    assert (tmp_path / name / "fercore.db").is_file()
    assert [path.name for path in tmp_path.iterdir() if path.name != "models"] == [name]


@pytest.mark.parametrize("version", ["0099", "9999", "abcd1234"])
def test_a_newer_database_is_left_alone(run, lite, version):
    with sqlite3.connect(lite.settings.data_dir / "fercore.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.close()
    code, _, errors = run("datasets")
    assert code == 2 and "is of a newer fercore: update fercore first" in errors


def test_a_damaged_database_is_a_sentence_and_one_document(run, lite):
    fill(lite, "D", [3] * 200)
    lite.database.flush_log()
    lite.database.close()
    path = lite.settings.data_dir / "fercore.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: 16384 * 3] + b"\xa5" * (len(whole) - 16384 * 3))
    code, out, errors = run("datasets", "--json")
    assert code == 1 and "restore a backup" in errors and "Traceback" not in errors
    assert json.loads(out)["error"] in errors


def test_a_fault_of_its_own_names_its_log(run, monkeypatch, lite):
    def breaks(store):
        raise KeyError("secret \x1b[2J")

    monkeypatch.setattr(catalogue, "summaries", breaks)
    code, out, errors = run("datasets", "--json")
    assert code == 1 and "fault of fercore itself (KeyError)" in errors
    assert json.loads(out)["error"] in errors
    log = Path(errors.strip().rpartition(" ")[2])
    assert log.parent == lite.settings.data_dir / "logs" and "in breaks" in log.read_text()


def test_a_full_disk_is_told_and_what_was_there_stays(run, lite, tmp_path, monkeypatch):
    def full(self, *rest, **named):
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "d.csv").write_text("before")
    monkeypatch.setattr("csv.DictWriter.writeheader", full)
    code, _, errors = run("review", "export", tmp_path / "d.csv", "--replace")
    assert code == 1 and "No space left on device" in errors
    assert (tmp_path / "d.csv").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["d.csv"]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp949"])
def test_output_that_cannot_show_a_name_shows_its_number(monkeypatch, encoding):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    bear_any_output()
    print("한국 décran 😀")
    stream.flush()
    assert b"\\U0001f600" in stream.buffer.getvalue()


def test_json_is_ascii_and_names_come_back_from_it(run, lite):
    fill(lite, "한국 décran 😀", [3])
    _, out, _ = run("datasets", "--json")
    assert out.isascii() and json.loads(out)[0]["name"] == "한국 décran 😀"


def test_advice_names_an_option_that_is_there(run, lite, tmp_path):
    fill(lite, "D", [3])
    document = {
        "id": 1,
        "completed_by": 1,
        "created_at": "2026-03-01T09:30:00Z",
        "result": [{"value": {"choices": ["Sad"]}}],
    }
    tasks = [{"id": n, "data": {"face": f"train/{n}"}, "annotations": [{**document, "id": n}]} for n in (0, 7)]
    (tmp_path / "p.json").write_text(json.dumps(tasks))
    code, _, errors = run("review", "import", tmp_path / "p.json", "--dataset", "D")
    assert code == 2 and "--skip-bad" in errors
    code, out, _ = run("review", "import", tmp_path / "p.json", "--dataset", "D", "--skip-bad", "--json")
    assert (code, json.loads(out)["added"], len(json.loads(out)["skipped"])) == (0, 1, 1)


def damaged(path, manifest):
    whole = {}
    with zipfile.ZipFile(path) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {**whole, "manifest.json": manifest}.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    "manifest",
    [
        b"{",
        b"[]",
        b'"x"',
        b"{}",
        b'{"schema": 7, "rows": 1}',
        b'{"schema": "0001", "rows": 100000}',
        b"\xff",
        b"[" * 99999,
    ],
)
def test_a_backup_with_a_damaged_manifest_replaces_nothing(run, lite, tmp_path, manifest):
    fill(lite, "D", [3, 4])
    backup.backup(lite, tmp_path / "b.zip")
    damaged(tmp_path / "b.zip", manifest)
    code, _, errors = run("restore", tmp_path / "b.zip", "--replace")
    assert code == 2 and len(errors.splitlines()) == 1
    assert catalogue.summaries(lite)[0].faces == 2


def test_files_from_before_1980_are_backed_up(run, lite, tmp_path):
    import os

    old = lite.run_folder(1) / "notes.txt"
    old.write_text("x")
    os.utime(old, (0, 0))
    assert run("backup", tmp_path / "b.zip")[0] == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert "models/run-1/notes.txt" in archive.namelist()
