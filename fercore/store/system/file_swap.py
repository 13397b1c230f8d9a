"""Files of an installation replaced together with its rows: a process that is killed meanwhile leaves a journal, and
the next one puts the old files back, or keeps the new ones where the rows were committed."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from fercore.errors import InUseError, StoredDataError
from fercore.language import sentences, tr
from fercore.language.system_reasons import reason
from fercore.store.database import Database
from fercore.store.system.swap_journal import Journal, Outcome, SwapPhase
from fercore.store.tables import Restore

JOURNAL: Final = ".restore.db"
WORKSHOP: Final = ".restore-"
PATIENCE: Final = 5.0  # seconds for which a restore waits for another process that looks at the journal


@dataclass(frozen=True)
class SwapFolder:
    """A folder of the installation, the names in it that are replaced, and the workshop beside them."""

    root: Path
    owned: list[str]
    workshop: Path

    @property
    def staged(self) -> Path:
        """The folder of what shall take their place."""
        return self.workshop / "new"

    @property
    def aside(self) -> Path:
        """The folder of what was there before."""
        return self.workshop / "old"


class Swap:
    """Files that take the place of others when rows do, by the names of their places."""

    def __init__(self, journal: Journal, places: Mapping[str, SwapFolder]) -> None:
        self.places = dict(places)
        self._journal = journal
        self._token = str(uuid4())

    def begin(self) -> None:
        """Make the workshops, known to the journal before they are there."""
        self._save(SwapPhase.STAGING)
        for place in self.places.values():
            place.staged.mkdir(parents=True)
            place.aside.mkdir()

    def take_over(self, session: Session) -> None:
        """Move the old files aside and the staged ones in, within the transaction that replaces the rows."""
        session.execute(insert(Restore), [{"token": self._token}])
        self._save(SwapPhase.MOVING)
        for place in self.places.values():
            for name in place.owned:
                _move(place.root / name, place.aside / name)
            for name in _names(place.staged):
                _move(place.staged / name, place.root / name)

    def _save(self, phase: SwapPhase) -> None:
        places = [
            {
                "root": str(place.root),
                "owned": place.owned,
                "workshop": str(place.workshop),
                "staged": _names(place.staged),
            }
            for place in self.places.values()
        ]
        self._journal.save({"phase": phase, "token": self._token, "places": places})


@contextmanager
def swap(data_dir: Path, database: Database, roots: Mapping[str, tuple[Path, Sequence[Path]]]) -> Iterator[Swap]:
    """A swap of these entries of folders; afterwards all files are old or all are new, as the rows are.

    Raises InUseError while another process restores.
    """
    with _locked(data_dir / JOURNAL) as journal:
        _settle(journal, database)
        # Two places may be one folder: each has a workshop of its own.
        name = f"{WORKSHOP}{uuid4().hex[:12]}"
        places = {
            kind: SwapFolder(root, sorted(path.name for path in owned), root / f"{name}-{kind}")
            for kind, (root, owned) in roots.items()
        }
        begun = Swap(journal, places)
        try:
            begun.begin()
            yield begun
        finally:
            _settle(journal, database)
            journal.remove()


def recover(data_dir: Path, database: Database) -> Outcome | None:
    """Settle what a process left that was killed while it restored; None where there is nothing, or it still runs."""
    file = data_dir / JOURNAL
    if not file.exists():
        return None
    try:
        with Journal(file, patience=0) as journal:
            outcome = _settle(journal, database)
            journal.remove()
            return outcome
    except InUseError:
        return None
    except OSError as error:
        text = "A restore was interrupted, and the files cannot be put back: {why}."
        raise StoredDataError(sentences.sentence(text, why=reason(error))) from error


def sentence(outcome: Outcome | None) -> str:
    """The outcome of an interrupted restore, in words; empty where there was none."""
    if outcome is None:
        return ""
    if outcome == SwapPhase.UNDONE:
        return tr("A restore was interrupted. Everything is as it was before it.")
    return tr("A restore was interrupted when it was done. Everything is as in the backup.")


def leftovers(data_dir: Path, roots: Sequence[Path]) -> list[Path]:
    """Workshops without a journal: earlier versions left them when they were killed."""
    if (data_dir / JOURNAL).exists():  # a restore is running
        return []
    return sorted(path for root in roots if root.is_dir() for path in root.glob(f"{WORKSHOP}*") if path.is_dir())


@contextmanager
def _locked(file: Path) -> Iterator[Journal]:
    journal = Journal(file, PATIENCE)
    if not file.exists():  # another process found it empty and removed it while this one waited
        journal.__exit__()
        journal = Journal(file, PATIENCE)
    with journal:
        yield journal


def _settle(journal: Journal, database: Database) -> Outcome | None:
    """Put the old files back unless the new rows are there, and clear the workshops away.

    Each step leads to the same end when it is begun anew.
    """
    state = journal.read()
    if state is None:
        return None
    if state["phase"] not in (SwapPhase.UNDONE, SwapPhase.KEPT):
        committed = _is_committed(database, state["token"])
        if not committed and state["phase"] == SwapPhase.MOVING:
            for place in state["places"]:
                _put_back(place)
        state["phase"] = SwapPhase.KEPT if committed else SwapPhase.UNDONE
        journal.save(state)
    for place in state["places"]:
        _clear(Path(place["workshop"]))
    with database.writing() as session:
        session.execute(delete(Restore).where(Restore.token == state["token"]))
    return SwapPhase.KEPT if state["phase"] == SwapPhase.KEPT else SwapPhase.UNDONE


def _is_committed(database: Database, token: str) -> bool:
    with database.reading() as session:
        return session.scalar(select(Restore.token).where(Restore.token == token)) is not None


def _put_back(place: Mapping[str, Any]) -> None:
    """First the new files back where they were staged, then the old ones from aside."""
    root = Path(place["root"])
    folder = SwapFolder(root, place["owned"], Path(place["workshop"]))
    staged, aside = set(_names(folder.staged)), set(_names(folder.aside))
    for name in place["staged"]:
        if name not in staged and (root / name).exists():
            _move(root / name, folder.staged / name)
    for name in sorted(aside):
        _move(folder.aside / name, root / name)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _move(source: Path, target: Path) -> None:
    source.rename(target)


def _clear(folder: Path) -> None:
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
