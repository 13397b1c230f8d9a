"""What a backup must be before anything of it is believed: its directory, its manifest, its database."""

import io
import json
import sqlite3
import zipfile
from types import SimpleNamespace

import pytest

from fercore.errors import UnreadableSourceError
from fercore.services.system import backup_file, restore
from fercore.services.system.backup_file import DATABASE, MANIFEST, WORDS, BackupContents
from fercore.store.database import HEAD

SOUND = {"format": 1, "schema": HEAD, "rows": 7, "bytes": 60}


def zip_of(manifest=SOUND, files=(), database=b"0123456789"):
    """A zip with a manifest, a database and other files of ten bytes; None leaves one of the first two out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        if database is not None:
            archive.writestr(DATABASE, database)
        for name in files:
            archive.writestr(name, b"0123456789")
        if manifest is not None:
            archive.writestr(MANIFEST, manifest if isinstance(manifest, bytes) else json.dumps(manifest))
    return zipfile.ZipFile(packed)


LONG = "a" * 255


@pytest.mark.parametrize(
    ("manifest", "files", "schema", "size"),
    [
        pytest.param(SOUND, (), HEAD, 60, id="rows alone"),
        pytest.param(SOUND | {"bytes": 90}, ("photos/a/x", "models/1/m", "recipes/r.yaml", WORDS), HEAD, 90, id="all"),
        pytest.param({"format": 1, "schema": "0005", "rows": 0}, (), "0005", None, id="an older one"),
        pytest.param(SOUND | {"bytes": 90}, (f"photos/{LONG}",), HEAD, 90, id="a name as long as may be"),
        pytest.param(SOUND | {"bytes": 90}, ("photos/", "photos/x"), HEAD, 90, id="a folder"),
    ],
)  # fmt: skip
def test_what_a_backup_holds(manifest, files, schema, size):
    archive = zip_of(manifest, files)
    result = backup_file.contents(archive)
    stored = [name for name in files if not name.endswith("/")]
    unpacked = sum(info.file_size for info in archive.infolist())
    assert result == BackupContents(schema, manifest["rows"], size, stored, unpacked)


@pytest.mark.parametrize(
    ("manifest", "files", "database", "why"),
    [
        pytest.param(None, (), b"", "it lacks manifest.json", id="no manifest"),
        pytest.param(SOUND, (), None, "it lacks fercore.db", id="no database"),
        pytest.param(SOUND, ("photos/../x",), b"", "it holds 'photos/../x'", id="a name that leads out"),
        pytest.param(SOUND, ("/photos/x",), b"", "it holds '/photos/x'", id="an absolute name"),
        pytest.param(SOUND, ("photos\\x",), b"", "it holds 'photos", id="another system's name"),
        pytest.param(SOUND, ("photos/a\nb",), b"", "it holds 'photos", id="a name that cannot be read"),
        pytest.param(SOUND, ("other/x",), b"", "it holds 'other/x'", id="an unknown folder"),
        pytest.param(SOUND, ("photos",), b"", "it holds 'photos'", id="a file in a folder's place"),
        pytest.param(SOUND, ("words/mine.yaml",), b"", "it holds 'words/mine.yaml'", id="other words"),
        pytest.param(SOUND, (f"photos/{LONG}a",), b"", f"it holds 'photos/{'a' * 93}…'", id="a long name"),
        pytest.param(b"{", (), b"", "its manifest cannot be read", id="no JSON"),
        pytest.param(b"[]", (), b"", "its manifest cannot be read", id="a list"),
        pytest.param({"format": 1, "rows": 7}, (), b"", "its manifest cannot be read", id="no schema"),
        pytest.param(SOUND | {"schema": 21}, (), b"", "its manifest cannot be read", id="a number as schema"),
        pytest.param(SOUND | {"rows": "7"}, (), b"", "its manifest cannot be read", id="rows as text"),
        pytest.param(SOUND | {"rows": True}, (), b"", "its manifest cannot be read", id="rows as a switch"),
        pytest.param(SOUND | {"rows": -1}, (), b"", "its manifest cannot be read", id="fewer than no rows"),
        pytest.param(SOUND | {"bytes": "9"}, (), b"", "its manifest cannot be read", id="bytes as text"),
        pytest.param(SOUND | {"format": 2}, (), b"", "its manifest cannot be read", id="another format"),
        pytest.param({"schema": HEAD, "rows": 7}, (), b"", "its manifest cannot be read", id="no format"),
        pytest.param(SOUND | {"schema": "9999"}, (), b"", "of a newer fercore", id="a newer schema"),
        pytest.param(SOUND | {"schema": "0000"}, (), b"", "its schema is '0000'", id="a schema of nothing"),
        pytest.param(SOUND | {"schema": "x" * 60}, (), b"", f"its schema is '{'x' * 40}'", id="a long schema"),
        pytest.param(SOUND | {"schema": "٩٩٩٩"}, (), b"", "its schema is '٩٩٩٩'", id="other digits"),
        pytest.param(b" " * (1 << 20) + b" ", (), b"", "its manifest is too large", id="a large manifest"),
    ],
)
def test_what_no_backup_holds(manifest, files, database, why):
    with pytest.raises(UnreadableSourceError) as message:
        backup_file.contents(zip_of(manifest, files, database))
    assert why in str(message.value)


def test_a_name_that_stands_twice():
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive = zip_of(SOUND, ("photos/x", "photos/y", "photos/y"))
    with pytest.raises(UnreadableSourceError, match="it holds 'photos/y' twice"):
        backup_file.contents(archive)


@pytest.mark.parametrize(("size", "refused"), [(50, False), (49, True)])
def test_a_backup_unpacks_to_no_more_than_twice_its_size(size, refused):
    manifest = json.dumps(SOUND | {"bytes": size}).encode()
    archive = zip_of(manifest, (), bytes(100 - len(manifest)))
    if refused:
        with pytest.raises(UnreadableSourceError, match="unpacks to 100 bytes, but its manifest says 49"):
            backup_file.contents(archive)
    else:
        assert backup_file.contents(archive).unpacked == 100


TOLD = BackupContents(HEAD, 2, None, [], 0)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        pytest.param("", None, id="as the manifest says"),
        pytest.param("DROP TABLE alembic_version", "it is not a fercore database", id="no tables"),
        pytest.param("UPDATE alembic_version SET version_num = '0001'", "its schema is not", id="another schema"),
        pytest.param("INSERT INTO alembic_version VALUES ('0001')", "its schema is not", id="two schemas"),
        pytest.param("DELETE FROM faces", "rows: 1, in the manifest: 2", id="fewer rows"),
        pytest.param("INSERT INTO photos VALUES (9)", "rows: 3, in the manifest: 2", id="more rows"),
        pytest.param("UPDATE faces SET photo = 99", "rows refer to missing rows", id="a lost photo"),
    ],
)
def test_the_database_of_a_backup(tmp_path, script, why):
    file = tmp_path / "fercore.db"
    with sqlite3.connect(file) as database:
        database.executescript(
            f"CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('{HEAD}');"
            "CREATE TABLE photos (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO photos VALUES (1);"
            "CREATE TABLE faces (photo INTEGER REFERENCES photos (id)); INSERT INTO faces VALUES (1);" + script
        )
    database.close()
    if why is None:
        backup_file.check_database(file, TOLD)
        return
    with pytest.raises(UnreadableSourceError, match=why):
        backup_file.check_database(file, TOLD)


@pytest.mark.parametrize("content", [None, b"", b"no database at all"])
def test_what_is_no_database(tmp_path, content):
    if content is not None:
        (tmp_path / "fercore.db").write_bytes(content)
    with pytest.raises(UnreadableSourceError, match="The database in this backup cannot be used"):
        backup_file.check_database(tmp_path / "fercore.db", TOLD)


@pytest.mark.parametrize(("data", "models", "refused"), [(65, 65, False), (64, 99, True), (99, 64, True)])
def test_the_room_that_a_restore_needs(monkeypatch, data, models, refused):
    free = {"data": data << 20, "models": models << 20}
    monkeypatch.setattr(restore.shutil, "disk_usage", lambda path: SimpleNamespace(free=free[path]))
    store = SimpleNamespace(settings=SimpleNamespace(data_dir="data", models_dir="models"))
    message = BackupContents(HEAD, 0, None, [], 1 << 20)
    if not refused:
        restore._check_room(store, message)
        return
    with pytest.raises(UnreadableSourceError, match="needs 65 MB of free space, and 64 MB are free"):
        restore._check_room(store, message)
