"""The features that show an emotion: eyes, brows, nose and mouth."""

import numpy as np

from fercore.drawing.canvas import Canvas, curve, ellipse, tinted
from fercore.drawing.expressions import Expression
from fercore.drawing.person import Person, Rgb
from fercore.drawing.styles import Style

_INK: Rgb = (38, 30, 30)
_WHITE: Rgb = (238, 236, 232)
_MOUTH: Rgb = (88, 30, 34)
_LIP: Rgb = (176, 92, 84)


def draw_eyes(canvas: Canvas, who: Person, shown: Expression, gaze: float) -> None:
    """Both eyes; lids that meet are drawn as one line, bent up by a smile."""
    upper = who.eye_height * max(0.0, 1.0 + 0.9 * shown.upper_lid)
    lower = who.eye_height * max(-0.6, 0.55 - 0.9 * shown.lower_lid)
    for side in (-1, 1):
        x, y, half = side * who.eye_x, who.eye_y, who.eye_width
        top = [(x - half, y), (x - half * 0.5, y - upper * 1.5), (x + half * 0.5, y - upper * 1.5), (x + half, y)]
        bottom = [(x + half, y), (x + half * 0.5, y + lower * 1.5), (x - half * 0.5, y + lower * 1.5), (x - half, y)]
        lid = curve(top)
        if upper + lower > who.eye_height * 0.5:
            canvas.fill(np.concatenate([lid, curve(bottom)]), _WHITE, 0.15)
            iris = who.eye_height * (0.85 + 0.3 * shown.pupil)
            middle = y + (lower - upper) * 0.45 + 0.03 * shown.gaze_down
            seen = min(iris, (upper + lower) * 0.6)
            canvas.fill(ellipse(x + gaze, middle, iris * 0.9, seen), _INK, 0.15)
        else:
            lid = curve([(x - half, y), (x, y - 2.2 * max(upper, -lower, 0.02)), (x + half, y)])
        canvas.line(lid, _INK, 0.035, 0.15)


def draw_brows(canvas: Canvas, who: Person, shown: Expression) -> None:
    """Both brows: the inner and outer end move apart, and a frown draws the inner ends together."""
    for side in (-1, 1):
        y = who.eye_y - who.brow_gap - 0.04
        inner = (side * (who.eye_x - 0.17 - 0.05 * shown.frown), y - 0.11 * shown.inner_brow)
        outer = (side * (who.eye_x + 0.2), y - 0.1 * shown.outer_brow + 0.03)
        arch = (side * (who.eye_x + 0.05), y - 0.06 - 0.06 * (shown.inner_brow + shown.outer_brow))
        canvas.line(curve([inner, arch, outer], 8), tinted(who.hair, 0.8), who.brow_weight, 0.14)
    if shown.frown > 0.35:
        for side in (-1, 1):
            fold = np.array([(side * 0.045, who.eye_y - 0.2), (side * 0.035, who.eye_y - 0.06)])
            canvas.line(fold, tinted(who.skin, 0.62), 0.02, 0.16)


def draw_nose(canvas: Canvas, who: Person, shown: Expression) -> None:
    """The nose, shaded in the west and hinted at in the east, and its wrinkles."""
    tip = who.eye_y + who.nose_length - 0.03 * shown.nose_wrinkle
    shade = tinted(who.skin, 0.7)
    if who.style == Style.WEST:
        bridge = [(-0.05, who.eye_y), (-who.nose_width * 0.7, tip - 0.1), (-who.nose_width, tip)]
        canvas.line(curve(bridge), tinted(who.skin, 0.8), 0.045, 0.22)
        canvas.line(np.array([(0.02, who.eye_y), (0.03, tip - 0.08)]), tinted(who.skin, 1.12), 0.05, 0.24)
        base = [(-who.nose_width, tip - 0.02), (0, tip + 0.09), (who.nose_width, tip - 0.02)]
        canvas.line(curve(base), shade, 0.035, 0.24)
    else:
        canvas.line(curve([(-who.nose_width, tip), (0, tip + 0.05), (who.nose_width, tip)]), shade, 0.025, 0.2)
    if shown.nose_wrinkle > 0.3:
        for row in range(3):
            y = who.eye_y + 0.06 + 0.06 * row
            for side in (-1, 1):
                wrinkle = curve([(side * 0.03, y + 0.02), (side * 0.08, y - 0.02), (side * 0.14, y + 0.04)], 6)
                canvas.line(wrinkle, tinted(who.skin, 0.66), 0.02, 0.22)


def draw_mouth(canvas: Canvas, who: Person, shown: Expression) -> None:
    """The mouth: lips along the corners' bend, open by the jaw, with teeth under a raised lip."""
    half = who.mouth_width * (1 + 0.4 * shown.stretch)
    middle = who.mouth_y - 0.04 * shown.upper_lip
    corner = middle - 0.13 * shown.corners
    gape = 0.3 * max(0.0, shown.jaw)
    lifted = 0.09 * max(0.0, shown.upper_lip)
    bend = middle + 0.09 * shown.corners
    top = curve(
        [
            (-half, corner),
            (-half * 0.4, bend - lifted - gape * 0.3),
            (half * 0.4, bend - lifted - gape * 0.3),
            (half, corner),
        ]
    )
    bottom = curve([(half, corner), (half * 0.5, bend + gape * 1.2), (-half * 0.5, bend + gape * 1.2), (-half, corner)])
    if gape + lifted > 0.045:
        canvas.fill(np.concatenate([top, bottom]), _MOUTH, 0.16)
        if shown.upper_lip > 0.25:
            edge = top * 0.62 + bottom[::-1] * 0.38
            teeth = np.concatenate([top[1:9], edge[8:0:-1]])
            canvas.fill(teeth, _WHITE, 0.16)
        canvas.line(bottom, _LIP, who.lip, 0.16)
    canvas.line(top, tinted(_LIP, 0.75), who.lip, 0.16)
    if shown.corners > 0.5 or shown.nose_wrinkle > 0.5:
        for side in (-1, 1):
            fold = [
                (side * 0.17, who.mouth_y - 0.24),
                (side * (half + 0.08), corner - 0.1),
                (side * (half + 0.06), corner + 0.05),
            ]
            canvas.line(curve(fold, 8), tinted(who.skin, 0.75), 0.025, 0.14)


def draw_blush(canvas: Canvas, who: Person, shown: Expression) -> None:
    """Cheeks that a smile lifts and reddens."""
    if shown.blush > 0.35:
        red, green, blue = who.skin
        flushed = (red, round(green * 0.86), round(blue * 0.86))
        for side in (-1, 1):
            canvas.fill(ellipse(side * 0.45, who.eye_y + 0.24, 0.13, 0.07), flushed, 0.12)
