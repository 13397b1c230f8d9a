"""The photos of a folder or zip, and the emotion word that a photo's folder or name may carry."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from fercore.emotions import find
from fercore.errors import UnreadableSourceError
from fercore.faces.files import Listed, files_in, loose_file

SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif")
# Pictures that cannot be decoded here: listed all the same, so that nobody wonders where they went.
FOREIGN_SUFFIXES: Final = (".heic", ".heif", ".avif", ".jxl", ".jp2", ".cr2", ".nef", ".arw", ".dng")

EmotionFrom = Literal["none", "parent", "filename"]
EMOTION_FROM: Final[tuple[EmotionFrom, ...]] = ("none", "parent", "filename")


def is_picture(file: Listed) -> bool:
    """Whether the ending of a file's name says that it is a picture, readable here or not."""
    return file.suffix in SUFFIXES or file.suffix in FOREIGN_SUFFIXES


def pictures(files: Sequence[Listed]) -> list[Listed]:
    """Those files that are pictures, in the same order."""
    return [file for file in files if is_picture(file)]


@contextmanager
def photos_in(path: Path) -> Iterator[list[Listed]]:
    """The photos of a folder, a zip or of one picture file, sorted by name; read them inside the context.

    Raises `UnreadableSourceError` where there is no photo at all.
    """
    if path.is_file() and path.suffix.lower() in SUFFIXES + FOREIGN_SUFFIXES:
        yield [loose_file(path, path.name)]
        return
    with files_in(path) as files:
        found = pictures(files)
        if not found:
            raise UnreadableSourceError(
                f"'{path.name}' holds no photo. Looked for files ending in {' '.join(SUFFIXES)}."
            )
        yield found


def emotion_from(name: str, where: EmotionFrom) -> tuple[str, int | None]:
    """The emotion word in a photo's relative name and its index; ("", None) without one.

    `parent` takes the folder's name as the word, known or not; `filename` the first known word among
    the pieces of the file's name ("kim_happy_03.jpg", "여_20_기쁨_거실.jpg").
    """
    path = PurePosixPath(name)
    if where == "parent":
        return path.parent.name, find(path.parent.name)
    if where == "filename":
        # Two-letter codes (an, di, fe ...) are too common in names to mean an emotion.
        for word in re.split(r"[\W_\d]+", path.stem):
            if len(word) > 2 or not word.isascii():
                index = find(word)
                if index is not None:
                    return word, index
    return "", None
