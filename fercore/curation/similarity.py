"""Faces that look alike, side by side."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

_SIDE: Final = 12
_LEAF: Final = 48
Vectors = npt.NDArray[np.float32]


def vectors(pixels: npt.NDArray[np.uint8]) -> Vectors:
    """(N, h, w) uint8 to (N, 144): small pictures without brightness and contrast, of length 1 each."""
    small = np.stack([cv2.resize(face, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) for face in pixels])
    flat = small.reshape(len(small), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    flat /= np.where(length > 0, length, np.float32(1))
    return flat


def side_by_side(faces: Vectors) -> npt.NDArray[np.intp]:
    """An order in which neighbours look alike.

    The faces are halved along the direction in which they differ most, and the halves again, until few are left;
    these are put in the order of a cluster tree's leaves (Bar-Joseph et al. 2001).
    """
    order = np.arange(len(faces))
    waiting = [(0, len(faces))]
    while waiting:
        start, end = waiting.pop()
        members = order[start:end]
        if end - start <= _LEAF:
            order[start:end] = members[_leaves(faces[members])]
            continue
        vectors = faces[members]
        order[start:end] = members[np.argsort(vectors @ _main_direction(vectors), kind="stable")]
        middle = (start + end) // 2
        waiting += [(start, middle), (middle, end)]
    return order


def _main_direction(faces: Vectors) -> Vectors:
    """The first principal axis, by power iteration from the face that is farthest from the mean."""
    centred = faces - faces.mean(axis=0)
    axis: Vectors = centred[np.argmax((centred**2).sum(axis=1))]
    for _ in range(8):
        axis = centred.T @ (centred @ axis)
        length = np.linalg.norm(axis)
        if not length:
            break
        axis = axis / length
    return axis


def _leaves(faces: Vectors) -> npt.NDArray[np.intp]:
    from scipy.cluster.hierarchy import leaves_list, linkage

    if len(faces) < 3:
        return np.arange(len(faces))
    leaves: npt.NDArray[np.intp] = leaves_list(linkage(faces, "average", optimal_ordering=True))
    return leaves
