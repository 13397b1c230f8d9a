"""One photo on Predict: its faces to choose from, and beside it, or below on a phone, the chosen one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import streamlit as st

from fercore.emotions import COLOURS, EMOTIONS
from fercore.faces.boxes import Box
from fercore.language import tr, trn
from fercore.services.datasets.uploads import Upload
from fercore.services.prediction import photos
from fercore.services.prediction.photos import FoundPhoto
from fercore.ui import face_picker
from fercore.ui.face_picker import PickableFace, ShownPhoto
from fercore.ui.prediction import face
from fercore.ui.prediction.pictures import png
from fercore.ui.prediction.readers import Key, Readers, RunReading
from fercore.ui.shell.text import literal

SAVED_WIDTH: Final = 1600
_NO_EMOTION: Final = "#8C8C8C"


@dataclass
class PhotoOnPage:
    """A visitor's photo in this browser session: its picture as a data URL, its full size (w, h), its faces once they
    are found, what each model read in them or why it could not, and why the photo cannot be shown at all; `is_new`
    where a phone shall go to it.
    """

    picture: str = ""
    size: tuple[int, int] = (1, 1)
    found: FoundPhoto | None = None
    read: dict[Key, RunReading] = field(default_factory=dict)
    failed: dict[Key, str] = field(default_factory=dict)
    problem: str = ""
    is_new: bool = False

    def missing(self, keys: Sequence[Key]) -> list[Key]:
        """Those of the models that have not tried yet."""
        return [key for key in keys if key not in self.read and key not in self.failed]

    def waits_for(self, keys: Sequence[Key]) -> bool:
        """True if there is something left to find or to read."""
        return not self.problem and (self.found is None or bool(self.missing(keys)))


def draw(on_page: PhotoOnPage, upload: Upload, keys: Sequence[Key], chosen: Readers, is_shot: bool) -> None:
    """Draw a photo as far as it is read; `is_shot` if it comes from the camera."""
    there = [key for key in keys if key in on_page.read]
    faces = _faces(on_page, there)
    left, right = st.columns([3, 2])
    with left:
        shown = ShownPhoto(on_page.picture, on_page.size, faces, on_page.waits_for(keys), on_page.is_new)
        on_page.is_new = False
        place = face_picker.draw(shown, f"photo-{upload.file_id}")
        st.caption(literal(upload.name))
    with right:
        for key, why in on_page.failed.items():
            if key in keys:
                st.warning(f"{chosen.titles[key[0]]}: {literal(why)}", icon=":material/error:")
        if on_page.found is None or on_page.waits_for(keys):
            return
        if not faces:
            st.info(_advice(is_shot))
            return
        if on_page.found.extracted.left_out:
            st.caption(_left_out(on_page.found.extracted.left_out))
        if there:
            readings = {key: on_page.read[key] for key in there}
            face.draw(on_page.found, place, readings, chosen, f"{upload.file_id}-{place}")
            _save(on_page.found, readings[there[0]], upload)
    if len(there) > 1 and faces and not on_page.waits_for(keys):
        face.side_by_side(place, {key: on_page.read[key] for key in there}, chosen)


def _faces(on_page: PhotoOnPage, there: Sequence[Key]) -> list[PickableFace] | None:
    """The faces as boxes in shares of the photo, with what the first run reads in each; None until they are found."""
    found = on_page.found
    if found is None:
        return None
    boxes = [each.box for each in found.extracted.faces]
    rows = on_page.read[there[0]].probabilities if there else None
    return [
        _face(box, on_page.size, number, len(boxes), None if rows is None else rows[number - 1])
        for number, box in enumerate(boxes, start=1)
    ]


def _face(box: Box, size: tuple[int, int], number: int, count: int, row: "face.Row | None") -> PickableFace:
    (x, y, width, height), (wide, high) = box, size
    shares = (x / wide, y / high, width / wide, height / high)
    if row is None:
        label = tr("Face {number} of {count}", number=number, count=count)
        return PickableFace(*shares, _NO_EMOTION, "", label)
    best = int(row.argmax())
    emotion = tr(EMOTIONS[best])
    label = tr("Face {number} of {count}: {label}", number=number, count=count, label=f"{emotion} {row[best]:.0%}")
    return PickableFace(*shares, COLOURS[best], emotion, label)


def _advice(is_shot: bool) -> str:
    """Advice where no face was found: only before the camera can the person move."""
    if is_shot:
        return tr("No face was found. Faces should be frontal, upright and well lit.")
    return tr("No face was found. Try a photo in which the face is upright, sharp, well lit and not too small.")


def _left_out(count: int) -> str:
    return trn("{count} smaller face is left out.", "{count} smaller faces are left out.", count)


def _save(found: FoundPhoto, reading: RunReading, upload: Upload) -> None:
    """A button for the photo with its boxes, drawn at the click."""
    st.download_button(
        tr("Save the photo with its boxes"),
        partial(_with_boxes, found, reading, upload),
        "faces.png",
        "image/png",
        icon=":material/download:",
        on_click="ignore",
        type="tertiary",
        key=f"save-{upload.file_id}",
    )


def _with_boxes(found: FoundPhoto, reading: RunReading, upload: Upload) -> bytes:
    upload.seek(0)
    prediction = photos.prediction(found, reading.probabilities)
    return png(photos.with_boxes(prediction, upload.read(), SAVED_WIDTH))
