"""CK+ in its three forms: small pictures in emotion folders, Kaggle's CSV, and the original release."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from fercore.emotions import FER2013_CODES, find, is_other_class
from fercore.errors import Fault, UnreadableSourceError
from fercore.faces.contents import is_archive
from fercore.faces.photos import is_picture_found
from fercore.faces.trees import TreeFile, everything_below
from fercore.language.sentences import sentence
from fercore.sources import ckplus_folders, ckplus_frames
from fercore.sources.leftovers import leftovers
from fercore.sources.lines import opened
from fercore.sources.record import AS_IT_IS, Item, OnProgress, Options
from fercore.sources.rows import FER2013, Coding
from fercore.sources.splits import check_persons
from fercore.sources.tables import TableForm, read_table
from fercore.splits import Split, SplitChoice

_CODING: Final = Coding("CK+", (*FER2013.words, "contempt"), (*FER2013_CODES, None))
_EXPECTED: Final = (
    "Expected pictures in folders named after emotions, Kaggle's CSV with emotion,pixels,Usage, or the original "
    "release: extended-cohn-kanade-images and Emotion_labels beside each other, in zips or unpacked"
)


def read(path: Path, options: Options = AS_IT_IS, on_progress: OnProgress | None = None) -> Iterator[Item]:
    """Every face of CK+ but those of contempt, which are counted in a notice.

    All faces are training faces unless `options.split` says otherwise; `options.neutral` is for the original
    release. Raises `UnreadableSourceError` for another form, and `UnknownEmotionError` for a folder whose
    name is no emotion.
    """
    title = path.resolve().name
    with everything_below(path) as below:
        files = list(below)
        faults = [file for file in files if isinstance(file, Fault)]
        listed = [file for file in files if isinstance(file, TreeFile)]
        yield from faults
        yield from leftovers(title, [file.name for file in listed if not _is_read(file)], below.links)
        if any(ckplus_frames.is_label(file) for file in listed):
            yield from ckplus_frames.read(listed, path, options, on_progress)
        elif _is_folders(listed):
            yield from ckplus_folders.read(listed, path, options, on_progress)
        elif (path.is_dir() or is_archive(path)) and not _has_table(listed):
            also = f" ({faults[0]})" if faults else ""
            raise UnreadableSourceError(
                sentence(
                    "'{title}' contains nothing of CK+{also}. {expected}.", title=title, also=also, expected=_EXPECTED
                )
            )
        else:
            yield from _table(path, options, on_progress)


def _is_read(file: TreeFile) -> bool:
    """True if a file is of a kind that one of the three forms has."""
    return file.suffix.lower() == ".csv" or ckplus_frames.is_label(file) or is_picture_found(file)


def _has_table(files: Sequence[TreeFile]) -> bool:
    return any(file.suffix.lower() == ".csv" for file in files)


def _is_folders(files: Sequence[TreeFile]) -> bool:
    """True if its pictures are the faces; beside a CSV they are so only in folders named after emotions."""
    pictures = [file for file in files if is_picture_found(file)]
    return bool(pictures) and (not _has_table(files) or any(_is_of_an_emotion(file) for file in pictures))


def _is_of_an_emotion(picture: TreeFile) -> bool:
    above = picture.parents[-1] if picture.parents else ""
    return is_other_class(above) or find(above) is not None


def _table(path: Path, options: Options, on_progress: OnProgress | None) -> Iterator[Item]:
    check_persons(options, path.name, ", or import the pictures instead, whose names tell the person")
    split = None if options.split == SplitChoice.SOURCE else options.split_or(Split.TRAIN)
    with opened(path) as lines:
        yield from read_table(lines, TableForm(_CODING, "ckextended.csv", split, Split.TRAIN), on_progress)
