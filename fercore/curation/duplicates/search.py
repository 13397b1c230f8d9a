"""The search for copies among many faces, in bounded memory: exact, then by hash, then by overlay."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.curation.duplicates import candidates, confirmation, fingerprints
from fercore.curation.duplicates.candidates import Indices
from fercore.curation.duplicates.confirmation import DuplicatePair, Read
from fercore.curation.duplicates.fingerprints import Hasher, Hashes, Thumbs
from fercore.curation.duplicates.kinds import DuplicateKind
from fercore.language import tr
from fercore.progress import Progress, silent

BLANK_CONTRAST: Final = 2.0  # standard deviation in gray levels, below which a picture has no content
_SAMPLE: Final = 4096
_READ: Final = 4096
Groups = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Copies:
    """Copies among N faces: `picture` (N,) is the first face with the same pixels, `pairs` are between such faces,
    and `blank` are those of them without content."""

    picture: Indices
    pairs: list[DuplicatePair]
    blank: Indices


def pixel_keys(hashes: list[str]) -> Hashes:
    """SHA-256 sums in hex to (N, 2) uint64: their first 16 bytes, enough to tell pictures apart."""
    return np.frombuffer(b"".join(bytes.fromhex(each[:32]) for each in hashes), np.uint64).reshape(-1, 2)


def find(keys: Hashes, read: Read, progress: Progress = silent) -> Copies:
    """Copies among faces with these keys, (N, 2) uint64, that are equal for equal pixels; `read` gives the pixels.

    Faces are read twice at most: for the hashes, and those of candidate pairs for the overlay.
    """
    picture = _first_of_same(keys)
    unique = np.unique(picture)
    total = len(unique)
    thumbs, contrast = _thumbnails(unique, read, lambda done: progress(done, total, tr("Reading faces")))
    shown = contrast >= BLANK_CONTRAST
    places, blank = unique[shown], unique[~shown]
    thumbs = thumbs[shown] if len(blank) else thumbs
    hasher = Hasher(thumbs[np.linspace(0, len(thumbs) - 1, min(len(thumbs), _SAMPLE)).astype(int)])
    found = candidates.find(thumbs, hasher, lambda done: progress(done, len(places), tr("Comparing hashes")))
    del thumbs
    rows = len(found)
    pairs = confirmation.confirmed(
        found, lambda at: read(places[at]), lambda done: progress(done, rows, tr("Comparing pictures"))
    )
    named = [_named(pair, places) for pair in pairs]
    empty = [DuplicatePair(int(blank[0]), int(other), DuplicateKind.BLANK, None) for other in blank[1:]]
    return Copies(picture, named + empty, blank)


def _named(pair: DuplicatePair, places: Indices) -> DuplicatePair:
    return DuplicatePair(int(places[pair.face]), int(places[pair.other]), pair.kind, pair.similarity)


def _first_of_same(keys: Hashes) -> Indices:
    """(N, 2) to (N,): the place of the first face with the same key."""
    order = np.lexsort((keys[:, 1], keys[:, 0]))  # stable: equal keys stay in their order
    inner = keys[order]
    starts = np.ones(len(keys), bool)
    starts[1:] = (inner[1:] != inner[:-1]).any(axis=1)
    first = order[starts][np.cumsum(starts) - 1]
    picture = np.empty(len(keys), np.int64)
    picture[order] = first
    return picture


def _thumbnails(places: Indices, read: Read, advance: candidates.Advance) -> tuple[Thumbs, npt.NDArray[np.float32]]:
    thumbs = np.empty((len(places), fingerprints.THUMB**2), np.int8)
    contrast = np.empty(len(places), np.float32)
    for start in range(0, len(places), _READ):
        faces = read(places[start : start + _READ])
        thumbs[start : start + _READ] = fingerprints.thumbnails(faces)
        contrast[start : start + _READ] = fingerprints.contrast(faces)
        advance(start + len(faces))
    return thumbs, contrast
