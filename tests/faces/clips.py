"""Clips for tests, written by OpenCV."""

import numpy as np

from fercore.drawing.photos import portrait_photo
from fercore.drawing.styles import Style
from fercore.faces.opencv import opencv

SIZE = (640, 360)


def write_clip(file, pictures, fps=10, codec="VP80"):
    """A clip of these BGR pictures."""
    cv2 = opencv()
    height, width = pictures[0].shape[:2]
    writer = cv2.VideoWriter(str(file), cv2.CAP_FFMPEG, cv2.VideoWriter_fourcc(*codec), fps, (width, height))
    assert writer.isOpened(), codec
    for picture in pictures:
        writer.write(picture)
    writer.release()
    return file


def grays(count, side=64):
    """Plain pictures, each a little lighter."""
    return [np.full((side, side, 3), 4 * number % 256, np.uint8) for number in range(count)]


def people(count, emotions=(3, 6), steps=4):
    """Two drawn people who move a few pixels to the right in each picture."""
    styles = (Style.WEST, Style.EAST)
    photo = portrait_photo([(style, emotion) for style, emotion in zip(styles, emotions, strict=True)], 1, SIZE)
    picture = np.ascontiguousarray(np.asarray(photo)[..., ::-1])
    return [np.roll(picture, steps * number, 1) for number in range(count)]
