"""Emotions in each style: displacements of brows, lids and mouth, after the facial action units.

The styles differ as Jack et al. (PNAS 2012) found that displays do: *west* speaks with brows and mouth,
*east* with the eyes. They are two ways to draw and stand for no real person.
"""

from dataclasses import astuple, dataclass
from typing import Final

import numpy as np

from fercore.drawing.styles import Style


@dataclass(frozen=True, slots=True)
class Expression:
    """Displacements from rest, each about -1 to 1; 0 everywhere is a neutral face."""

    inner_brow: float = 0.0  # up
    outer_brow: float = 0.0  # up
    frown: float = 0.0  # brows drawn together
    upper_lid: float = 0.0  # up: eye wider
    lower_lid: float = 0.0  # up: eye narrower from below
    nose_wrinkle: float = 0.0
    corners: float = 0.0  # corners of the mouth up
    stretch: float = 0.0  # mouth wider
    jaw: float = 0.0  # mouth open
    upper_lip: float = 0.0  # lip raised, teeth seen
    pupil: float = 0.0  # bigger
    gaze_down: float = 0.0
    blush: float = 0.0


# In the order of fercore.emotions: Angry, Disgust, Fear, Happy, Neutral, Sad, Surprise.
DISPLAYS: Final[dict[Style, tuple[Expression, ...]]] = {
    Style.WEST: (
        Expression(inner_brow=-1.0, outer_brow=0.4, frown=1.0, lower_lid=0.3, corners=-0.6, jaw=0.35, upper_lip=0.7),
        Expression(
            inner_brow=-0.5, frown=0.5, lower_lid=0.5, nose_wrinkle=1.0, corners=-0.7, stretch=-0.2, upper_lip=0.9
        ),
        Expression(inner_brow=1.0, outer_brow=-0.1, frown=0.6, upper_lid=0.6, corners=-0.5, stretch=0.7, jaw=0.35),
        Expression(outer_brow=0.2, lower_lid=0.3, corners=1.0, stretch=0.8, jaw=0.3, upper_lip=0.6),
        Expression(),
        Expression(inner_brow=0.9, outer_brow=-0.6, upper_lid=-0.2, corners=-1.0, stretch=-0.2),
        Expression(inner_brow=1.0, outer_brow=1.0, upper_lid=0.6, stretch=-0.5, jaw=1.0),
    ),
    Style.EAST: (
        Expression(
            inner_brow=-0.5,
            outer_brow=0.2,
            frown=0.5,
            upper_lid=-0.35,
            lower_lid=0.45,
            pupil=-0.5,
            corners=-0.15,
            stretch=-0.3,
        ),
        Expression(
            inner_brow=-0.2, upper_lid=-0.6, lower_lid=0.5, nose_wrinkle=0.7, corners=-0.35, gaze_down=0.4, stretch=0.2
        ),
        Expression(inner_brow=0.5, upper_lid=0.9, lower_lid=-0.2, pupil=-1.0, corners=-0.2, stretch=-0.2, jaw=0.1),
        Expression(inner_brow=0.1, outer_brow=0.1, upper_lid=-0.7, lower_lid=1.0, corners=0.5, stretch=0.1, blush=0.8),
        Expression(),
        Expression(
            inner_brow=0.5, outer_brow=-0.3, upper_lid=-0.5, gaze_down=1.0, corners=-0.3, pupil=0.3, stretch=-0.2
        ),
        Expression(inner_brow=0.6, outer_brow=0.6, upper_lid=1.0, pupil=0.6, jaw=0.35, stretch=-0.7),
    ),
}


def expression(style: Style, emotion: int, rng: np.random.Generator, strength: float = 1.0) -> Expression:
    """An emotion (0-6) as that style shows it, at a strength from 0 to 1, with a person's own variation."""
    display = np.array(astuple(DISPLAYS[style][emotion]))
    own = rng.normal(0.0, 0.06, display.size)
    gain = strength * rng.normal(1.3, 0.1, display.size)
    return Expression(*(float(value) for value in display * gain + own))
