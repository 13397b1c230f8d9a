"""CK+ as small pictures in folders named after emotions: `[train|val|test/]anger/S010_004_00000017.png`."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from fercore.errors import Fault, UnreadableSourceError
from fercore.faces.attributes import PersonInfo
from fercore.faces.files import Listed
from fercore.faces.names import given_name
from fercore.faces.photos import is_picture_found
from fercore.faces.trees import TreeFile
from fercore.language.sentences import sentence
from fercore.sources.folder import face_of, sort_words, word_of
from fercore.sources.record import Item, OnProgress, Options
from fercore.sources.splits import closed_set, split_names
from fercore.splits import Split, SplitChoice

_SUBJECT: Final = re.compile(r"(S\d{2,4})(?!\d)", re.IGNORECASE)
_SEQUENCE: Final = re.compile(r"\d{3}")


def read(files: Sequence[TreeFile], path: Path, options: Options, on_progress: OnProgress | None) -> Iterator[Item]:
    """Every picture in the order of its path; raises as `folder.read` does, before anything is yielded."""
    title, root = path.resolve().name, given_name(path)
    pictures = [file.listed() for file in files if is_picture_found(file)]
    _check_form(pictures, title)
    faces, notices = sort_words(pictures, root, title, options.skip_unknown)
    subjects = {file.name: subject for file in faces if (subject := _subject(file))}
    split_of = closed_set(options, subjects.values(), Split.TRAIN)
    for done, file in enumerate(faces, start=1):
        subject = subjects.get(file.name)
        if subject is None and options.split == SplitChoice.SUBJECT:
            yield Fault(
                file.name, sentence("The name contains no person such as 'S010', so it cannot be split by person.")
            )
        else:
            split = split_of(subject or "", (*split_names(path), *file.parts[:-2]))
            yield face_of(file, split, word_of(file, root), PersonInfo(subject=subject))
        if on_progress:
            on_progress(done, len(faces))
    yield from notices


def _subject(file: Listed) -> str | None:
    match = _SUBJECT.match(file.parts[-1])
    return match[1].upper() if match else None


def _check_form(faces: Sequence[Listed], title: str) -> None:
    if any(len(file.parts) > 1 and _SEQUENCE.fullmatch(file.parts[-2].strip()) for file in faces):
        raise UnreadableSourceError(
            sentence(
                "'{title}' contains CK+'s sequences of frames, but no label such as "
                "'S010_004_00000017_emotion.txt'. Put Emotion_labels.zip, or its contents, into the "
                "same folder.",
                title=title,
            )
        )
