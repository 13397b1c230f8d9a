"""The photos of a folder or archive, and the emotion word that a photo's folder or name may carry."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

from fercore.emotions import find
from fercore.errors import UnreadableImageError, UnreadableSourceError
from fercore.faces.contents import is_archive
from fercore.faces.files import Listed, files_in, loose_file, readable
from fercore.faces.kinds import HEAD, kind_of
from fercore.faces.names import decoded_name
from fercore.faces.trees import TreeFile
from fercore.language.sentences import sentence

SUFFIXES: Final = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".webp", ".avif", ".heic", ".heif"),
    *(".bmp", ".tif", ".tiff", ".gif", ".pgm", ".ppm", ".pnm"),
)
# Pictures that cannot be decoded here: listed all the same, so that nobody wonders where they went.
FOREIGN_SUFFIXES: Final = (".jxl", ".jp2", ".cr2", ".cr3", ".nef", ".arw", ".dng", ".psd", ".svg")
# Files beside pictures that are none whatever is in them, and so many at times that each look would be felt.
_NO_PICTURES: Final = frozenset(
    (".txt", ".csv", ".tsv", ".json", ".jsonl", ".xml", ".yaml", ".yml", ".toml", ".md", ".html", ".htm", ".py", ".log")
)


class EmotionFrom(StrEnum):
    """The name that carries a photo's emotion: none, its folder's, or its own."""

    NONE = "none"
    PARENT = "parent"
    FILENAME = "filename"


EMOTION_FROM: Final = tuple(EmotionFrom)


def has_picture_ending(name: str) -> bool:
    """True if the ending of a file's name says that it is a picture, readable here or not."""
    return PurePosixPath(name).suffix.lower() in SUFFIXES + FOREIGN_SUFFIXES


def is_picture(file: Listed) -> bool:
    """True if a file is a picture: its ending says so, or its content, whatever it is called."""
    if file.suffix in SUFFIXES or file.suffix in FOREIGN_SUFFIXES:
        return True
    if file.suffix in _NO_PICTURES:
        return False
    try:
        with readable(file.name), file.open() as stream:
            kind = kind_of(stream.read(HEAD))
    except UnreadableImageError:
        return False
    return kind is not None and kind.is_picture


def is_picture_found(file: TreeFile) -> bool:
    """The same for a file of a walk, which is opened only where its ending says nothing."""
    return has_picture_ending(file.base) or is_picture(file.listed())


def pictures(files: Sequence[Listed]) -> list[Listed]:
    """Those files that are pictures, in the same order."""
    return [file for file in files if is_picture(file)]


def is_photo(path: Path) -> bool:
    """True if what is handed over is one file, and no folder or archive of photos."""
    return path.is_file() and not is_archive(path)


class Photos(list[Listed]):
    """The photos of what was handed over, sorted by name; the files `others` and `links` were left out."""

    def __init__(self, photos: Iterable[Listed], others: Sequence[str] = (), links: Sequence[str] = ()) -> None:
        super().__init__(photos)
        self.others, self.links = others, links


@contextmanager
def photos_in(path: Path) -> Iterator[Photos]:
    """The photos of a folder, an archive or of one picture file; read them inside the context.

    Raises `UnreadableSourceError` where there is no photo at all.
    """
    if is_photo(path):
        alone = loose_file(path, decoded_name(os.fsencode(path.name)))
        if not is_picture(alone):
            raise UnreadableSourceError(_no_photo(path, alone))
        yield Photos([alone])
        return
    with files_in(path) as files:
        photos = pictures(files)
        names = {file.name for file in photos}
        others = [file.name for file in files if file.name not in names]
        if not photos:
            raise UnreadableSourceError(no_pictures(path.name, others, files.links))
        yield Photos(photos, others, files.links)


def no_pictures(title: str, others: Sequence[str], links: Sequence[str]) -> str:
    """Why there is nothing to look at in a folder or archive, and what to do."""
    packed = next((name for name in others if PurePosixPath(name).suffix.lower() in (".zip", ".tar", ".tgz")), None)
    if packed:
        return sentence(
            "'{title}' contains no pictures, but '{packed}', which is an archive inside it. Unpack the outer one.",
            title=title,
            packed=packed,
        )
    if links:
        return sentence(
            "'{title}' contains no pictures except links to other folders, which are not followed "
            "({count}). Give the folder they point to, or copy the files (cp -rL).",
            title=title,
            count=f"{len(links):,}",
        )
    return sentence(
        "'{title}' contains no pictures. Looked for files ending in {endings}, and at the content of others.",
        title=title,
        endings=" ".join(SUFFIXES),
    )


def _no_photo(path: Path, file: Listed) -> str:
    with readable(file.name), file.open() as stream:
        kind = kind_of(stream.read(HEAD))
    if kind:
        return sentence("'{name}' is a {kind}, not a picture.", name=path.name, kind=kind.name)
    return sentence("'{name}' is neither a picture nor a folder, zip or tar file.", name=path.name)


def emotion_from(name: str, where: EmotionFrom, root: str = "") -> tuple[str, int | None]:
    """The emotion word in a photo's relative name and its index; ("", None) without one.

    `root` is the name of what the photo was found in, a folder above all others. `parent` takes the folder's
    name as the word, known or not; `filename` the first known word among the pieces of the file's name
    ("kim_happy_03.jpg", "여_20_기쁨_거실.jpg").
    """
    path = PurePosixPath(name)
    if where == EmotionFrom.PARENT:
        parent = path.parent.name or root
        return parent, find(parent)
    if where == EmotionFrom.FILENAME:
        # Two-letter codes (an, di, fe ...) are too common in names to mean an emotion.
        for word in re.split(r"[\W_\d]+", path.stem):
            if len(word) > 2 or not word.isascii():
                index = find(word)
                if index is not None:
                    return word, index
    return "", None
