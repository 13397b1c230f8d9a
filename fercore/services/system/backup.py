"""Backup of a whole installation: database, photos and models in one zip file.

The database travels as an SQLite file whatever it lives in, so that a backup of one kind restores into
the other.
"""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from fercore.exports.targets import placed
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services.datasets import aihub_labels
from fercore.services.system.backup_file import DATABASE, MANIFEST, WORDS
from fercore.settings import sqlite_url
from fercore.store import Store
from fercore.store.database import HEAD, Database
from fercore.store.tables import Base

CHUNK: Final = 2000
HIDDEN: Final = "."  # how names begin of what a process writes beside its target for a moment


def backup(store: Store, file: Path, replace: bool = False, progress: Progress = silent) -> dict[str, Any]:
    """Write everything into a zip file, which appears only when it is complete.

    Raises InputError where something has that name already, unless it is a regular file that may be replaced.
    """
    with (
        placed(file, replace) as target,
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive,
    ):
        rows = dump(store.database, Path(folder) / DATABASE, progress)
        archive.write(Path(folder) / DATABASE, DATABASE)
        files = [file for prefix, root in folders(store).items() for file in _files(root, prefix)]
        files += [(path, WORDS) for path in [aihub_labels.own_file(store)] if path.is_file()]
        for number, (path, name) in enumerate(files):
            progress(number, len(files), tr("Packing {name}", name=name))
            archive.write(path, name, zipfile.ZIP_STORED)
        size = sum(info.file_size for info in archive.infolist())
        archive.writestr(MANIFEST, json.dumps({"format": 1, "schema": HEAD, "rows": rows, "bytes": size}))
    return {"file": str(file), "rows": rows, "files": len(files)}


def dump(database: Database, target: Path, progress: Progress) -> int:
    """Copy all rows into a new SQLite file; returns how many."""
    with (
        closing(Database(sqlite_url(target))) as copy,
        database.one_moment() as session,
        copy.writing() as into,
    ):
        return copy_rows(session, into, progress)


def copy_rows(source: Session, target: Session, progress: Progress) -> int:
    """Copy all rows of all tables, parents first; returns how many."""
    copied = 0
    total = sum(source.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables)
    for table in Base.metadata.sorted_tables:
        rows = select(table).execution_options(yield_per=CHUNK)
        if any(key.column.table is table for key in table.foreign_keys):  # a row comes after the one that it names
            rows = rows.order_by(*table.primary_key.columns)
        result = source.execute(rows)
        for part in result.mappings().partitions(CHUNK):
            target.execute(insert(table), [dict(row) for row in part])
            copied += len(part)
            progress(copied, total, tr("Copying {table}", table=table.name))
    return copied


def folders(store: Store) -> dict[str, Path]:
    """The files that travel beside the database, by their names in a backup."""
    return {"photos": store.photos, "models": store.settings.models_dir, "recipes": store.recipes}


def entries(folder: Path) -> list[Path]:
    """The files of a folder that belong to the installation."""
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in paths if path.name != "README.md" and not path.name.startswith(HIDDEN))


def _files(folder: Path, prefix: str) -> Iterator[tuple[Path, str]]:
    for entry in entries(folder):
        for path in [entry] if entry.is_file() else sorted(entry.rglob("*")):
            if path.is_file():
                yield path, f"{prefix}/{path.relative_to(folder).as_posix()}"
