"""Pictures of a short video clip, a few for each second, decoded by OpenCV's FFmpeg.

FFmpeg opens what other files name where it takes a file for a playlist: only files whose first bytes are those of a
video are handed to it.
"""

import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.errors import UnreadableSourceError
from fercore.faces.kinds import HEAD, VIDEO, kind_of
from fercore.faces.opencv import opencv
from fercore.language.sentences import Sentence, sentence

RATE: Final = 5.0  # pictures for each second of the clip
MOST_SECONDS: Final = 60.0
MOST_PIXELS: Final = 10_000_000  # of one picture: a bit more than 4K
LONGEST_SIDE: Final = 1280  # in which faces are looked for
PATIENCE_SECONDS: Final = 300.0  # of this machine's time, whatever the clip says of its own
_THREADS: Final = 2
_FASTEST: Final = 240  # pictures in a second that a camera takes; what claims more has no clock
_USUAL: Final = 25.0
Bgr = npt.NDArray[np.uint8]


class Clip:
    """A clip's pictures in time; once they are read, `is_cut` says that it went on beyond what is read of one clip."""

    def __init__(self, path: Path) -> None:
        """Raises UnreadableSourceError for what is no clip, and for one whose pictures are too big."""
        self.is_cut = False
        with path.open("rb") as file:
            if kind_of(file.read(HEAD)) is not VIDEO:
                raise UnreadableSourceError(unreadable())
        cv2 = opencv()
        self._capture: Any = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, _THREADS])
        if not self._capture.isOpened():
            raise UnreadableSourceError(unreadable())
        width, height = (self._capture.get(name) for name in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
        if not width * height <= MOST_PIXELS:
            self._capture.release()
            raise UnreadableSourceError(
                sentence(
                    "The clip's pictures have {width} × {height} pixels, more than {limit} million. Make it smaller.",
                    width=f"{width:,.0f}",
                    height=f"{height:,.0f}",
                    limit=MOST_PIXELS // 10**6,
                )
            )

    def pictures(self) -> Iterator[tuple[float, Bgr]]:
        """(seconds, (h, w, 3) BGR uint8) of pictures at most `RATE` in a second, none larger than `LONGEST_SIDE`.

        Raises UnreadableSourceError where there is none.
        """
        due = 0.0
        try:
            for moment in self._moments():
                if moment + 1e-3 < due:
                    continue
                is_read, picture = self._capture.retrieve()
                if is_read and picture is not None and picture.size:
                    yield moment, _fitted(picture)
                    due = moment + 1 / RATE
            if not due:
                raise UnreadableSourceError(unreadable())
        finally:
            self._capture.release()

    def _moments(self) -> Iterator[float]:
        """The time of each picture in seconds, always later than the one before, whatever the file says."""
        cv2 = opencv()
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        step = 1 / (fps if math.isfinite(fps) and 1 <= fps <= _FASTEST else _USUAL)
        last, end = -step, time.monotonic() + PATIENCE_SECONDS
        for _ in range(round(MOST_SECONDS * _FASTEST)):
            if not self._capture.grab():
                return
            said = self._capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
            # A clock that stands still or jumps far ahead is none.
            last = said if math.isfinite(said) and last < said < last + MOST_SECONDS else last + step
            if last > MOST_SECONDS or time.monotonic() > end:
                break
            yield last
        self.is_cut = True


def unreadable() -> Sentence:
    """The sentence for a clip of which no picture can be read."""
    return sentence("The clip cannot be read: it is broken or of an unknown form. Save it as MP4 or WebM.")


def _fitted(picture: Bgr) -> Bgr:
    share = LONGEST_SIDE / max(picture.shape[:2])
    if share >= 1:
        return picture
    size = (max(1, round(picture.shape[1] * share)), max(1, round(picture.shape[0] * share)))
    smaller: Bgr = opencv().resize(picture, size, interpolation=opencv().INTER_AREA)
    return smaller
