"""CK+'s original release: sequences of frames from a neutral face to the peak of an emotion, and their labels.

`cohn-kanade-images/S010/004/S010_004_00000017.png` is a frame, and
`Emotion/S010/004/S010_004_00000017_emotion.txt` says what its peak shows; most sequences have no label.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fercore.emotions import find, index_of
from fercore.errors import Fault, InputError, UnreadableSourceError
from fercore.faces.attributes import PersonInfo
from fercore.faces.boxes import FaceSelection, Fallback
from fercore.faces.photos import is_picture_found
from fercore.faces.trees import TreeFile
from fercore.language.sentences import sentence
from fercore.sources.record import Item, NeutralFrames, Notice, OnProgress, Options, PhotoRecord, left_out
from fercore.sources.splits import closed_set, split_names
from fercore.splits import Split

WORDS: Final = ("neutral", "anger", "contempt", "disgust", "fear", "happy", "sadness", "surprise")  # codes 0-7
_FRAME: Final = re.compile(r"(S\d{2,4})_(\d{2,4})_(\d{1,8})", re.IGNORECASE)
_LABEL: Final = re.compile(_FRAME.pattern + "_emotion", re.IGNORECASE)
_MAX_LABEL: Final = 1024  # bytes

SplitOf = Callable[[str, Iterable[str]], Split]


class BadLabelError(ValueError):
    """A label that cannot be used; the text says why."""


@dataclass(slots=True)
class _Shot:
    """One sequence: its frames by number, and its label with the number of the peak."""

    subject: str
    frames: dict[int, TreeFile] = field(default_factory=dict)
    label: TreeFile | None = None
    peak: int = 0


def is_label(file: TreeFile) -> bool:
    """True if a file's name is that of a sequence's label."""
    return file.suffix.lower() == ".txt" and _LABEL.fullmatch(file.stem) is not None


def read(files: Sequence[TreeFile], path: Path, options: Options, on_progress: OnProgress | None) -> Iterator[Item]:
    """The peak of each labelled sequence, and first frames as neutral faces as `options.neutral` says.

    Labels and frames that lack each other, and contempt, are notices. Raises `UnreadableSourceError` where
    no frame can be used.
    """
    title = path.resolve().name
    shots, others = _shots(files)
    yield from (Notice(file.name, sentence("Not a CK+ frame (S010_004_00000017.png); left out.")) for file in others)
    reading = _Reading(split_names(path), options, closed_set(options, {shot.subject for shot in shots}, Split.TRAIN))
    for done, shot in enumerate(shots, start=1):
        yield from reading.items(shot)
        if on_progress:
            on_progress(done, len(shots))
    if reading.contempt:
        yield left_out(title, "contempt", reading.contempt)
    if not reading.photos:
        raise UnreadableSourceError(
            sentence(
                "'{title}' contains labels of CK+, but none with readable frames. Put "
                "extended-cohn-kanade-images.zip, or its contents, into the same folder.",
                title=title,
            )
        )


def _shots(files: Sequence[TreeFile]) -> tuple[list[_Shot], list[TreeFile]]:
    """The sequences in the order of their names, and pictures that belong to none."""
    shots: dict[tuple[str, str], _Shot] = {}
    others: list[TreeFile] = []
    for file in files:
        picture = is_picture_found(file)
        match = _FRAME.fullmatch(file.stem) if picture else _LABEL.fullmatch(file.stem)
        if match is None:
            others += [file] if picture else []
            continue
        subject, number = match[1].upper(), int(match[3])
        shot = shots.setdefault((subject, match[2]), _Shot(subject))
        if picture:
            shot.frames.setdefault(number, file)
        elif is_label(file) and shot.label is None:
            shot.label, shot.peak = file, number
    return [shots[key] for key in sorted(shots)], others


class _Reading:
    """Sequences to photos, counting what is left out."""

    def __init__(self, above: tuple[str, ...], options: Options, split_of: SplitOf) -> None:
        self.photos = 0
        self.contempt = 0
        self._above = above
        self._neutral = options.neutral
        self._split_of = split_of

    def items(self, shot: _Shot) -> Iterator[Item]:
        """The neutral face and the peak of one sequence, and what is wrong with it."""
        peak = self._peak(shot, shot.label) if shot.label else None
        labelled = isinstance(peak, PhotoRecord)
        first = min(shot.frames, default=0)
        wanted = self._neutral == NeutralFrames.ALL or (self._neutral == NeutralFrames.LABELLED and labelled)
        if wanted and shot.frames and not (labelled and first == shot.peak):
            if first != 1:
                yield Notice(
                    shot.frames[first].name, sentence("The frames before it are missing; it was taken as neutral.")
                )
            yield self._photo(shot, first, "neutral")
        if peak is not None:
            yield peak

    def _peak(self, shot: _Shot, label: TreeFile) -> PhotoRecord | Fault | Notice | None:
        """The photo of a label; None for contempt."""
        if not shot.frames:
            return Notice(label.base, sentence("The frames of this label are not there; it was left out."))
        try:
            word = _word(label)
        except (BadLabelError, InputError) as error:
            return Fault(label.name, str(error))
        if find(word) is None:
            self.contempt += 1
            return None
        if shot.peak not in shot.frames:
            last = shot.frames[max(shot.frames)].base
            return Fault(
                label.name, sentence("The frame of this label is missing; the last one there is '{last}'.", last=last)
            )
        return self._photo(shot, shot.peak, word)

    def _photo(self, shot: _Shot, number: int, word: str) -> PhotoRecord:
        self.photos += 1
        frame = shot.frames[number]
        return PhotoRecord(
            identity=frame.base,
            file=frame.listed(),
            split=self._split_of(shot.subject, (*self._above, *frame.parents)),
            emotion=index_of(word),
            word=word,
            about=PersonInfo(subject=shot.subject),
            which=FaceSelection.LARGEST,
            fallback=Fallback.MIDDLE,
        )


def _word(label: TreeFile) -> str:
    """The word of the code in a label's file, such as "   3.0000000e+00"; raises `BadLabelError`."""
    text = label.listed().read(_MAX_LABEL).decode("utf-8-sig", errors="replace").strip()
    try:
        code = float(text)
    except ValueError:
        code = math.nan
    if code not in range(len(WORDS)):
        actual = "no such number" if text else "empty"
        raise BadLabelError(
            sentence(
                "The label is {came}, expected a code from 0 to {last} such as 3.0000000e+00.",
                came=actual,
                last=len(WORDS) - 1,
            )
        )
    return WORDS[int(code)]
