"""Attributes of the faces of one split, as columns."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fercore.store.tables import Dataset, Face


def of_split(session: Session, dataset_id: int, split: str) -> Sequence[Any]:
    """Rows (face, gender, age, professional, sharpness, brightness, contrast, box) of a split's faces by number."""
    about = (Face.gender, Face.age, Face.professional, Face.sharpness, Face.brightness, Face.contrast, Face.box)
    query = select(Face.id, *about).where(Face.dataset_id == dataset_id, Face.split == split).order_by(Face.id)
    return session.execute(query).all()


def population(session: Session, dataset_id: int) -> str | None:
    """The population whose faces a dataset shows, if it is known."""
    return session.get_one(Dataset, dataset_id).population
