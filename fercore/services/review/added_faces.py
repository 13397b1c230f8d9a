"""A face that the detector missed: drawn on its photo, and stored beside the photo's other faces."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy.orm import Session

from fercore.curation.lease_owner import LeaseOwner
from fercore.curation.review_filter import ReviewFilter
from fercore.errors import InputError, UnreadableImageError
from fercore.faces.boxes import Box, overlap
from fercore.language import tr
from fercore.services.datasets.crop_writer import identity, seen
from fercore.services.review import recrop
from fercore.services.review.grid_events import Add
from fercore.sources.splits import named_in
from fercore.splits import Split
from fercore.store import Store
from fercore.store.datasets.faces import NewFace
from fercore.store.review import added_faces, recrops
from fercore.store.tables import Photo


def photos(store: Store, dataset: str, part: str = "", limit: int = 200) -> list[added_faces.PhotoListing]:
    """Photos of a dataset whose names contain a text, those without a face first."""
    with store.database.reading() as session:
        return added_faces.photos(session, dataset, part.strip(), limit)


def photo(store: Store, photo_id: int) -> dict[str, Any]:
    """The ground for a face: the photo as JPEG, its full size, the boxes of its faces, and what the detector finds
    besides. A photo that is not there or has changed gives {"id", "problem"}.
    """
    with store.database.reading() as session:
        source = session.get(Photo, photo_id)
        placed = added_faces.boxes(session, photo_id)
    if source is None:
        return {"id": photo_id, "problem": tr("This photo is gone.")}
    try:
        shown = recrop.shown(store, source)
    except (InputError, UnreadableImageError) as error:
        return {"id": photo_id, "problem": str(error)}
    return {"id": photo_id, "box": None, **shown, **beside([box for _, box in placed], shown["found"])}


def photo_of(store: Store, face_id: int) -> dict[str, Any]:
    """The photo of a face to draw on, as `recutting.photo` gives it, with the boxes of all its faces."""
    shown = recrop.photo(store, face_id)
    if "problem" in shown:
        return shown
    with store.database.reading() as session:
        placed = added_faces.boxes_beside(session, face_id)
    return shown | beside(placed, shown["found"])


def beside(placed: Sequence[Box], detected: Sequence[Sequence[int]]) -> dict[str, Any]:
    """The boxes of a photo's faces, and those that were found where there is none."""
    boxes: list[Box] = [(box[0], box[1], box[2], box[3]) for box in detected]
    missed = [box for box in boxes if all(overlap(box, other) < recrops.SAME for other in placed)]
    return {"faces": [list(box) for box in placed], "missed": [list(box) for box in missed]}


def cut(store: Store, dataset_id: int, event: Add) -> NewFace:
    """The face in the drawn square, not stored yet; raises InputError and UnreadableImageError."""
    with store.database.reading() as session:
        origin = added_faces.origin(session, dataset_id, event.face, event.photo)
        if origin is None:
            raise InputError(tr("This photo is gone."))
        source, face = origin
        if source is None:
            raise InputError(tr("This face has no photo to add a face from."))
        _refuse_twice(session, source.id, event.box)
        about = added_faces.about(session, source, face)
    opened = recrop.opened(store, source)
    box = recrop.checked(event.box, opened.size)
    drawn = recrop.drawn(opened, box)
    split = about.split or named_in(PurePosixPath(source.name).parts) or Split.TRAIN
    return NewFace(
        identity=identity(source.name, opened.sha256, drawn),
        split=split,
        emotion=None,
        word="",
        photo_id=source.id,
        **vars(about.person),
        **(seen(drawn) | {"doubtful": False}),  # somebody saw that it is a face
    )


def add(session: Session, view: ReviewFilter, holder: str, event: Add, new: NewFace) -> int:
    """Store the new face, in a task also for those who shall see the face beside it; returns its number.

    Raises InputError where another person added nearly the same face meanwhile.
    """
    assert new.photo_id is not None
    recrops.hold(session, view.dataset_id)
    _refuse_twice(session, new.photo_id, event.box)
    source = session.get_one(Photo, new.photo_id)
    new_id = recrops.store(
        session, (view.dataset_id, source.import_id), replace(new, identity=f"{new.identity}~{event.action[:8]}")
    )
    added_faces.note(session, new_id, event.action)
    if view.task is not None and event.face is not None:
        recrops.hand_out(session, LeaseOwner(view.task, view.reviewer, holder), event.face, new_id)
    return new_id


def _refuse_twice(session: Session, photo_id: int, drawn: Any) -> None:
    if not isinstance(drawn, list) or len(drawn) != 4 or not all(type(value) is int for value in drawn):
        return  # told when the photo's size is known
    box: Box = (drawn[0], drawn[1], drawn[2], drawn[3])
    for number, present in added_faces.boxes(session, photo_id):
        if min(box[2:]) > 0 and overlap(present, box) >= recrops.SAME:
            raise InputError(tr("This square is face {number} already: draw another one, or cancel.", number=number))
