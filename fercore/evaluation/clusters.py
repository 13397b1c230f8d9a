"""Clusters of faces that are alike: those of one person, and copies of one picture."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from fercore.errors import InputError
from fercore.language.sentences import sentence


def clusters(subjects: Sequence[str | None], pixels: Sequence[str]) -> npt.NDArray[np.int64]:
    """(N,) numbers from 0 of the clusters of N faces: equal for one person, for equal pixels, and for what these join.

    A face without a subject and without a copy stands alone.
    """
    if len(subjects) != len(pixels):
        raise InputError(
            sentence("There are {subjects} subjects and {pixels} faces.", subjects=len(subjects), pixels=len(pixels))
        )
    _, pictures = np.unique(np.asarray(pixels, object), return_inverse=True)
    named = np.array([bool(subject) for subject in subjects], bool)
    if not named.any():
        return pictures.astype(np.int64)
    from scipy import sparse

    _, people = np.unique(np.asarray([subject for subject in subjects if subject], object), return_inverse=True)
    count = int(pictures.max()) + 1
    size = count + int(people.max()) + 1
    links = sparse.coo_matrix((np.ones(len(people)), (pictures[named], count + people)), (size, size))
    _, numbers = sparse.csgraph.connected_components(links, directed=False)
    _, dense = np.unique(numbers[pictures], return_inverse=True)
    return dense.astype(np.int64)
