"""CK+ in its three forms: small pictures in emotion folders, Kaggle's CSV, and the original release."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fercore.emotions import FER2013_CODES
from fercore.errors import Fault, UnreadableSourceError
from fercore.faces.files import is_zip
from fercore.faces.photos import SUFFIXES
from fercore.faces.trees import Found, everything_below
from fercore.sources import ckplus_folders, ckplus_frames
from fercore.sources.lines import opened
from fercore.sources.record import AS_IT_IS, Item, OnProgress, Options
from fercore.sources.rows import FER2013, Coding
from fercore.sources.tables import Form, read_table

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
        found = [file for file in files if isinstance(file, Found)]
        yield from faults
        if any(ckplus_frames.is_label(file) for file in found):
            yield from ckplus_frames.read(found, path, options, on_progress)
        elif any(file.suffix.lower() in SUFFIXES for file in found):
            yield from ckplus_folders.read(found, path, options, on_progress)
        elif (path.is_dir() or is_zip(path)) and not any(file.suffix.lower() == ".csv" for file in found):
            also = f" ({faults[0]})" if faults else ""
            raise UnreadableSourceError(f"'{title}' holds nothing of CK+{also}. {_EXPECTED}.")
        else:
            yield from _table(path, options, on_progress)


def _table(path: Path, options: Options, on_progress: OnProgress | None) -> Iterator[Item]:
    if options.split == "subject":
        raise UnreadableSourceError(
            f"'{path.name}' names no persons, so it cannot be split by person. Split it as the source does, or "
            "import the pictures instead, whose names tell the person."
        )
    split = None if options.split == "source" else options.split_or("train")
    with opened(path) as lines:
        yield from read_table(lines, Form(_CODING, "ckextended.csv", split), on_progress)
