"""A backup that cannot be used changes nothing; one that can takes the place of all that was there."""

import hashlib
import json
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest

from fercore.errors import FercoreError, InputError, UnreadableSourceError
from fercore.services.system import backup as backup_service
from fercore.services.system import restore
from fercore.services.training import recipes, snapshots
from fercore.settings import Settings
from fercore.store import open_store
from fercore.store.system import file_swap
from fercore.store.tables import Base, Job, Run
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.services.system.test_backup import everything
from tests.store.review.test_decisions import decide


def files_of(store):
    """Every file of an installation but its database, by the hash of its content."""
    roots = (store.settings.data_dir, store.settings.models_dir)
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.startswith("fercore.db")
    }


@pytest.fixture
def here(store):
    """An installation with something in every place."""
    first, *_ = fill(store, "here", [3, 0, None])
    decide(store, "a", first, emotion=5)
    snapshots.freeze(store, "s", ["here"])
    (store.photos / "ab").mkdir()
    (store.photos / "ab" / "abcd").write_bytes(b"an old photo")
    (store.run_folder(1) / "model.keras").write_bytes(b"an old model")
    (store.settings.models_dir / "README.md").write_text("stays")
    recipes.save(store, MODERN.model_copy(update={"name": "mine"}))
    return store


@pytest.fixture
def lite(tmp_path):
    """Another installation, beside the one that is restored into."""
    folder = tmp_path / "there"
    opened = open_store(Settings(data_dir=folder / "data", models_dir=folder / "models", user="b"))
    yield opened
    opened.database.close()


@pytest.fixture
def backup(lite, tmp_path):
    """A backup of another installation."""
    fill(lite, "there", [1, 2, 3, 4])
    (lite.photos / "cd").mkdir()
    (lite.photos / "cd" / "cdef").write_bytes(b"a photo " * 500)
    (lite.run_folder(7) / "model.keras").write_bytes(b"a model")
    file = tmp_path / "b.zip"
    backup_service.backup(lite, file)
    return file


@pytest.fixture
def elsewhere(here, backup, tmp_path):
    return here, backup, tmp_path / "bad.zip"


