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
from fercore.sources.record import AS_IT_IS, FaceRecord, OnProgress, Options, Split
from fercore.sources.splits import find_split


def read(
    path: Path, options: Options = AS_IT_IS, on_progress: OnProgress | None = None
) -> Iterator[FaceRecord | Fault]:
    """Every picture in the order of its path; broken ones are faults.

    Raises, before anything is yielded, `UnknownEmotionError` for a folder whose name is no known word,
    and `UnreadableSourceError` where no picture is there or one lies in no emotion folder.
    """
    with files_in(path) as files:
        found = pictures(files)
        _check_form(found, path.name)
        for done, file in enumerate(found, start=1):
            yield _record(file, options.split_or("train"))
            if on_progress:
                on_progress(done, len(found))


def _check_form(found: Sequence[Listed], title: str) -> None:
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


def _record(file: Listed, default_split: Split) -> FaceRecord | Fault:
    try:
        data = file.read()
        photo = decode(data)
    except UnreadableImageError as error:
        return Fault(file.name, str(error))
    pixels = shrink(centre_square(photo.gray))
    word = file.parts[-2]
    return FaceRecord(
        identity=f"{file.name}#{photo.sha256}",
        split=_split_of(file.parts[:-2]) or default_split,
        emotion=index_of(word),
        word=word,
        pixels=pixels,
        pixel_hash=pixel_hash(pixels),
        where=file.name,
    )


def _split_of(parents: Sequence[str]) -> Split | None:
    """The split that the folder right above the emotion's names, if it names one."""
    return find_split(parents[-1]) if parents else None
