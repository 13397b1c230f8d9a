"""Restore of a backup: checked and unpacked beside the installation first, then put in its place as a whole."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from sqlalchemy import Table, delete, func, select, text, update
from sqlalchemy.orm import Session

from fercore.errors import InputError, UnreadableSourceError
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.services import backup_file, wording
from fercore.services.backup_file import DATABASE, Contents
from fercore.services.keeping import copy_rows, entries, folders
from fercore.settings import sqlite_url
from fercore.store import Store, jobs
from fercore.store.database import Database, now
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
        told = backup_file.contents(archive)
        with _staged(store, archive, told, progress) as (database, places):
            rows = _take_over(store, database, places, progress)
    return {"file": str(file), "rows": rows, "files": len(told.files)}


def _refuse_over(store: Store, replace: bool) -> None:
    with store.database.reading() as session:
        full = any(session.scalar(select(func.count()).select_from(t)) for t in (Dataset, Snapshot, Run))
        running = [job.id for job in jobs.active(session) if job.status == "running"]
    if full and not replace:
        raise InputError(
            tr("This installation is not empty. Restore into an empty one, or use --replace to overwrite its data.")
        )
    if running:
        numbers = ", ".join(map(str, running))
        raise InputError(tr("Jobs are running ({numbers}): cancel them or wait, then restore.", numbers=numbers))


@dataclass(frozen=True)
class _Place:
    """A folder of the installation, what of it a restore replaces, and the workshop beside that."""

    root: Path
    owned: list[Path]
    workshop: Path

    @property
    def staged(self) -> Path:
        """What was unpacked."""
        return self.workshop / "new"

    @property
    def aside(self) -> Path:
        """What was there before."""
        return self.workshop / "old"


@contextmanager
def _places(store: Store) -> Iterator[dict[str, _Place]]:
    """The places of a restore, by the first word of a backup's names; their workshops are gone afterwards."""
    words = wording.own_file(store)
    owned = {kind: (root, entries(root)) for kind, root in folders(store).items()}
    owned["words"] = (words.parent, [words] if words.is_file() else [])
    places: dict[str, _Place] = {}
    try:
        for kind, (root, paths) in owned.items():
            root.mkdir(parents=True, exist_ok=True)
            places[kind] = _Place(root, paths, Path(tempfile.mkdtemp(prefix=".restore-", dir=root)))
            places[kind].staged.mkdir()
            places[kind].aside.mkdir()
        yield places
    finally:
        for place in places.values():
            shutil.rmtree(place.workshop, ignore_errors=True)


@contextmanager
def _staged(
    store: Store, archive: zipfile.ZipFile, told: Contents, progress: Progress
) -> Iterator[tuple[Database, list[_Place]]]:
    """The backup's database, checked and migrated, and its files unpacked on the disks where they will lie."""
    with _places(store) as places:
        _check_room(store, told)
        database_file = places["words"].workshop / DATABASE
        _extract(archive, DATABASE, database_file)
        backup_file.check_database(database_file, told)
        for number, name in enumerate(told.files):
            progress(number, len(told.files), tr("Unpacking {name}", name=name))
            kind, *rest = PurePosixPath(name).parts
            _extract(archive, name, places[kind].staged.joinpath(*rest))
        with closing(Database(sqlite_url(database_file))) as database:
            yield database, list(places.values())


def _check_room(store: Store, told: Contents) -> None:
    free = min(shutil.disk_usage(path).free for path in (store.settings.data_dir, store.settings.models_dir))
    needed = told.unpacked + SPARE
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
            tr("'{name}' cannot be unpacked: {why}. Nothing was restored.", name=name[:100], why=error.strerror)
        ) from None


@dataclass
class _Swap:
    """Files that have taken the place of others, which can be put back."""

    old: dict[Path, Path] = field(default_factory=dict)
    new: list[Path] = field(default_factory=list)

    def take_over(self, place: _Place) -> None:
        """Move what lies in a folder aside and what is staged for it in."""
        for path in place.owned:
            path.rename(place.aside / path.name)
            self.old[path] = place.aside / path.name
        for path in sorted(place.staged.iterdir()):
            path.rename(place.root / path.name)
            self.new.append(place.root / path.name)

    def put_back(self) -> None:
        """Everything as it was."""
        for path in self.new:
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path, aside in self.old.items():
            aside.rename(path)


def _take_over(store: Store, source: Database, places: list[_Place], progress: Progress) -> int:
    """The rows in one transaction, and the files within it: both or neither."""
    swap = _Swap()
    try:
        with source.reading() as session, store.database.writing() as into:
            jobs.lock(into)
            for table in reversed(Base.metadata.sorted_tables):
                into.execute(delete(table))
            rows = copy_rows(session, into, progress)
            _cancel_jobs(into)
            if not store.database.is_sqlite:
                _advance_sequences(into)
            for place in places:
                swap.take_over(place)
    except BaseException:
        swap.put_back()
        raise
    return rows


def _cancel_jobs(session: Session) -> None:
    """Let nothing of a backup start by itself."""
    values = {"status": "cancelled", "ended_at": now(), "error": tr("It waited or ran when the backup was made.")}
    session.execute(update(Job).where(Job.status.in_(jobs.ACTIVE)).values(**values))
    session.execute(update(Run).where(Run.status.in_(jobs.ACTIVE)).values(status="cancelled", ended_at=now()))


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
