"""Generated sample photos for visitors who have none: drawn people, in whom the detector finds every face."""

import io
from dataclasses import dataclass
from functools import cache
from typing import Final

from fercore.drawing.styles import Style

# People of each sample, a style and an emotion each, and the seed they are drawn with.
SAMPLES: Final[tuple[tuple[tuple[tuple[Style, int], ...], int], ...]] = (
    (((Style.WEST, 3), (Style.EAST, 6), (Style.WEST, 5)), 1),
    (((Style.EAST, 0), (Style.WEST, 2)), 7),
    (((Style.EAST, 3), (Style.EAST, 5), (Style.WEST, 4)), 3),
)
_SIZE: Final = (1200, 640)


@dataclass
class SamplePhoto:
    """A generated photo in the form of an upload."""

    name: str
    file_id: str
    data: bytes
    place: int = 0

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to a place in the file."""
        self.place = offset if whence == io.SEEK_SET else len(self.data) + offset
        return self.place

    def read(self, size: int = -1, /) -> bytes:
        """Read bytes."""
        end = len(self.data) if size < 0 else self.place + size
        part, self.place = self.data[self.place : end], min(end, len(self.data))
        return part


def sample(number: int) -> SamplePhoto:
    """The sample of this number, counted round."""
    place = number % len(SAMPLES)
    name = f"sample-{place + 1}.jpg"
    return SamplePhoto(name, name, _drawn(place))


@cache
def _drawn(place: int) -> bytes:
    from fercore.drawing.photos import portrait_photo

    people, seed = SAMPLES[place]
    file = io.BytesIO()
    portrait_photo(people, seed, _SIZE).save(file, "JPEG", quality=90)
    return file.getvalue()
