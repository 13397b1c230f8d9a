"""Models from elsewhere: runs of which only predictions are here, and the names of the faces that these are about."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.curation.votes import FaceState
from fercore.statuses import Status
from fercore.store.datasets.faces import PRESENT, file_name
from fercore.store.tables import Evaluation, Face, Photo, Run


@dataclass(frozen=True, slots=True)
class PlaceFace:
    """A face of one split with its names; `label` is None where it has none or was rejected."""

    id: int
    identity: str
    photo: str | None
    pixel_hash: str
    label: int | None
    source_emotion: int | None

    @property
    def paths(self) -> set[str]:
        """The names of its file, of its photo, and the one by which downloads name it."""
        return {name for name in (self.photo, file_name(self.identity), self.identity) if name}

    @property
    def labels(self) -> set[int | None]:
        """The emotions that an export may have filed it under."""
        return {self.label, self.source_emotion}


def place_faces(session: Session, dataset_id: int, split: str) -> list[PlaceFace]:
    """The faces of one split, in the order of their numbers."""
    query = (
        select(Face.id, Face.identity, Photo.name, Face.pixel_hash, Face.emotion, Face.source_emotion, Face.state)
        .outerjoin(Photo, Photo.id == Face.photo_id)
        .where(Face.dataset_id == dataset_id, Face.split == split, PRESENT)
        .order_by(Face.id)
    )
    return [
        PlaceFace(number, identity, photo, digest, None if state == FaceState.REJECTED else emotion, source)
        for number, identity, photo, digest, emotion, source, state in session.connection().execute(query)
    ]


def ensure(session: Session, name: str) -> Run:
    """The model of that name, made when there is none, even when another process makes it at the same time."""
    wanted = select(Run).where(Run.elsewhere == name)
    run = session.scalars(wanted).first()
    if run is not None:
        return run
    moment = now()
    run = Run(
        elsewhere=name,
        backbone="",
        recipe={"name": ""},
        weights="",
        seed=0,
        epochs=0,
        status=Status.DONE,
        created_at=moment,
        ended_at=moment,
    )
    try:
        with session.begin_nested():
            session.add(run)
    except IntegrityError:
        return session.scalars(wanted).one()
    return run


def named(session: Session, name: str) -> int | None:
    """The run of the model of that name, if there is one."""
    return session.scalar(select(Run.id).where(Run.elsewhere == name))


def listed(session: Session) -> Sequence[tuple[Run, int]]:
    """All models from elsewhere with the number of their evaluations, newest first."""
    query = (
        select(Run, func.count(Evaluation.id))
        .outerjoin(Evaluation, Evaluation.run_id == Run.id)
        .where(Run.elsewhere.is_not(None))
        .group_by(Run.id)
        .order_by(Run.id.desc())
    )
    return [(run, count) for run, count in session.execute(query)]
