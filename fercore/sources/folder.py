"""Folders of pictures named after emotions, in any known vocabulary, from a folder or a zip.

`[anything/][train|validation|test/]EMOTION/picture`. Each picture becomes 48x48 gray by area
interpolation; of one that is not square the middle square is taken, since squeezing would bend the
expression and bars beside it would be learned.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from fercore.emotions import find, index_of
from fercore.errors import Fault, UnreadableImageError, UnreadableSourceError
from fercore.faces.decoding import decode
from fercore.faces.files import Listed, files_in
from fercore.faces.photos import SUFFIXES, pictures
from fercore.faces.pixels import centre_square, pixel_hash, shrink
from fercore.sources.record import AS_IT_IS, NOBODY, About, FaceRecord, OnProgress, Options, Split
from fercore.sources.splits import check_persons, find_split


def read(
    path: Path, options: Options = AS_IT_IS, on_progress: OnProgress | None = None
) -> Iterator[FaceRecord | Fault]:
    """Every picture in the order of its path; broken ones are faults.

    Raises, before anything is yielded, `UnknownEmotionError` for a folder whose name is no known word,
    and `UnreadableSourceError` where no picture is there, one lies in no emotion folder, or they are to be
    split by person. A split in `options.split` is for pictures in no split folder.
    """
    check_persons(options, path.resolve().name)
    with files_in(path) as files:
        found = pictures(files)
        check_form(found, path.name)
        for done, file in enumerate(found, start=1):
            yield face_of(file, _split_of(file.parts[:-2]) or options.split_or("train"))
            if on_progress:
                on_progress(done, len(found))


def check_form(found: Sequence[Listed], title: str) -> None:
    """Raise `UnreadableSourceError` where a picture lies in no emotion folder, `UnknownEmotionError` for its word."""
    if not found:
        raise UnreadableSourceError(
            f"'{title}' holds no pictures. Expected folders named after emotions with files ending in "
            f"{' '.join(SUFFIXES)}."
        )
    for file in found:
        if len(file.parts) < 2 or (find_split(file.parts[-2]) and find(file.parts[-2]) is None):
            raise UnreadableSourceError(
                f"'{file.name}' in '{title}' lies in no emotion folder. Expected paths like "
                "'angry/1.jpg' or 'train/angry/1.jpg'."
            )
    for word in sorted({file.parts[-2] for file in found}):
        index_of(word)


def face_of(file: Listed, split: Split, about: About = NOBODY) -> FaceRecord | Fault:
    """A picture in an emotion's folder as a face, or why it cannot be read."""
    try:
        photo = decode(file.read())
    except UnreadableImageError as error:
        return Fault(file.name, str(error))
    pixels = shrink(centre_square(photo.gray))
    word = file.parts[-2]
    return FaceRecord(
        identity=f"{file.name}#{photo.sha256}",
        split=split,
        emotion=index_of(word),
        word=word,
        pixels=pixels,
        pixel_hash=pixel_hash(pixels),
        where=file.name,
        about=about,
    )


def _split_of(parents: Sequence[str]) -> Split | None:
    """The split that the folder right above the emotion's names, if it names one."""
    return find_split(parents[-1]) if parents else None
