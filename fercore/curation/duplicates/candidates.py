"""Pairs of faces whose hashes nearly agree, from sorted bands of bits: never all pairs.

A pair is looked at where one of five overlapping bands of its hashes agrees, up to two bits that lie close to their
threshold (multi-index hashing, Norouzi et al. 2012, with query-directed probes, Lv et al. 2007).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import ceil, log2
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.curation.duplicates import threads
from fercore.curation.duplicates.fingerprints import BITS, MIRRORED_ONLY, Fingerprints, Hasher, Hashes, Thumbs

BUCKET_CAP: Final = 32  # faces of one bucket with which a face is compared
FIRST_LIMIT: Final = 14  # of 64 bits that may differ
CLOSEST: Final = 8  # candidates of a face, where a picture has hundreds of copies
_BUDGET: Final = (100_000, 0.02)  # candidates in all, and more for each face: the closest of them are confirmed
_BANDS: Final = 5
# Up to so many faces: bits of a band beside those that number the faces, and of 128 bits those that may differ. Bits of
# strangers differ in 64, give or take 8: the more faces, the closer are the closest strangers.
_SETTINGS: Final = ((8_192, -2, 42), (65_536, 0, 34), (2**27, 2, 29))
_CHUNK: Final = 8192

Indices = npt.NDArray[np.int64]
Advance = Callable[[int], None]
"""Called with the number of faces or pairs done."""


@dataclass(frozen=True)
class Candidates:
    """(N,) columns: a face, the frame under which it looks like another, mirrored or not, and the bits that differ."""

    face: Indices
    other: Indices
    frame: npt.NDArray[np.int8]
    mirrored: npt.NDArray[np.bool_]
    bits: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.face)

    @classmethod
    def none(cls) -> "Candidates":
        """No rows."""
        places = np.empty(0, np.int64)
        return cls(places, places, np.empty(0, np.int8), np.empty(0, np.bool_), np.empty(0, np.uint8))

    @classmethod
    def joined(cls, parts: list["Candidates"]) -> "Candidates":
        """Several tables below each other."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__))

    def taken(self, rows: Indices | npt.NDArray[np.bool_]) -> "Candidates":
        """Some of the rows."""
        return Candidates(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def best(self) -> "Candidates":
        """The closest row of each pair, once as it is and once mirrored."""
        low, high = np.minimum(self.face, self.other), np.maximum(self.face, self.other)
        pair = (low << 28 | high) << 1 | self.mirrored
        order = np.lexsort((self.bits, pair))
        first = np.ones(len(order), bool)
        first[1:] = pair[order[1:]] != pair[order[:-1]]
        return self.taken(order[first])

    def closest(self, most: int) -> "Candidates":
        """At most so many rows, those with the fewest bits that differ."""
        if len(self) <= most:
            return self
        return self.taken(np.sort(np.argsort(self.bits, kind="stable")[:most]))

    def closest_of_each(self, most: int) -> "Candidates":
        """Rows that are among the closest of one of their two faces."""
        kept = np.zeros(len(self), bool)
        for faces in (self.face, self.other):
            order = np.lexsort((self.bits, faces))
            inner = faces[order]
            starts = np.flatnonzero(np.concatenate([[True], inner[1:] != inner[:-1]]))
            rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
            kept[order[rank < most]] = True
        return self.taken(kept)


class BandIndex:
    """Hashes of N pictures, found again by any of five bands of their bits."""

    def __init__(self, prints: Fingerprints) -> None:
        self._prints = prints
        width, self._limit = _settings(len(prints.first))
        self._mask = np.uint64((1 << width) - 1)
        self._tables = [self._table(round(band * BITS / _BANDS), width) for band in range(_BANDS)]

    def _table(
        self, turn: int, width: int
    ) -> tuple[int, npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
        keys = self._keys(self._prints.first, turn)
        sizes = np.bincount(keys, minlength=1 << width)
        starts = np.zeros(len(sizes), np.int32)
        np.cumsum(sizes[:-1], out=starts[1:])
        return (
            turn,
            np.argsort(keys, kind="stable").astype(np.int32),
            starts,
            np.minimum(sizes, BUCKET_CAP).astype(np.uint8),
        )

    def _keys(self, words: Hashes, turn: int) -> Indices:
        return (_turned(words, turn) & self._mask).astype(np.int64)

    def near(self, query: Fingerprints) -> tuple[Indices, Indices, npt.NDArray[np.uint8]]:
        """Rows of the query, rows of the index, and the bits that differ; a pair may come several times."""
        found = [
            self._compared(query, rows, order[places])
            for turn, order, starts, sizes in self._tables
            for rows, places in self._probed(query, turn, starts, sizes)
        ]
        return (
            np.concatenate([rows for rows, _, _ in found]),
            np.concatenate([columns for _, columns, _ in found]),
            np.concatenate([bits for _, _, bits in found]),
        )

    def _probed(
        self, query: Fingerprints, turn: int, starts: npt.NDArray[np.int32], sizes: npt.NDArray[np.uint8]
    ) -> Iterator[tuple[Indices, Indices]]:
        keys, weak = self._keys(query.first, turn), self._keys(query.weak, turn)
        lowest = weak & -weak
        rest = weak ^ lowest
        second = rest & -rest
        yield _members(np.arange(len(keys)), keys, starts, sizes)
        for flips, needed in ((lowest, lowest), (second, second), (lowest | second, second)):
            rows = np.flatnonzero(needed != 0)
            yield _members(rows, keys[rows] ^ flips[rows], starts, sizes)

    def _compared(
        self, query: Fingerprints, rows: Indices, columns: npt.NDArray[np.int32]
    ) -> tuple[Indices, Indices, npt.NDArray[np.uint8]]:
        bits = np.bitwise_count(query.first[rows] ^ self._prints.first[columns])
        close = np.flatnonzero(bits <= FIRST_LIMIT)
        rows, columns, bits = rows[close], columns[close], bits[close]
        bits = bits + np.bitwise_count(query.second[rows] ^ self._prints.second[columns])
        close = np.flatnonzero(bits <= self._limit)
        return rows[close], columns[close].astype(np.int64), bits[close]


def _settings(count: int) -> tuple[int, int]:
    """The bits of a band, and the bits that may differ. Few faces are searched more thoroughly than many."""
    needed = ceil(log2(max(count, 2)))
    return next((max(needed + more, 4), limit) for most, more, limit in _SETTINGS if count <= most)


def _members(
    rows: Indices, keys: Indices, starts: npt.NDArray[np.int32], sizes: npt.NDArray[np.uint8]
) -> tuple[Indices, Indices]:
    """Each row as often as its bucket has faces, and the places of these."""
    held = sizes[keys]
    full = np.flatnonzero(held != 0)
    held = held[full].astype(np.int64)
    begin = np.repeat(starts[keys[full]].astype(np.int64) - (np.cumsum(held) - held), held)
    return np.repeat(rows[full], held), begin + np.arange(len(begin))


def _turned(words: Hashes, turn: int) -> Hashes:
    return (words >> np.uint64(turn)) | (words << np.uint64(BITS - turn)) if turn else words


def find(thumbs: Thumbs, hasher: Hasher, advance: Advance) -> Candidates:
    """Pairs among (N, 256) thumbnails whose hashes nearly agree under one of the frames; `advance` gets faces done."""
    parts = [thumbs[start : start + _CHUNK] for start in range(0, len(thumbs), _CHUNK)]
    if not parts:
        return Candidates.none()
    index = BandIndex(Fingerprints.joined(list(threads.ordered(lambda part: hasher.of(part, [0])[0][0], parts))))
    found = []
    for done in threads.ordered(partial(_of_chunk, index, hasher), list(enumerate(parts))):
        found.append(done.closest(2 * CLOSEST * _CHUNK))
        advance(min(len(found) * _CHUNK, len(thumbs)))
    most, more = _BUDGET
    return Candidates.joined(found).best().closest_of_each(CLOSEST).closest(most + int(more * len(thumbs)))


def _of_chunk(index: BandIndex, hasher: Hasher, part: tuple[int, Thumbs]) -> Candidates:
    number, thumbs = part
    start = number * _CHUNK
    found = []
    for frame, pair in enumerate(hasher.of(thumbs)):
        for is_mirrored, query in enumerate(pair):
            if frame in MIRRORED_ONLY and not is_mirrored:
                continue
            rows, other, bits = index.near(query)
            face = rows + start
            kept = face < other if frame == 0 else face != other
            face, other, bits = face[kept], other[kept], bits[kept]
            found.append(
                Candidates(face, other, np.full(len(face), frame, np.int8), np.full(len(face), bool(is_mirrored)), bits)
            )
    return Candidates.joined(found).best()
