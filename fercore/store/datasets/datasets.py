"""Datasets and the imports that filled them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.errors import NotFoundError
from fercore.populations import OF_SOURCE
from fercore.store.datasets import usage
from fercore.store.datasets.faces import PRESENT
from fercore.store.review import decisions, recrops, remarks
from fercore.store.tables import (
    Base,
    Dataset,
    Evaluation,
    Face,
    Import,
    Photo,
)


@dataclass(frozen=True)
class DatasetContents:
    """Data that disappear with a dataset or an import; `decisions` in effect, `crops` that were drawn by hand,
    and faces with `remarks`: a flag or a note."""

    faces: int
    photos: int
    evaluations: int
    decisions: int
    crops: int
    remarks: int = 0


def named(session: Session, name: str) -> Dataset:
    """The dataset of that name; raises NotFoundError with the names there are."""
    dataset = session.scalars(select(Dataset).where(Dataset.name == name)).first()
    if dataset is None:
        raise NotFoundError("dataset", name, names(session), formerly(session, name))
    return dataset


def formerly(session: Session, name: str) -> list[str]:
    """The present names of datasets that had this name before."""
    rows = session.execute(select(Dataset.name, Dataset.former).order_by(Dataset.id))
    return [present for present, former in rows if name in former]


def names(session: Session) -> list[str]:
    """Every dataset's name, oldest first."""
    return list(session.scalars(select(Dataset.name).order_by(Dataset.id)))


def populations(session: Session) -> dict[int, str | None]:
    """The population that each dataset shows, by the dataset's number."""
    return {number: population for number, population in session.execute(select(Dataset.id, Dataset.population))}


def ensure(session: Session, name: str, source: str) -> Dataset:
    """The dataset of that name, made when there is none, even when another machine makes it at the same time."""
    wanted = select(Dataset).where(Dataset.name == name)
    dataset = session.scalars(wanted).first()
    if dataset is None:
        try:
            with session.begin_nested():
                session.add(Dataset(name=name, source=source, created_at=now(), population=OF_SOURCE.get(source)))
        except IntegrityError:
            pass  # made by another in this moment
        dataset = session.scalars(wanted).one()
    return dataset


def contents(session: Session, dataset_id: int) -> DatasetContents:
    """The data that deleting a dataset takes along."""
    return DatasetContents(
        faces=_count(session, Face, Face.dataset_id == dataset_id, PRESENT),
        photos=_count(session, Photo, Photo.dataset_id == dataset_id),
        evaluations=_count(session, Evaluation, Evaluation.dataset_id == dataset_id),
        decisions=decisions.in_effect(session, Face.dataset_id == dataset_id),
        crops=recrops.count(session, Face.dataset_id == dataset_id),
        remarks=remarks.count(session, Face.dataset_id == dataset_id),
    )


def import_contents(session: Session, import_id: int) -> DatasetContents:
    """The data that undoing an import takes along; raises NotFoundError."""
    if session.get(Import, import_id) is None:
        raise NotFoundError("import", import_id)
    return DatasetContents(
        faces=_count(session, Face, Face.import_id == import_id, PRESENT),
        photos=_count(session, Photo, Photo.import_id == import_id),
        evaluations=0,
        decisions=decisions.in_effect(session, Face.import_id == import_id),
        crops=recrops.count(session, Face.import_id == import_id),
        remarks=remarks.count(session, Face.import_id == import_id),
    )


def remove(session: Session, dataset: Dataset) -> None:
    """Delete a dataset and all below it; raises InUseError while a snapshot uses one of its faces."""
    usage.refuse_if_frozen(session, dataset)
    session.execute(delete(Dataset).where(Dataset.id == dataset.id))


def undo_import(session: Session, import_id: int) -> int:
    """Delete every face and photo of one import; returns the faces; raises InUseError like `remove`."""
    usage.refuse_if_import_frozen(session, import_id)
    faces = _count(session, Face, Face.import_id == import_id, PRESENT)
    _hand_photos_over(session, import_id)
    session.execute(delete(Import).where(Import.id == import_id))
    return faces


def _hand_photos_over(session: Session, import_id: int) -> None:
    """Photos on which faces of another import stand go to that import, or these faces would go with them."""
    other = select(func.min(Face.import_id)).where(Face.photo_id == Photo.id, Face.import_id != import_id)
    wanted = update(Photo).where(Photo.import_id == import_id, other.scalar_subquery().is_not(None))
    session.execute(wanted.values(import_id=other.scalar_subquery()), execution_options={"synchronize_session": False})


def begin_import(session: Session, name: str, source: str, path: str) -> Import:
    """An import into the named dataset; one that was begun from the same path and not finished goes on."""
    dataset = ensure(session, name, source)
    unfinished = select(Import).where(
        Import.dataset_id == dataset.id, Import.path == path, Import.finished_at.is_(None)
    )
    source_import = session.scalars(unfinished).first()
    if source_import is None:
        source_import = Import(dataset_id=dataset.id, source=source, path=path, started_at=now(), added=0, skipped=[])
        session.add(source_import)
        session.flush()
    return source_import


def note_skipped(session: Session, import_id: int, skipped: list[dict[str, str]]) -> None:
    """Keep what an import left out, to be shown later."""
    session.get_one(Import, import_id).skipped = skipped


def finish_import(session: Session, import_id: int) -> None:
    """Close an import with the number of its faces; one that brought nothing leaves no trace."""
    source_import = session.get_one(Import, import_id)
    source_import.added = _count(session, Face, Face.import_id == import_id)
    source_import.finished_at = now()
    if not source_import.added and not _count(session, Photo, Photo.import_id == import_id):
        session.delete(source_import)


def imports(session: Session, dataset_id: int) -> list[Import]:
    """A dataset's imports, latest first."""
    query = select(Import).where(Import.dataset_id == dataset_id).order_by(Import.id.desc())
    return list(session.scalars(query))


def _count(session: Session, table: type[Base], *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def forget_empty(session: Session) -> None:
    """Delete datasets that nothing was imported into, or whose imports were all undone."""
    session.execute(delete(Dataset).where(~select(Import.id).where(Import.dataset_id == Dataset.id).exists()))
