"""Flags and notes as files: a row for each face and person, as CSV or JSON Lines."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy.orm import Session

from fercore.emotions import EMOTIONS
from fercore.exports.targets import placed
from fercore.services.review import decision_files
from fercore.services.review.decision_files import DecisionRow
from fercore.services.review.decision_transfer import DecisionScope, conditions
from fercore.store import Store
from fercore.store.review import remarks

COLUMNS: Final = ("dataset", "face", "number", "split", "emotion", "reviewer", "flagged", "note", "noted_at")


def export(store: Store, file: Path, dataset: str | None = None, replace: bool = False) -> int:
    """Write every flag and note of one dataset or of all; returns how many. Raises what `placed` raises."""
    with (
        placed(file, replace) as draft,
        store.database.reading() as session,
        decision_files.writing(draft, COLUMNS) as write,
    ):
        rows = list(_rows(session, DecisionScope(dataset)))
        for row in rows:
            write(row)
    return len(rows)


def exported(store: Store, form: str, which: DecisionScope | None = None) -> bytes:
    """Every flag and note on these faces, or on all, as the content of a file with that ending."""
    with TemporaryDirectory() as folder:
        file = Path(folder, f"notes.{form}")
        with store.database.reading() as session, decision_files.writing(file, COLUMNS) as write:
            for row in _rows(session, which or DecisionScope()):
                write(row)
        return file.read_bytes()


def _rows(session: Session, which: DecisionScope) -> Iterator[DecisionRow]:
    for mark, face, dataset in remarks.listed(session, *conditions(session, which)):
        yield {
            "dataset": dataset,
            "face": face.identity,
            "number": str(face.id),
            "split": face.split,
            "emotion": "" if face.emotion is None else EMOTIONS[face.emotion],
            "reviewer": mark.reviewer,
            "flagged": "yes" if mark.flagged else "",
            "note": mark.note,
            "noted_at": mark.noted_at.isoformat() if mark.noted_at else "",
        }
