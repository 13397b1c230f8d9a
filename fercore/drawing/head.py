"""The head without its expression: hair, neck, ears, skin and its shading."""

import numpy as np

from fercore.drawing.canvas import Canvas, Points, curve, ellipse, tinted
from fercore.drawing.person import Person, Rgb
from fercore.drawing.styles import Style

_TURN = np.linspace(0, 2 * np.pi, 48, endpoint=False)


def draw_back(canvas: Canvas, who: Person) -> None:
    """Parts behind the face: hair, neck, shoulders, ears."""
    if who.long_hair:
        reach = 0.9 if who.style == Style.WEST else 1.05
        canvas.fill(ellipse(0, 0.2, who.width * 1.25, reach), tinted(who.hair, 0.85))
    neck = who.width * 0.5
    canvas.fill(np.array([(-neck, 0.5), (neck, 0.5), (neck * 1.1, 1.4), (-neck * 1.1, 1.4)]), tinted(who.skin, 0.72))
    canvas.fill(ellipse(0, 1.95, 1.25, 0.85), tinted((90, 110, 140), 0.4 + who.fringe))
    for side in (-1, 1):
        canvas.fill(ellipse(side * who.width * 1.0, who.eye_y + 0.14, 0.09, 0.17), tinted(who.skin, 0.85), 0.01)
    canvas.fill(ellipse(0, -who.height * 0.36, who.width * 1.1, who.height * 0.78), who.hair)


def draw_skin(canvas: Canvas, who: Person) -> None:
    """The face's shape and soft shading: eye sockets, cheeks, the side away from the light."""
    outline = head_outline(who)
    canvas.fill(outline, tinted(who.skin, 0.9), 0.02)
    canvas.fill(outline * (0.93, 0.95), who.skin, 0.05)
    if who.style == Style.WEST:
        for side in (-1, 1):
            canvas.fill(ellipse(side * who.eye_x, who.eye_y - 0.03, 0.22, 0.14), tinted(who.skin, 0.8), 0.12)
            hollow = curve([(side * 0.56, 0.1), (side * 0.46, 0.3), (side * 0.44, 0.5)])
            canvas.line(hollow, tinted(who.skin, 0.9), 0.06, 0.08)
    else:
        for side in (-1, 1):
            canvas.fill(ellipse(side * who.eye_x, who.eye_y, 0.21, 0.13), tinted(who.skin, 0.87), 0.12)


def draw_front(canvas: Canvas, who: Person) -> None:
    """The hair that falls over the forehead, and glasses."""
    top = -who.height
    down = top + who.height * (0.22 + 0.3 * who.fringe)
    side = who.width * 1.06
    if who.style == Style.EAST:
        canvas.fill(_fringe(side, top, down), who.hair, 0.03)
    else:
        swept = curve([(-side, who.eye_y - 0.1), (-side * 0.5, down - 0.3), (side, down)], 12)
        crown = curve([(side, down), (side * 1.1, top - 0.35), (-side * 1.1, top - 0.35), (-side, -0.2)], 14)
        canvas.fill(np.concatenate([swept, crown]), who.hair, 0.03)
    if who.glasses:
        _draw_glasses(canvas, who)


def head_outline(who: Person) -> Points:
    """(48, 2) outline of the face: an ellipse whose lower half narrows towards the chin."""
    x, y = np.cos(_TURN), np.sin(_TURN)
    narrow = 1 - 0.32 * who.jaw * np.clip(y, 0, 1) ** 2
    return np.stack([who.width * x * narrow, who.height * y], axis=1)


def _fringe(side: float, top: float, down: float) -> Points:
    edge = np.linspace(-side, side, 9)
    teeth = np.where(np.arange(9) % 2 == 0, down, down - 0.1)
    teeth[[0, -1]] = down + 0.25
    crown = curve([(side, down), (side * 1.15, top - 0.3), (-side * 1.15, top - 0.3), (-side, down)], 14)
    return np.concatenate([np.stack([edge, teeth], axis=1), crown])


def _draw_glasses(canvas: Canvas, who: Person) -> None:
    frame: Rgb = (40, 40, 48)
    for side in (-1, 1):
        rim = ellipse(side * who.eye_x, who.eye_y + 0.02, 0.23, 0.19)
        canvas.line(np.concatenate([rim, rim[:1]]), frame, 0.025, 0.2)
    canvas.line(np.array([(-who.eye_x + 0.23, who.eye_y), (who.eye_x - 0.23, who.eye_y)]), frame, 0.025, 0.2)
