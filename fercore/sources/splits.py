"""Splits of faces: by the words that sources use, or by person, so that nobody is in two splits."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Final

from fercore.errors import UnreadableSourceError
from fercore.faces.names import given_name
from fercore.language.sentences import sentence
from fercore.sources.record import Options
from fercore.splits import Split, SplitChoice

# FER2013's PublicTest is validation and its PrivateTest is test, everywhere in fercore.
WORDS: Final[dict[Split, tuple[str, ...]]] = {
    Split.TRAIN: ("train", "training"),
    Split.VALIDATION: ("validation", "val", "valid", "publictest"),
    Split.TEST: ("test", "testing", "privatetest"),
}
_SPLITS: Final = {word: split for split, words in WORDS.items() for word in words}
_HELD_OUT: Final = 0.1  # the share of validation and that of test


def find_split(word: str) -> Split | None:
    """The split that a folder name or a `Usage` stands for, in any case; None for other words."""
    return _SPLITS.get(word.strip().lower())


def named_in(names: Iterable[str]) -> Split | None:
    """The split that a path names in any piece of its names ("1.Training", "EMOIMG_기쁨_VALID"), the last first."""
    for name in reversed(tuple(names)):
        for word in reversed(_pieces(name)):
            split = find_split(word)
            if split:
                return split
    return None


def split_names(path: Path) -> tuple[str, ...]:
    """The name of what is read, where it is a split and no more ("1.Training"); other names are their user's."""
    name = given_name(path)
    return (name,) if len(_pieces(name)) == 1 else ()


def given_split(path: Path) -> Split | None:
    """The split that the name of what is read stands for ("test", "test.zip"), if it is one and no more."""
    return named_in(split_names(path))


def _pieces(name: str) -> list[str]:
    return [piece for piece in re.split(r"[\W_\d]+", name) if piece]


def check_persons(options: Options, title: str, instead: str = "") -> None:
    """Raise `UnreadableSourceError` where a source that names no persons is to be split by person."""
    if options.split == SplitChoice.SUBJECT:
        raise UnreadableSourceError(
            sentence(
                "'{title}' names no persons, so it cannot be split by person. Split it as the source does{instead}.",
                title=title,
                instead=instead,
            )
        )


def by_person(subject: str, seed: int) -> Split:
    """The split of one person of an open set: about 80, 10 and 10 of 100, whoever else there is or comes later."""
    place = int.from_bytes(_digest(subject, seed)[:8]) / 2**64
    if place < 1 - 2 * _HELD_OUT:
        return Split.TRAIN
    return Split.VALIDATION if place < 1 - _HELD_OUT else Split.TEST


def by_rank(subjects: Collection[str], seed: int) -> dict[str, Split]:
    """The split of each person of a closed set: 80, 10 and 10 of 100, and none empty from three persons on."""
    ranked = sorted(set(subjects), key=lambda subject: _digest(subject, seed))
    held_out = max(1, round(len(ranked) * _HELD_OUT))
    tests = held_out if len(ranked) > 1 else 0
    validations = held_out if len(ranked) > 2 else 0
    bounds = (tests, tests + validations)
    return {subject: _by_bounds(place, bounds) for place, subject in enumerate(ranked)}


def closed_set(options: Options, subjects: Collection[str], default: Split) -> Callable[[str, Iterable[str]], Split]:
    """The splits of a closed set of people: a function of a person and of the folders above the picture."""
    if options.split == SplitChoice.SUBJECT:
        ranked = by_rank(subjects, options.seed)
        return lambda subject, above: ranked[subject]
    if options.split == SplitChoice.SOURCE:
        return lambda subject, above: named_in(above) or default
    return lambda subject, above: options.split_or(default)


def _by_bounds(place: int, bounds: tuple[int, int]) -> Split:
    if place < bounds[0]:
        return Split.TEST
    return Split.VALIDATION if place < bounds[1] else Split.TRAIN


def _digest(subject: str, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}:{subject}".encode()).digest()
