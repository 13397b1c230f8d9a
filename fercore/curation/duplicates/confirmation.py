"""Candidates confirmed by the correlation of their details and grays, and the change from one copy to the other."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.curation.duplicates import alignment, fingerprints, threads
from fercore.curation.duplicates.candidates import Advance, Candidates, Indices
from fercore.curation.duplicates.fingerprints import FRAMES, Floats, Frame, Gray, mirrored
from fercore.curation.duplicates.kinds import DuplicateKind

SIMILAR: Final = 0.92  # least similarity of two copies of a picture; drawn faces of strangers reach 0.9
_DETAILS: Final = 0.85  # least correlation of their details
_BLOCK: Final = 65_536  # pairs whose faces are in memory at a time
_CHUNK: Final = 1024
# Least difference of two copies in mean gray, or share in contrast, for these to be what was changed.
_GRAY_CHANGE: Final = 3.0
_CONTRAST_CHANGE: Final = 0.05
_MOVED: Final = 0.75  # pixels between the edges of two copies

Read = Callable[[Indices], Gray]
"""Faces by their places, ascending: (n,) to (n, 48, 48) uint8."""


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two faces that show one picture, `face` < `other`; `similarity` is the mean of two correlations, of details and
    of grays: 1 if exact, None if blank."""

    face: int
    other: int
    kind: DuplicateKind
    similarity: float | None


@dataclass(frozen=True)
class _Block:
    """Faces of some pairs: their places, pixels and details (n, 48, 48), mean gray and contrast of areas of
    9 pixels (n,)."""

    places: Indices
    faces: Gray
    details: npt.NDArray[np.int8]
    mean: Floats
    contrast: Floats


def confirmed(candidates: Candidates, read: Read, advance: Advance) -> list[DuplicatePair]:
    """Those candidates that are copies of a picture, each pair once; `advance` gets candidates done."""
    pairs: dict[tuple[int, int], DuplicatePair] = {}
    for start in range(0, len(candidates), _BLOCK):
        rows = candidates.taken(np.arange(start, min(start + _BLOCK, len(candidates))))
        block = _block(np.unique(np.concatenate([rows.face, rows.other])), read)
        parts = [rows.taken(np.arange(at, min(at + _CHUNK, len(rows)))) for at in range(0, len(rows), _CHUNK)]
        for done, found in enumerate(threads.ordered(partial(_of_chunk, block), parts), start=1):
            for pair in found:
                key = pair.face, pair.other
                if key not in pairs or (pair.similarity or 0) > (pairs[key].similarity or 0):
                    pairs[key] = pair
            advance(start + min(done * _CHUNK, len(rows)))
    return [pairs[key] for key in sorted(pairs)]


def _block(places: Indices, read: Read) -> _Block:
    faces = read(places)
    small = fingerprints.reduced(faces)  # noise and blur change the contrast of single pixels, not of areas
    return _Block(places, faces, alignment.details(faces), small.mean(axis=1), small.std(axis=1))


def _of_chunk(block: _Block, rows: Candidates) -> list[DuplicatePair]:
    at, to = np.searchsorted(block.places, rows.face), np.searchsorted(block.places, rows.other)
    first = block.details[at].astype(np.float32)
    first[rows.mirrored] = first[rows.mirrored, :, ::-1]
    frames = [_frame(*row) for row in zip(rows.frame.tolist(), rows.mirrored.tolist(), strict=True)]
    overlays = alignment.aligned(first, block.details[to].astype(np.float32), frames)
    pairs = []
    for row in np.flatnonzero(overlays.similarity >= _DETAILS).tolist():
        picture = block.faces[at[row], :, ::-1] if rows.mirrored[row] else block.faces[at[row]]
        frame = overlays.frames[row]
        grays = alignment.correlation(picture, block.faces[to[row]], frame)
        similarity = (float(overlays.similarity[row]) + grays) / 2
        if similarity >= SIMILAR:
            low, high = sorted((int(rows.face[row]), int(rows.other[row])))
            kind = _kind(block, int(at[row]), int(to[row]), bool(rows.mirrored[row]), frame)
            pairs.append(DuplicatePair(low, high, kind, round(similarity, 4)))
    return pairs


def _frame(number: int, is_mirrored: bool) -> Frame:
    return mirrored(FRAMES[number]) if is_mirrored else FRAMES[number]


def _kind(block: _Block, at: int, to: int, is_mirrored: bool, frame: Frame) -> DuplicateKind:
    if is_mirrored:
        return DuplicateKind.MIRRORED
    if max(abs(edge) for axis in frame for edge in axis) > _MOVED:
        return DuplicateKind.CROPPED
    grays = abs(block.mean[at] - block.mean[to])
    contrasts = abs(block.contrast[at] - block.contrast[to]) / max(block.contrast[at], block.contrast[to])
    if grays > _GRAY_CHANGE or contrasts > _CONTRAST_CHANGE:
        return DuplicateKind.BRIGHTNESS
    return DuplicateKind.NEAR
