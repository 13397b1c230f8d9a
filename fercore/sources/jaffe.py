"""JAFFE: ten Japanese women showing seven emotions, in files named `KA.AN1.39.tiff`.

KA is the person, AN the emotion, 1 the number of its take, and 39 the picture's number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fercore.emotions import index_of
from fercore.errors import Fault, UnreadableSourceError
from fercore.faces.attributes import PersonInfo
from fercore.faces.boxes import FaceSelection, Fallback
from fercore.faces.photos import is_picture_found
from fercore.faces.trees import TreeFile, everything_below
from fercore.language.sentences import sentence
from fercore.sources.leftovers import leftovers
from fercore.sources.record import AS_IT_IS, Item, OnProgress, Options, PhotoRecord
from fercore.sources.splits import closed_set, split_names
from fercore.splits import Split

WORDS: Final = ("AN", "DI", "FE", "HA", "NE", "SA", "SU")
SUFFIXES: Final = (".tiff", ".tif")  # of the originals, which count where the same picture is there in other forms
_NAME: Final = re.compile(rf"([A-Z]{{2}})\.({'|'.join(WORDS)})\d+\.\d+", re.IGNORECASE | re.ASCII)
_EXPECTED: Final = f"a name like 'KA.AN1.39.tiff': two letters for the person, then one of {', '.join(WORDS)}"


@dataclass(frozen=True, slots=True)
class _Named:
    file: TreeFile
    subject: str
    word: str


def read(path: Path, options: Options = AS_IT_IS, on_progress: OnProgress | None = None) -> Iterator[Item]:
    """Every TIFF as a photo, whose middle will do where no face is found; names of another form are faults.

    All are test faces unless `options.split` says otherwise. Raises `UnreadableSourceError` where there is
    no picture of JAFFE.
    """
    title = path.resolve().name
    with everything_below(path) as files:
        pictures, faults, others = _named(files)
        yield from faults
        yield from leftovers(title, others, files.links)
        if not pictures:
            also = f" ({faults[0]})" if faults else ""
            raise UnreadableSourceError(
                sentence(
                    "'{title}' contains no JAFFE pictures{also}. Expected files ending in {endings} with {expected}.",
                    title=title,
                    also=also,
                    endings=" ".join(SUFFIXES),
                    expected=_EXPECTED,
                )
            )
        split_of = closed_set(options, {picture.subject for picture in pictures}, Split.TEST)
        for done, picture in enumerate(pictures, start=1):
            yield PhotoRecord(
                identity=picture.file.base,
                file=picture.file.listed(),
                split=split_of(picture.subject, (*split_names(path), *picture.file.parents)),
                emotion=index_of(picture.word),
                word=picture.word,
                about=PersonInfo(subject=picture.subject),
                which=FaceSelection.LARGEST,
                fallback=Fallback.MIDDLE,
            )
            if on_progress:
                on_progress(done, len(pictures))


def _named(files: Iterator[TreeFile | Fault]) -> tuple[list[_Named], list[Fault], list[str]]:
    """Pictures with what their names say, each name once; faults; and the names of files that are none of JAFFE's."""
    named: dict[str, _Named] = {}
    faults: list[Fault] = []
    others: list[str] = []
    for file in files:
        if isinstance(file, Fault):
            faults.append(file)
            continue
        match = _NAME.fullmatch(file.stem)
        if match and is_picture_found(file):
            key, picture = file.stem.upper(), _Named(file, match[1].upper(), match[2].upper())
            if key not in named or (_is_original(file) and not _is_original(named[key].file)):
                named[key] = picture
        elif _is_original(file):
            faults.append(
                Fault(
                    file.name,
                    sentence("The name contains neither person nor emotion; expected {expected}.", expected=_EXPECTED),
                )
            )
        else:
            others.append(file.name)
    return list(named.values()), faults, others


def _is_original(file: TreeFile) -> bool:
    return file.suffix.lower() in SUFFIXES
