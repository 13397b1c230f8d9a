"""Verdicts of people on pairs of faces: one for each person and pair, the latest."""

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.store.tables import PairVerdict


def give(session: Session, faces: tuple[int, int], reviewer: str, verdict: str) -> None:
    """Store a person's verdict in the place of an earlier one."""
    take_back(session, faces, reviewer)
    one, other = sorted(faces)
    row = {"face_id": one, "other_id": other, "reviewer": reviewer, "verdict": verdict, "decided_at": now()}
    session.execute(insert(PairVerdict).values(row))


def take_back(session: Session, faces: tuple[int, int], reviewer: str) -> None:
    """Forget a person's verdict."""
    one, other = sorted(faces)
    session.execute(
        delete(PairVerdict).where(
            PairVerdict.face_id == one, PairVerdict.other_id == other, PairVerdict.reviewer == reviewer
        )
    )
