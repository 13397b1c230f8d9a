"""Visual words: a description of faces that is learned from their patches alone, without labels.

Coates, Ng & Lee 2011 (An analysis of single-layer networks in unsupervised feature learning): patches are whitened and
clustered, and a face is described by how much each cluster's centre answers in each part of it. Here 12 × 12 pixels,
100 words and 4 × 4 parts; a word answers as far as it is more than a deviation above the mean of all words at that
place, which needs no brightness or contrast to be set right first.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
PATCH: Final = 12
STRIDE: Final = 2
WORDS: Final = 100
PARTS: Final = 4
SAMPLE: Final = 1_000  # faces that words are learned from
_PATCHES: Final = 20_000
_FEW: Final = 50
_ROUNDS: Final = 10  # of k-means; later ones hardly move a word
_CHUNK: Final = 64  # faces at once: their answers stay within a core's cache
_CONTRAST: Final = 10.0  # of 255, under which a patch counts as plain
_WHITENING: Final = 0.05
_PLAIN: Final = 2.0  # deviation of answers that noise alone makes
_SPREAD: Final = 0.3  # of the described values, at which small networks learn well


@dataclass(frozen=True)
class VisualWords:
    """`filters` (144, 100) that answer to a word each, and the (1600,) mean and deviation of described faces."""

    filters: Floats
    mean: Floats
    deviation: Floats

    def described(self, pixels: npt.NDArray[np.uint8]) -> Floats:
        """(N, 48, 48) uint8 to (N, 1600)."""
        return (_answers(self.filters, pixels) - self.mean) / self.deviation * np.float32(_SPREAD)


def learned(pixels: npt.NDArray[np.uint8], seed: int = 0) -> VisualWords:
    """The words of (N, 48, 48) uint8 faces, or of a thousand drawn among them."""
    random = np.random.default_rng(seed)
    drawn = pixels[np.sort(random.permutation(len(pixels))[:SAMPLE])]
    filters = _filters(drawn, random)
    answers = _answers(filters, drawn)
    # Taken from few faces, a whole mean would make each of them the opposite of all others.
    share = np.float32(len(drawn) / (len(drawn) + _FEW))
    return VisualWords(filters, answers.mean(0) * share, answers.std(0) + np.float32(1e-3))


def _filters(pixels: npt.NDArray[np.uint8], random: np.random.Generator) -> Floats:
    """(144, 100): the whitening, and the words that spherical k-means finds among whitened patches."""
    patches, _ = _cut(pixels)
    patches = patches[random.permutation(len(patches))[:_PATCHES]]
    patches -= patches.mean(1, keepdims=True)
    patches /= np.sqrt((patches**2).mean(1, keepdims=True) + _CONTRAST**2)
    patches -= patches.mean(0)
    values, axes = np.linalg.eigh(patches.T @ patches / len(patches))
    whitening = ((axes / np.sqrt(np.maximum(values, 0) + _WHITENING)) @ axes.T).astype(np.float32)
    words = _words(patches @ whitening, random)
    filters = whitening @ words.T
    # Neither a patch's brightness nor what all words have in common tells them apart.
    filters -= filters.mean(0)
    filters -= filters.mean(1, keepdims=True)
    return np.asarray(filters, np.float32)


def _words(patches: Floats, random: np.random.Generator) -> Floats:
    """(100, 144) of length one."""
    patches = _unit(patches)
    words = patches[random.integers(len(patches), size=WORDS)]
    for _ in range(_ROUNDS):
        nearest = (patches @ words.T).argmax(1)
        order = np.argsort(nearest, kind="stable")
        found, starts = np.unique(nearest[order], return_index=True)
        words[found] = np.add.reduceat(patches[order], starts)
        # Words that no patch is nearest to, or that are another's copy, begin elsewhere.
        words = _unit(words + random.normal(scale=1e-3, size=words.shape).astype(np.float32))
    return words


def _answers(filters: Floats, pixels: npt.NDArray[np.uint8]) -> Floats:
    """(N, 1600): the root of the sum of each word's answers in each part."""
    described = np.empty((len(pixels), PARTS, PARTS, WORDS), np.float32)
    for start in range(0, len(pixels), _CHUNK):
        patches, side = _cut(pixels[start : start + _CHUNK])
        answers = patches @ filters
        answers /= np.sqrt((answers**2).mean(1, keepdims=True)) + np.float32(_PLAIN)
        answers -= 1
        np.maximum(answers, 0, out=answers)
        placed = answers.reshape(-1, side, side, WORDS)
        edges = np.linspace(0, side, PARTS + 1).round().astype(int)[:-1]
        described[start : start + _CHUNK] = np.add.reduceat(np.add.reduceat(placed, edges, 1), edges, 2)
    return np.sqrt(described).reshape(len(pixels), -1)


def _cut(pixels: npt.NDArray[np.uint8]) -> tuple[Floats, int]:
    """(N × side², 144) all patches, and how many lie side by side."""
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (PATCH, PATCH), axis=(1, 2))[:, ::STRIDE, ::STRIDE]
    return windows.reshape(-1, PATCH * PATCH).astype(np.float32), windows.shape[1]


def _unit(rows: Floats) -> Floats:
    lengths: Floats = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / (lengths + np.float32(1e-8))
