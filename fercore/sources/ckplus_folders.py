"""CK+ as small pictures in folders named after emotions: `[train|val|test/]anger/S010_004_00000017.png`."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from fercore.errors import Fault, UnreadableSourceError
from fercore.faces.files import Listed
from fercore.faces.photos import SUFFIXES
from fercore.faces.trees import Found
from fercore.sources.folder import check_form, face_of
from fercore.sources.record import About, Item, OnProgress, Options, left_out
from fercore.sources.splits import closed_set, split_names

_CONTEMPT: Final = frozenset({"contempt", "경멸"})
_SUBJECT: Final = re.compile(r"(S\d{2,4})(?!\d)", re.IGNORECASE)
_SEQUENCE: Final = re.compile(r"\d{3}")


def read(files: Sequence[Found], path: Path, options: Options, on_progress: OnProgress | None) -> Iterator[Item]:
    """Every picture in the order of its path; raises as `folder.read` does, before anything is yielded."""
    title = path.resolve().name
    pictures = [file.listed() for file in files if file.suffix.lower() in SUFFIXES]
    faces = [file for file in pictures if not is_contempt(_word(file))]
    _check_form(faces, title)
    subjects = {file.name: subject for file in faces if (subject := _subject(file))}
    split_of = closed_set(options, subjects.values(), "train")
    for done, file in enumerate(faces, start=1):
        subject = subjects.get(file.name)
        if subject is None and options.split == "subject":
            yield Fault(file.name, "The name tells no person such as 'S010', so it cannot be split by person.")
        else:
            split = split_of(subject or "", (*split_names(path), *file.parts[:-2]))
            yield face_of(file, split, About(subject=subject))
        if on_progress:
            on_progress(done, len(faces))
    if len(pictures) > len(faces):
        yield left_out(title, "contempt", len(pictures) - len(faces))


def is_contempt(word: str) -> bool:
    """Whether a folder's name is CK+'s eighth class, which is none of the seven emotions."""
    return word.strip().lower() in _CONTEMPT


def _word(file: Listed) -> str:
    return file.parts[-2] if len(file.parts) > 1 else ""


def _subject(file: Listed) -> str | None:
    match = _SUBJECT.match(file.parts[-1])
    return match[1].upper() if match else None


def _check_form(faces: Sequence[Listed], title: str) -> None:
    if any(_SEQUENCE.fullmatch(_word(file).strip()) for file in faces):
        raise UnreadableSourceError(
            f"'{title}' holds CK+'s sequences of frames, but no label such as 'S010_004_00000017_emotion.txt'. Put "
            "Emotion_labels.zip, or what is in it, into the same folder."
        )
    check_form(faces, title)
