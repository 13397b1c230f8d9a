"""A photo whose faces can be chosen on it, which Streamlit's images cannot."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import streamlit as st

from fercore.language import counts, tr

HERE: Final = Path(__file__).parent


@dataclass(frozen=True)
class PickableFace:
    """A box in shares of the photo's width and height, with its emotion's colour, its name and what is said of it."""

    left: float
    top: float
    width: float
    height: float
    colour: str
    name: str
    label: str


@dataclass(frozen=True)
class ShownPhoto:
    """A photo as a data URL, its size (w, h), its faces (None while they are looked for), and whether they wait to be
    read; `is_new` where a phone shall go to it.
    """

    picture: str
    size: tuple[int, int]
    faces: Sequence[PickableFace] | None
    waits: bool = False
    is_new: bool = False

    @property
    def status(self) -> str:
        """The work on the photo in words, and once it is done, the number of its faces."""
        if self.faces is None:
            return tr("Looking for faces…")
        if not self.faces:
            return ""
        return tr("Reading emotions…") if self.waits else counts.faces(len(self.faces))


def draw(photo: ShownPhoto, key: str) -> int:
    """Draw a photo; returns the place of the chosen face, at first the first."""
    faces = photo.faces or ()
    chosen: int = min(st.session_state.get(f"{key}-face", 0), max(len(faces) - 1, 0))

    def received() -> None:
        place = (st.session_state.get(key) or {}).get("picked")
        if isinstance(place, int) and 0 <= place < len(faces):
            st.session_state[f"{key}-face"] = place

    _component()(
        key=key,
        data={
            "picture": photo.picture,
            "alt": tr("The photo with its faces marked"),
            "ratio": round(photo.size[0] / max(photo.size[1], 1), 4),
            "faces": [asdict(face) for face in faces],
            "chosen": chosen,
            "group": tr("Faces"),
            "isReading": photo.waits,
            "isNew": photo.is_new,
            "status": photo.status,
        },
        on_picked_change=received,
    )
    return chosen


@st.cache_resource(show_spinner=False)
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "fercore_face_picker",
        html='<div class="fcp-root"></div>',
        css=(HERE / "picker.css").read_text("utf-8"),
        js="\n".join((HERE / f"{name}.js").read_text("utf-8") for name in ("choice", "picker")),
        isolate_styles=False,
    )
