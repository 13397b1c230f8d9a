"""Restore of a backup: checked and unpacked beside the installation first, then put in its place as a whole."""

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final

from sqlalchemy import Table, delete, func, select, text, update
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.errors import InputError, UnreadableSourceError
from fercore.language import tr
from fercore.language.sentences import words
from fercore.language.system_reasons import reason
from fercore.progress import Progress, silent
from fercore.services.datasets import aihub_labels
from fercore.services.system import backup_file
from fercore.services.system.backup import copy_rows, entries, folders
from fercore.services.system.backup_file import DATABASE, BackupContents
from fercore.settings import sqlite_url
from fercore.statuses import ACTIVE, Status
from fercore.store import Store
from fercore.store.database import Database
from fercore.store.jobs import queue
from fercore.store.system import file_swap
from fercore.store.system.file_swap import Swap
from fercore.store.tables import Base, Dataset, Job, Run, Snapshot

SPARE: Final = 64 << 20  # bytes that stay free on a disk
BLOCK: Final = 1 << 20


def restore(store: Store, file: Path, replace: bool = False, progress: Progress = silent) -> dict[str, Any]:
    """Put a backup in the place of what this installation holds.

    Raises InputError unless the installation is empty or may be replaced, and while a job of it runs;
    UnreadableSourceError for a backup that cannot be used. After either, nothing has changed. Jobs that waited or ran
    when the backup was made are cancelled: what they would write, and where, nobody has looked at.
    """
    _refuse_over(store, replace)
    with backup_file.opened(file) as archive:
        contents = backup_file.contents(archive)
        with _staged(store, archive, contents, progress) as (database, swap):
            rows = _take_over(store, database, swap, progress)
    return {"file": str(file), "rows": rows, "files": len(contents.files)}


def _refuse_over(store: Store, replace: bool) -> None:
    with store.database.reading() as session:
        full = any(session.scalar(select(func.count()).select_from(t)) for t in (Dataset, Snapshot, Run))
        running = [job.id for job in queue.active(session) if job.status == Status.RUNNING]
    if full and not replace:
        raise InputError(
            tr("This installation is not empty. Restore into an empty one, or use --replace to overwrite its data.")
        )
    if running:
        numbers = ", ".join(map(str, running))
        raise InputError(tr("Jobs are running ({numbers}): cancel them or wait, then restore.", numbers=numbers))


@contextmanager
def _staged(
    store: Store, archive: zipfile.ZipFile, contents: BackupContents, progress: Progress
) -> Iterator[tuple[Database, Swap]]:
    """The backup's database, checked and migrated, and its files unpacked on the disks where they will lie."""
    with file_swap.swap(store.settings.data_dir, store.database, _owned(store)) as swap:
        _check_room(store, contents)
        database_file = swap.places["words"].workshop / DATABASE
        _extract(archive, DATABASE, database_file)
        backup_file.check_database(database_file, contents)
        for number, name in enumerate(contents.files):
            progress(number, len(contents.files), tr("Unpacking {name}", name=name))
            kind, *rest = PurePosixPath(name).parts
            _extract(archive, name, swap.places[kind].staged.joinpath(*rest))
        with closing(Database(sqlite_url(database_file))) as database:
            yield database, swap


def _owned(store: Store) -> dict[str, tuple[Path, list[Path]]]:
    """The folders of a restore and what it replaces of each, by the first word of a backup's names."""
    words = aihub_labels.own_file(store)
    owned = {kind: (root, entries(root)) for kind, root in folders(store).items()}
    return owned | {"words": (words.parent, [words] if words.is_file() else [])}


def _check_room(store: Store, contents: BackupContents) -> None:
    free = min(shutil.disk_usage(path).free for path in (store.settings.data_dir, store.settings.models_dir))
    needed = contents.unpacked + SPARE
    if needed > free:
        raise UnreadableSourceError(
            tr(
                "This backup needs {needed} MB of free space, and {free} MB are free. Nothing was restored.",
                needed=needed >> 20,
                free=free >> 20,
            )
        )


def _extract(archive: zipfile.ZipFile, name: str, target: Path) -> None:
    """Unpack one file; its checksum is compared at its end."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, target.open("xb") as output:
            shutil.copyfileobj(source, output, BLOCK)
    except OSError as error:
        raise UnreadableSourceError(
            tr("'{name}' cannot be unpacked: {why}. Nothing was restored.", name=name[:100], why=words(reason(error)))
        ) from None


def _take_over(store: Store, source: Database, swap: Swap, progress: Progress) -> int:
    """The rows in one transaction, and the files within it: both or neither."""
    with source.reading() as session, store.database.writing() as into:
        queue.lock(into)
        for table in reversed(Base.metadata.sorted_tables):
            into.execute(delete(table))
        rows = copy_rows(session, into, progress)
        _cancel_jobs(into)
        if not store.database.is_sqlite:
            _advance_sequences(into)
        swap.take_over(into)
    return rows


def _cancel_jobs(session: Session) -> None:
    """Let nothing of a backup start by itself."""
    values = {"status": Status.CANCELLED, "ended_at": now(), "error": tr("It waited or ran when the backup was made.")}
    session.execute(update(Job).where(Job.status.in_(ACTIVE)).values(**values))
    session.execute(update(Run).where(Run.status.in_(ACTIVE)).values(status=Status.CANCELLED, ended_at=now()))


def _advance_sequences(session: Session) -> None:
    """PostgreSQL counts its keys apart from the rows: go on behind the highest."""
    for table in Base.metadata.sorted_tables:
        column = _serial(table)
        if column is not None:
            session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column}'), "
                    f"(SELECT coalesce(max({column}), 0) + 1 FROM {table.name}), false)"
                )
            )


def _serial(table: Table) -> str | None:
    column = table.autoincrement_column
    return column.name if column is not None else None
