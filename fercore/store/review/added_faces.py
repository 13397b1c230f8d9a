"""Faces that people add to photos: what is known of the photo, its faces, and who added one."""

from dataclasses import dataclass, replace

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from fercore.clock import now
from fercore.curation.votes import DecisionKind, FaceState
from fercore.faces.attributes import NOBODY, PersonInfo, person_of
from fercore.faces.boxes import Box
from fercore.store.datasets import datasets
from fercore.store.datasets.faces import PRESENT
from fercore.store.review import labels
from fercore.store.review.decisions import DecisionRequest, ReviewMode
from fercore.store.tables import Decision, Face, Photo, Recrop


@dataclass(frozen=True, slots=True)
class PhotoListing:
    """A photo that faces can be added to, and how many it has."""

    id: int
    name: str
    faces: int


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """Attributes that a new face of a photo takes over; `split` is None where no face tells it."""

    split: str | None
    person: PersonInfo


def photos(session: Session, dataset: str, part: str, limit: int) -> list[PhotoListing]:
    """Photos of a dataset whose names contain a text: those without a face first, then by name."""
    there = select(Face.photo_id, func.count().label("faces")).where(Face.photo_id.is_not(None), PRESENT)
    dataset_id = datasets.named(session, dataset).id
    counts = there.where(Face.dataset_id == dataset_id).group_by(Face.photo_id).subquery()
    faces = func.coalesce(counts.c.faces, 0)
    query = select(Photo.id, Photo.name, faces).outerjoin(counts, counts.c.photo_id == Photo.id)
    query = query.where(Photo.dataset_id == dataset_id, Photo.path != "")
    if part:
        query = query.where(func.lower(Photo.name).contains(part.lower(), autoescape=True))
    query = query.order_by(faces > 0, Photo.name, Photo.id).limit(limit)
    return [PhotoListing(number, name, count) for number, name, count in session.execute(query)]


def origin(
    session: Session, dataset_id: int, face_id: int | None, photo_id: int | None
) -> tuple[Photo | None, Face | None] | None:
    """The photo to draw on, by itself or by one of its faces; None where the dataset has it not."""
    if face_id is None:
        source = session.get(Photo, photo_id)
        return (source, None) if source is not None and source.dataset_id == dataset_id else None
    face = session.get(Face, face_id)
    if face is None or face.dataset_id != dataset_id:
        return None
    source = None if face.photo_id is None else session.get(Photo, face.photo_id)
    return (source if source is not None and source.path else None), face


def boxes(session: Session, photo_id: int) -> list[tuple[int, Box]]:
    """The faces of a photo that are neither rejected nor withdrawn, with their boxes."""
    query = select(Face.id, Face.box).where(Face.photo_id == photo_id, Face.state != FaceState.REJECTED, PRESENT)
    rows = session.execute(query.order_by(Face.id))
    return [(number, (box[0], box[1], box[2], box[3])) for number, box in rows if box]


def boxes_beside(session: Session, face_id: int) -> list[Box]:
    """The boxes of the faces of one face's photo."""
    photo_id = session.scalar(select(Face.photo_id).where(Face.id == face_id))
    return [] if photo_id is None else [box for _, box in boxes(session, photo_id)]


def about(session: Session, source: Photo, face: Face | None) -> PhotoFacts:
    """Attributes of a photo's faces: by the face beside which one is drawn, another one of the photo, or of the
    person on it, who is in one split only."""
    query = select(Face).where(Face.dataset_id == source.dataset_id).order_by(Face.id).limit(1)
    beside = face or session.scalars(query.where(Face.photo_id == source.id)).first()
    if beside is not None:
        return PhotoFacts(beside.split, _person(beside))
    if source.subject is None:
        return PhotoFacts(None, NOBODY)
    same = session.scalars(query.where(Face.subject == source.subject)).first()
    if same is None:
        return PhotoFacts(None, PersonInfo(source.subject))
    return PhotoFacts(same.split, _person(same))


def _person(face: Face) -> PersonInfo:
    """The person of a face, without what annotators said of that face."""
    return replace(person_of(face), annotators=())


def note(session: Session, face_id: int, action: str) -> None:
    """Write down that a face was added by hand."""
    session.execute(insert(Recrop), [{"face_id": face_id, "replaces": None, "action": action}])


def record(session: Session, reviewer: str, request: DecisionRequest, manner: ReviewMode) -> None:
    """Append the event that a person added a face, a vote where the request names an emotion."""
    row = {
        "id": request.id,
        "action": request.action,
        "face_id": request.face_id,
        "reviewer": reviewer,
        "kind": DecisionKind.ADDED,
    }
    row |= {"emotion": request.emotion, "page_id": request.page_id, "adjudicates": manner.adjudicates}
    session.execute(insert(Decision), [row | {"decided_at": now(), "note": manner.note, "advisor": manner.advisor}])
    if request.emotion is not None:
        labels.recount(session, [request.face_id], [] if manner.adjudicates else [reviewer])


def added_by(session: Session, face_id: int) -> str | None:
    """The person who added a face; None where nobody did."""
    return session.scalar(
        select(Decision.reviewer).where(Decision.face_id == face_id, Decision.kind == DecisionKind.ADDED).limit(1)
    )
