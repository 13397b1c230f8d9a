"""Descriptions of stored faces by visual words, for small networks to read."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.curation import visual_words
from fercore.curation.visual_words import VisualWords
from fercore.language import tr
from fercore.progress import Progress
from fercore.store import Store
from fercore.store.datasets import faces

CHUNK: Final = 8192


def words(store: Store, ids: Sequence[int]) -> VisualWords:
    """The visual words of some of the faces."""
    drawn = np.random.default_rng(0).permutation(len(ids))[: visual_words.SAMPLE]
    with store.database.reading() as session:
        return visual_words.learned(faces.pixels(session, [ids[place] for place in sorted(drawn.tolist())]))


def of(store: Store, words: VisualWords, ids: Sequence[int], progress: Progress) -> npt.NDArray[np.float32]:
    """(N, 1600) the faces of these numbers in visual words, read in parts."""
    parts = []
    for start in range(0, len(ids), CHUNK):
        with store.database.reading() as session:
            pixels = faces.pixels(session, ids[start : start + CHUNK])
        parts.append(words.described(pixels))
        progress(min(start + CHUNK, len(ids)), len(ids), tr("Measuring faces"))
    return np.concatenate(parts)
