"""A face cut anew: its photo to draw a box on, and the new crop in place of the bad one."""

import base64
import hashlib
import io
from functools import cache
from reprlib import repr
from threading import Lock
from typing import Any, Final

from PIL import Image
from sqlalchemy.orm import Session

from fercore.curation.lease_owner import LeaseOwner
from fercore.curation.review_filter import ReviewFilter
from fercore.errors import InputError, UnreadableImageError
from fercore.faces.attributes import person_of
from fercore.faces.boxes import Box
from fercore.faces.decoding import DecodedPhoto, decode, decode_finer
from fercore.faces.extraction import ExtractedFace, Extractor, extractor
from fercore.faces.files import read_place
from fercore.language import tr
from fercore.services.datasets import detectors
from fercore.services.datasets.crop_writer import identity, seen
from fercore.store import Store
from fercore.store.datasets import faces
from fercore.store.datasets.faces import NewFace
from fercore.store.review import recrops
from fercore.store.tables import Face
from fercore.store.tables import Photo as PhotoRow

SHOWN_SIDE: Final = 960  # pixels of the photo as it is drawn on
SMALLEST: Final = 16  # full pixels; what is smaller shows no expression
_QUALITY: Final = 88
_ONE_AT_A_TIME: Final = Lock()  # a huge picture takes gigabytes while it is decoded


def photo(store: Store, face_id: int) -> dict[str, Any]:
    """The ground for a box: the photo as JPEG, its full size, the face's box and what the detector finds.

    A photo that is not there or has changed gives {"id", "problem"}.
    """
    try:
        face, source = _origin(store, face_id)
        details = shown(store, source)
    except (InputError, UnreadableImageError) as error:
        return {"id": face_id, "problem": str(error)}
    return {"id": face_id, "box": face.box, **details}


def shown(store: Store, source: PhotoRow) -> dict[str, Any]:
    """A photo to draw on: JPEG, full size, and what the detector finds; raises InputError, UnreadableImageError."""
    picture = opened(store, source)
    return {
        "picture": base64.b64encode(_jpeg(picture)).decode(),
        "size": list(picture.size),
        "found": [list(box) for box in detectors.chosen(store).look(picture)],
        "smallest": SMALLEST,
    }


def cut(store: Store, face_id: int, box: Any) -> NewFace:
    """The face in that box of its photo, not stored yet; raises InputError and UnreadableImageError."""
    face, source = _origin(store, face_id)
    picture = opened(store, source)
    square = checked(box, picture.size)
    with store.database.reading() as session:
        same = recrops.with_box(session, face.photo_id, square)
    if same == face_id:
        raise InputError(tr("The square is where it was: move it, or cancel."))
    if same is not None:
        raise InputError(tr("This square is face {number} already: reject this one instead.", number=same))
    return _new_face(face, drawn(picture, square), picture.sha256)


def drawn(picture: DecodedPhoto, square: Box) -> ExtractedFace:
    """The face in a square of an opened photo; raises UnreadableImageError."""
    with _ONE_AT_A_TIME:
        return _extractor().cut(picture, square)


def add(session: Session, view: ReviewFilter, holder: str, face_id: int, new: NewFace, action: str) -> int:
    """Store the new face, in a task also for those who have still to see it; returns its number."""
    new_id = recrops.add(session, session.get_one(Face, face_id), new, action)
    if view.task is not None:
        recrops.hand_out(session, LeaseOwner(view.task, view.reviewer, holder), face_id, new_id)
    return new_id


def _origin(store: Store, face_id: int) -> tuple[Face, PhotoRow]:
    with store.database.reading() as session:
        row = faces.with_photo(session, face_id)
    if row is None:
        raise InputError(tr("This face is gone."))
    face, source = row
    if source is None or not source.path:
        raise InputError(tr("This face has no photo, so its crop cannot be redrawn."))
    return face, source


def opened(store: Store, source: PhotoRow) -> DecodedPhoto:
    """A photo as it is drawn on, upright; raises InputError where it is gone, UnreadableImageError."""
    data = _bytes(store, source)
    with _ONE_AT_A_TIME:
        return decode_finer(decode(data), SHOWN_SIDE)


def _bytes(store: Store, source: PhotoRow) -> bytes:
    try:
        data = read_place(source.path, store.settings.data_dir)
    except UnreadableImageError as error:
        raise InputError(
            tr("The photo '{name}' is not where it was imported from: {why}", name=source.name, why=error)
        ) from None
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise InputError(tr("The photo '{name}' has changed since it was imported.", name=source.name))
    return data


@cache
def _extractor() -> Extractor:
    return extractor()


def checked(box: Any, size: tuple[int, int]) -> Box:
    """A square inside the picture, as the browser drew it; raises InputError."""
    if not isinstance(box, list) or len(box) != 4 or not all(type(value) is int for value in box):
        raise InputError(tr("A box is left, top, width and height in whole pixels; got {box}.", box=repr(box)))
    left, top, width, height = box
    inside = 0 <= left <= size[0] - width and 0 <= top <= size[1] - height
    if not inside or width != height or width < SMALLEST:
        raise InputError(
            tr(
                "A box is a square of at least {least} pixels inside the photo of {width} × {height}; got {box}.",
                least=SMALLEST,
                width=size[0],
                height=size[1],
                box=repr(box),
            )
        )
    return left, top, width, height


def _new_face(old: Face, extracted: ExtractedFace, sha256: str) -> NewFace:
    return NewFace(
        identity=identity(old.identity.rsplit("#", 2)[0], sha256, extracted),
        split=old.split,
        emotion=old.source_emotion,
        word=old.source_word,
        photo_id=old.photo_id,
        **vars(person_of(old)),
        **(seen(extracted) | {"doubtful": False}),  # somebody saw that it is a face
    )


def _jpeg(picture: DecodedPhoto) -> bytes:
    image = Image.fromarray(picture.colour)
    image.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
