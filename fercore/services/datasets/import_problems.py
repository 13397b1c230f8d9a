"""Rows that an import could not use or found changed: the first in memory, all in a file."""

import csv
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, TypeVar

from fercore.store import Store
from fercore.store.tables import Import

LISTED: Final = 1000  # of each kind; half a million missing pictures fill a file, not a memory
NO_FACE: Final = "no face found"
LEFT_OUT: Final = "left out"
CHANGED: Final = "changed since it was read first"
KINDS: Final = ("skipped", "notices", "unreadable", "without_face", "changed")
HEADER: Final = ("where", "why")
T = TypeVar("T")


@dataclass
class CutReport:
    """The photos of an import; `faces` are all faces of these photos, `added` those new to the store.

    `unlabelled` are faces whose source says no emotion.
    """

    photos: int = 0
    faces: int = 0
    added: int = 0
    doubtful: int = 0
    unlabelled: int = 0
    unreadable: list[dict[str, str]] = field(default_factory=list)
    without_face: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


@dataclass
class ListedReport(CutReport):
    """A report that lists the first LISTED of each kind: `more` counts the others, the file `problems` has all."""

    dataset: str = ""
    skipped: list[dict[str, str]] = field(default_factory=list)
    notices: list[dict[str, str]] = field(default_factory=list)
    more: dict[str, int] = field(default_factory=dict)
    problems: str = ""

    def total(self, kind: str) -> int:
        """The number of entries of a kind, listed or not."""
        return len(getattr(self, kind)) + self.more.get(kind, 0)


def total(result: dict[str, Any], kind: str) -> int:
    """The number of entries of a kind in a report that was kept as JSON, listed or not."""
    return len(result.get(kind, [])) + int(result.get("more", {}).get(kind, 0))


class Bounded(list[T]):
    """A list that keeps the first LISTED of what is appended, counts the others and writes all down."""

    def __init__(self, first: Iterable[T] = (), book: "ProblemLog | None" = None, why: str = "") -> None:
        super().__init__(first)
        self.more = 0
        self._book, self._why = book, why

    def append(self, item: T) -> None:
        """Write one more down, and keep it while there is room."""
        if self._book:
            self._book.write(item, self._why)
        if len(self) < LISTED:
            super().append(item)
        else:
            self.more += 1


class ProblemLog:
    """The file with every problem: without a name until the import has a number, absent while there is none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._file: IO[str] | None = None
        self._path: Path | None = None

    def write(self, item: object, why: str) -> None:
        """One line: an entry with its reason, or a name with the reason of its kind."""
        if self._file is None:
            self._file = self._opened()
            csv.writer(self._file).writerow(HEADER)
        row = (item["where"], item["why"]) if isinstance(item, dict) else (str(item), why)
        csv.writer(self._file).writerow(row)
        for name in item.get("files", ()) if isinstance(item, dict) else ():
            csv.writer(self._file).writerow((name, LEFT_OUT))

    def name(self, import_id: int) -> None:
        """Go on in the import's own file; one of an earlier attempt at the same import is replaced."""
        with self._store.database.reading() as session:
            started = session.get_one(Import, import_id).started_at
        # SQLite gives the number of a deleted import out again: the moment tells them apart.
        self._path = self._store.logs / f"import-{import_id}-{started:%Y%m%d%H%M%S%f}-problems.csv"
        self._path.unlink(missing_ok=True)
        nameless, self._file = self._file, None
        if nameless is not None:
            with nameless:
                nameless.seek(0)
                self._file = self._opened()
                shutil.copyfileobj(nameless, self._file)

    def close(self) -> None:
        """Nothing more will be written."""
        if self._file is not None:
            self._file.close()

    @property
    def place(self) -> str:
        """The file's path, empty where there is none."""
        return str(self._path) if self._path and self._file else ""

    def _opened(self) -> IO[str]:
        if self._path is None:
            return tempfile.TemporaryFile("w+", newline="", encoding="utf-8", errors="backslashreplace")
        # The mark at its start lets Excel read Korean; whole lines are there even when the process is killed.
        return self._path.open("w", 1, newline="", encoding="utf-8-sig", errors="backslashreplace")


@contextmanager
def listing(store: Store, report: ListedReport) -> Iterator[ProblemLog]:
    """Let a report list what goes wrong in a bounded way; its file is closed at the end."""
    book = ProblemLog(store)
    reasons = {"without_face": NO_FACE, "changed": CHANGED}
    for kind in KINDS:
        setattr(report, kind, Bounded[Any](book=book, why=reasons.get(kind, "")))
    try:
        yield book
    finally:
        book.close()


def close(report: ListedReport, book: ProblemLog) -> list[dict[str, str]]:
    """Put totals and the file's place into the report; returns what is to be kept with the import."""
    lists: dict[str, Bounded[Any]] = {kind: getattr(report, kind) for kind in KINDS}
    report.more = {kind: bounded.more for kind, bounded in lists.items() if bounded.more}
    report.problems = book.place
    unused = [*report.skipped, *report.notices, *report.unreadable, *named(report.without_face, NO_FACE)]
    more = sum(report.more.values()) - report.more.get("changed", 0)
    changed = named(report.changed, CHANGED)
    return [
        *_listed(unused, more, report.problems, {}),
        *_listed(changed, report.more.get("changed", 0), report.problems, {"kind": "changed"}),
    ]


def named(names: Iterable[str], why: str) -> list[dict[str, str]]:
    """Names as entries with the same reason."""
    return [{"where": name, "why": why} for name in names]


def _listed(problems: Sequence[dict[str, str]], more: int, file: str, mark: dict[str, str]) -> list[dict[str, str]]:
    """The first entries; one at the end counts those that only the file has."""
    more += max(0, len(problems) - LISTED)
    name = Path(file).name
    last = [{"where": name, "why": f"… and {more:,} more in this file.", "more": str(more), **mark}] if more else []
    return [*({**problem, **mark} for problem in problems[:LISTED]), *last]


def file_of(store: Store, import_id: int) -> str:
    """The name of the file with all problems of an import that has some; empty where it is not on this machine."""
    return max((path.name for path in store.logs.glob(f"import-{import_id}-*-problems.csv")), default="")
