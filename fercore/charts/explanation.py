"""Pictures of an explanation: the map over its face, and the curves of a face that vanishes and appears."""

from typing import Final

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from fercore.charts.theme import DASHES, SERIES, dressed
from fercore.faces.opencv import opencv
from fercore.faces.pixels import Colour
from fercore.language import tr

SIDE: Final = 240
_FOR: Final = (230, 159, 0)
_AGAINST: Final = (86, 180, 233)
_OPAQUE: Final = 0.75  # at most: the face stays visible


def overlay(face: npt.NDArray[np.uint8], importance: npt.NDArray[np.floating]) -> Colour:
    """(240, 240, 3) uint8: a (48, 48) face, orange where a (48, 48) map is above zero and blue where it is below."""
    cv2 = opencv()
    gray = cv2.resize(face, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC).astype(np.float32)[..., None]
    fine = cv2.resize(np.asarray(importance, np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)[..., None]
    strength = np.abs(fine) / max(float(np.abs(importance).max()), 1e-6) * _OPAQUE
    ink = np.where(fine > 0, np.array(_FOR, np.float32), np.array(_AGAINST, np.float32))
    mixed: Colour = np.clip(gray + np.minimum(strength, _OPAQUE) * (ink - gray), 0, 255).astype(np.uint8)
    return mixed


def curves(deletion: npt.NDArray[np.floating], insertion: npt.NDArray[np.floating], height: int = 220) -> go.Figure:
    """The probability while the face is hidden and while it is shown, the most important pixels first."""
    shares = np.linspace(0, 100, len(deletion))
    names = (tr("hidden, most important first"), tr("shown, most important first"))
    figure = go.Figure(
        [
            go.Scatter(x=shares, y=values, name=name, mode="lines", line={"color": colour, "dash": dash})
            for name, values, colour, dash in zip(names, (deletion, insertion), SERIES, DASHES, strict=False)
        ]
    )
    figure.update_xaxes(title=tr("Part of the face, %"), range=[0, 100])
    figure.update_yaxes(title=tr("Probability"), range=[0, 1], tickformat=".0%")
    return dressed(figure, height)