def rewritten(source, target, change):
    """A backup with other members: `change` gets all of them by name, in order."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members = change(members) or members
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, content)


def manifest(**values):
    def change(members):
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | values).encode()

    return change


def text_manifest(content):
    return lambda members: members | {"manifest.json": content}


def database(statement):
    def change(members):
        file = Path("changed.db")
        file.write_bytes(members["fercore.db"])
        with sqlite3.connect(file) as connection:
            connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute(statement)
        connection.close()
        members["fercore.db"] = file.read_bytes()
        file.unlink()

    return change


def damaged_page(members):
    """The first page of a table that has rows; a page that nothing uses would be none that anybody misses."""
    file = Path("looked-at.db")
    file.write_bytes(members["fercore.db"])
    connection = sqlite3.connect(file)
    (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'faces'").fetchone()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    file.unlink()
    content = bytearray(members["fercore.db"])
    content[(page - 1) * size : page * size] = os.urandom(size)
    members["fercore.db"] = bytes(content)


BAD = {
    "database is empty": lambda members: members | {"fercore.db": b""},
    "database is text": lambda members: members | {"fercore.db": b"nothing"},
    "database of another program": lambda members: members | {"fercore.db": other_program()},
    "database lacks its end": lambda members: members | {"fercore.db": members["fercore.db"][:20_000]},
    "database is damaged": damaged_page,
    "rows are missing": database("DELETE FROM pixels WHERE face_id = 1"),
    "rows refer to nothing": database("UPDATE faces SET dataset_id = 99 WHERE id = 1"),
    "another schema inside": database("UPDATE alembic_version SET version_num = '0003'"),
    "no manifest": lambda members: {name: data for name, data in members.items() if name != "manifest.json"},
    "no database": lambda members: {name: data for name, data in members.items() if name != "fercore.db"},
    "manifest is no JSON": text_manifest(b"{"),
    "manifest is a list": text_manifest(b"[]"),
    "manifest is a number": text_manifest(b"7"),
    "manifest lacks rows": text_manifest(b'{"format": 1, "schema": "0012"}'),
    "manifest of bytes": text_manifest(b"\xff\xfe\x00"),
    "rows are text": manifest(rows="12"),
    "rows are true": manifest(rows=True),
    "schema is a number": manifest(schema=12),
    "schema is unknown": manifest(schema="abc"),
    "schema of the future": manifest(schema="9999"),
    "another format": manifest(format=2),
    "unpacks to far more than it says": manifest(bytes=1000),
    "a name too long": lambda members: members | {f"photos/{'x' * 300}": b"x"},
    "a name too long in bytes": lambda members: members | {f"photos/{'한' * 100}": b"x"},
    "a name that climbs": lambda members: members | {"photos/../../escape": b"x"},
    "an absolute name": lambda members: members | {"/etc/escape": b"x"},
    "a name of Windows": lambda members: members | {"photos\\..\\escape": b"x"},
    "a name of no place": lambda members: members | {"other/escape": b"x"},
    "a file where a folder is": lambda members: members | {"photos": b"x"},
    "another database": lambda members: members | {"words/fercore.db": b"x"},
    "a file below a file": lambda members: members | {"photos/x": b"x", "photos/x/y": b"y"},
    "a control character": lambda members: members | {"photos/\x1b[2J": b"x"},
    "a name that comes twice": lambda members: [*members.items(), ("photos/a", b"1"), ("photos/a", b"2")],
}


def other_program():
    file = Path("other.db")
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE x (y INTEGER)")
    connection.close()
    content = file.read_bytes()
    file.unlink()
    return content


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("case", BAD)
def test_a_bad_backup_changes_nothing(elsewhere, case, tmp_path, monkeypatch):
    store, good, bad = elsewhere
    monkeypatch.chdir(tmp_path)
    rewritten(good, bad, BAD[case])
    before = everything(store), files_of(store)
    with pytest.raises(UnreadableSourceError):
        restore.restore(store, bad, replace=True)
    assert (everything(store), files_of(store)) == before
    assert not list(tmp_path.rglob("escape")) and not list(tmp_path.rglob(".restore-*"))


@pytest.mark.parametrize("where", [0.02, 0.3, 0.6, 0.9, 0.97])
@pytest.mark.parametrize("kind", ["flipped", "cut"])
def test_a_damaged_file_changes_nothing(elsewhere, where, kind, tmp_path):
    store, good, bad = elsewhere
    content = bytearray(good.read_bytes())
    place = int(len(content) * where)
    if kind == "flipped":
        content[place : place + 8] = bytes(byte ^ 0xFF for byte in content[place : place + 8])
    bad.write_bytes(content[:place] if kind == "cut" else content)
    before = everything(store), files_of(store)
    with pytest.raises(UnreadableSourceError):
        restore.restore(store, bad, replace=True)
    assert (everything(store), files_of(store)) == before


def test_one_flipped_byte_in_a_photo_changes_nothing(elsewhere):
    store, good, bad = elsewhere
    content = bytearray(good.read_bytes())
    content[content.index(b"a photo a photo") + 100] ^= 1
    bad.write_bytes(content)
    before = everything(store), files_of(store)
    with pytest.raises(UnreadableSourceError, match="damaged"):
        restore.restore(store, bad, replace=True)
    assert (everything(store), files_of(store)) == before


@pytest.mark.parametrize("content", [b"", b"PK\3\4 broken", b"%PDF-1.4"])
def test_no_backup_at_all(lite, tmp_path, content):
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    with pytest.raises(UnreadableSourceError, match="no backup"):
        restore.restore(lite, path)
    with pytest.raises(UnreadableSourceError, match="cannot be read"):
        restore.restore(lite, tmp_path)


def test_a_good_backup_takes_the_place_of_everything(here, backup, lite):
    expected = everything(lite)
    restore.restore(here, backup, replace=True)
    assert everything(here) == expected
    assert (here.photos / "cd" / "cdef").read_bytes() == b"a photo " * 500
    assert not (here.photos / "ab").exists() and not list(here.recipes.iterdir())
    assert (here.settings.models_dir / "README.md").read_text() == "stays"
    assert not (here.settings.models_dir / "run-1").exists()
    assert fill(here, "E", [3])[0] > 4, "new faces get new numbers"


@pytest.mark.parametrize("at", ["rows", "files"])
def test_a_fault_in_the_middle_puts_everything_back(here, backup, monkeypatch, at):
    before = everything(here), files_of(here)

    def fail(*_):
        raise OSError(28, "No space left on device")

    if at == "rows":
        monkeypatch.setattr(restore, "_cancel_jobs", fail)
    else:
        move, calls = file_swap._move, []

        def third_fails(source, target):
            calls.append(source)
            if len(calls) == 3:
                fail()
            move(source, target)

        monkeypatch.setattr(file_swap, "_move", third_fails)
    with pytest.raises((OSError, FercoreError)):
        restore.restore(here, backup, replace=True)
    assert (everything(here), files_of(here)) == before


def test_no_room_is_said_before_anything_is_written(here, backup, monkeypatch):
    monkeypatch.setattr(restore.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10 << 20})())
    before = files_of(here)
    with pytest.raises(UnreadableSourceError, match="free space"):
        restore.restore(here, backup, replace=True)
    assert files_of(here) == before


def job(session, status, **more):
    from fercore.clock import now

    values = {"kind": "export", "title": "t", "lane": "disk", "arguments": {"to": "/anywhere"}, "submitted_by": "x"}
    one = Job(status=status, created_at=now(), **values, **more)
    session.add(one)
    session.flush()
    return one


def test_jobs_of_a_backup_never_start_by_themselves(here, lite, tmp_path):
    from fercore.services.training import runs as run_service
    from fercore.services.training.runs import TrainRequest

    fill(lite, "there", [1, 2, 3])
    snapshots.freeze(lite, "t", ["there"])
    run = run_service.create(lite, TrainRequest("t", "VGG16", MODERN, "none"))
    with lite.database.writing() as session:
        for status in ("queued", "running", "held", "done", "failed"):
            job(session, status)
        runs.set_values(session, run, status="running")
    backup_service.backup(lite, tmp_path / "b.zip")
    restore.restore(here, tmp_path / "b.zip", replace=True)
    with here.database.reading() as session:
        statuses = [one.status for one in session.query(Job).order_by(Job.id)]
        assert statuses == ["cancelled", "cancelled", "cancelled", "done", "failed"]
        assert session.get(Run, run).status == "cancelled"


def test_nothing_is_replaced_under_a_running_job(here, backup):
    with here.database.writing() as session:
        job(session, "running", host="elsewhere", pid=1)
    before = everything(here)
    with pytest.raises(InputError, match="Jobs are running"):
        restore.restore(here, backup, replace=True)
    assert everything(here) == before


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("faces", "id"),
        ("decisions", "sequence"),
        ("reviewers", None),
        ("votes", None),
        ("pixels", None),
        ("leases", None),
    ],
)
def test_the_column_that_counts_itself(table, column):
    assert restore._serial(Base.metadata.tables[table]) == column


def test_new_rows_of_every_table_get_new_numbers_after_a_restore(here, backup):
    restore.restore(here, backup, replace=True)
    with here.database.writing() as session:
        one = job(session, "failed")
        assert one.id is not None
    faces = fill(here, "new", [3])
    decide(here, "a", faces[0], emotion=5)
