"""Numbers of faces as people write them and as addresses carry them: "#123", "12-80,95"."""

import re
from collections.abc import Iterable
from typing import Final

from fercore.store import Store
from fercore.store.datasets import faces

LONGEST: Final = 3_000  # characters that every browser and proxy takes in an address
HIGHEST: Final = 2**31 - 1
_RANGE: Final = re.compile(r"(\d{1,10})(?:-(\d{1,10}))?", re.ASCII)


def written(face_ids: Iterable[int]) -> tuple[str, int]:
    """Numbers as ranges, in their order, and how many of the first ones that fit into an address."""
    text, count = "", 0
    for first, last in _runs(sorted(set(face_ids))):
        part = f"{first}-{last}" if last > first else str(first)
        longer = f"{text},{part}" if text else part
        if len(longer) > LONGEST:
            break
        text, count = longer, count + last - first + 1
    return text, count


def read(text: str, most: int = 100_000) -> tuple[int, ...]:
    """The numbers that such a text names, at most so many; empty for any other text."""
    numbers: set[int] = set()
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            return ()
        first, last = int(match[1]), int(match[2] or match[1])
        if last > HIGHEST or last - first >= most - len(numbers):
            return ()
        numbers.update(range(first, last + 1))
    return tuple(sorted(numbers))


def parsed_number(text: str) -> int | None:
    """The number that a person typed, with or without its sign; None for anything else."""
    match = re.fullmatch(r"#?\s*(\d{1,10})", text.strip(), re.ASCII)
    number = int(match[1]) if match else None
    return number if number is not None and number <= HIGHEST else None


def datasets_of(store: Store, face_ids: Iterable[int]) -> dict[str, list[int]]:
    """The faces that are there, by the name of their dataset."""
    with store.database.reading() as session:
        return faces.by_dataset(session, list(face_ids))


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
