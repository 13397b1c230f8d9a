"""A backup that cannot be used changes nothing."""

import json
import os
import sqlite3
import zipfile
from pathlib import Path

import pytest

from fercore.errors import UnreadableSourceError
from fercore.services.system import restore
from tests.services.system.conftest import files_of
from tests.services.system.test_backup import everything


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
def test_no_backup_at_all(there, tmp_path, content):
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    with pytest.raises(UnreadableSourceError, match="not a backup"):
        restore.restore(there, path)
    with pytest.raises(UnreadableSourceError, match="cannot be read"):
        restore.restore(there, tmp_path)
