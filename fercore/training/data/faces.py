"""The faces a training learns from, and the slice of them that only validates."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.language.sentences import sentence
from fercore.training.models.backbones import FACE_PX


@dataclass(frozen=True, slots=True)
class TrainingFaces:
    """Labelled faces in memory.

    `pixels` (N, 48, 48) uint8; `labels` (N,) indices into `EMOTIONS`; `subjects` (N,) any integers that
    are equal for the same person, negative where the person is unknown, or None; `targets` (N, 7) shares of
    each emotion that are learned in place of the label, such as annotators' votes, or None; `ids` (N,) the
    numbers by which whoever gave the faces knows them, or None; `weights` (N,) parts in the loss, or None where all
    count alike.
    """

    pixels: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]
    subjects: npt.NDArray[np.int64] | None = None
    targets: npt.NDArray[np.float32] | None = None
    ids: npt.NDArray[np.int64] | None = None
    weights: npt.NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        if self.pixels.shape[1:] != (FACE_PX, FACE_PX) or self.pixels.dtype != np.uint8:
            raise InputError(
                sentence(
                    "Faces came as {dtype} of shape {shape}; expected uint8 of shape (N, {face_px}, {face_px}).",
                    dtype=self.pixels.dtype,
                    shape=self.pixels.shape,
                    face_px=FACE_PX,
                )
            )
        if self.labels.shape != self.pixels.shape[:1]:
            raise InputError(
                sentence(
                    "Faces of shape {shape} do not fit labels of shape {labels}.",
                    shape=self.pixels.shape,
                    labels=self.labels.shape,
                )
            )
        if len(self.labels) and not 0 <= self.labels.min() <= self.labels.max() < len(EMOTIONS):
            raise InputError(
                sentence(
                    "Labels run from {lowest} to {highest}; expected 0 to {last}, in the order {names}.",
                    lowest=self.labels.min(),
                    highest=self.labels.max(),
                    last=len(EMOTIONS) - 1,
                    names=", ".join(EMOTIONS),
                )
            )
        self._check_targets()
        self._check_weights()

    def _check_targets(self) -> None:
        if self.targets is None:
            return
        if self.targets.shape != (len(self), len(EMOTIONS)):
            raise InputError(
                sentence(
                    "Targets came in the shape {shape}; expected ({faces}, {emotions}).",
                    shape=self.targets.shape,
                    faces=len(self),
                    emotions=len(EMOTIONS),
                )
            )
        if np.any(self.targets < 0) or not np.allclose(self.targets.sum(axis=1), 1, atol=1e-3):
            raise InputError(
                sentence("Targets are shares of the emotions: give numbers from 0 on that sum to 1 for each face.")
            )

    def _check_weights(self) -> None:
        if self.weights is None:
            return
        if self.weights.shape != (len(self),):
            raise InputError(
                sentence(
                    "Weights came in the shape {shape}; expected ({faces},).", shape=self.weights.shape, faces=len(self)
                )
            )
        if not np.all(np.isfinite(self.weights)) or np.any(self.weights < 0):
            raise InputError(sentence("Weights of faces are numbers from 0 on."))

    def __len__(self) -> int:
        return len(self.labels)

    def counts(self) -> list[int]:
        """The number of faces of each emotion, in the order of `EMOTIONS`."""
        return [int(count) for count in np.bincount(self.labels, minlength=len(EMOTIONS))]

    def at(self, rows: npt.NDArray[np.int64]) -> "TrainingFaces":
        """The faces of these rows, in this order."""
        subjects = None if self.subjects is None else self.subjects[rows]
        targets = None if self.targets is None else self.targets[rows]
        ids = None if self.ids is None else self.ids[rows]
        weights = None if self.weights is None else self.weights[rows]
        return TrainingFaces(self.pixels[rows], self.labels[rows], subjects, targets, ids, weights)

    def without_weightless(self) -> "TrainingFaces":
        """The faces of a weight above 0: others would still count in batch normalisation and in blends of two faces.

        Raises InputError where no face is left.
        """
        if self.weights is None:
            return self
        kept = np.flatnonzero(self.weights > 0)
        if not len(kept):
            raise InputError(sentence("There are no faces to train on: all have the weight 0."))
        return self.at(kept)

    def normalised(self) -> "TrainingFaces":
        """The faces with weights of 1 on average, or with none where all are equal."""
        if self.weights is None or not len(self):
            return replace(self, weights=None)
        same = bool((self.weights == self.weights[0]).all())
        return replace(self, weights=None if same else self.weights / self.weights.mean())


def hold_out(faces: TrainingFaces, share: float, seed: int) -> tuple[TrainingFaces, TrainingFaces]:
    """The faces to learn from and the slice to validate on, about `share` of every emotion.

    Exact copies and faces of one person stay on one side, so that the slice is not known by heart.
    The slice is empty when no group fits into it; the same seed gives the same slice.
    """
    # scikit-learn's StratifiedGroupKFold knows shares of 1/n only, and would give resumed runs another slice.
    groups = _groups(faces)
    free = np.rint(share * np.array(faces.counts())).astype(int)  # places left in the slice, by emotion
    held = np.zeros(len(faces), dtype=bool)
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    members = np.split(order, starts[1:]) if len(faces) else []
    for index in np.random.default_rng(seed).permutation(len(members)):
        needed = np.bincount(faces.labels[members[index]], minlength=len(EMOTIONS))
        if np.all(needed <= free):
            held[members[index]] = True
            free -= needed
    return faces.at(np.flatnonzero(~held)), faces.at(np.flatnonzero(held))


def _groups(faces: TrainingFaces) -> npt.NDArray[np.int64]:
    """(N,) group numbers: rows are joined by equal pixels, and by an equal known subject."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    count = len(faces)
    _, copies = np.unique(faces.pixels.reshape(count, FACE_PX * FACE_PX), axis=0, return_inverse=True)
    keys, rows = [copies.reshape(-1)], [np.arange(count)]
    if faces.subjects is not None:
        known = np.flatnonzero(faces.subjects >= 0)
        _, people = np.unique(faces.subjects[known], return_inverse=True)
        keys.append(people.reshape(-1) + count)
        rows.append(known)
    ends, starts = (
        np.concatenate(keys) + count,
        np.concatenate(rows),
    )  # graph: faces, then copies, then people
    graph = coo_matrix((np.ones(len(ends), dtype=np.int8), (starts, ends)), shape=(3 * count, 3 * count))
    groups: npt.NDArray[np.int64] = connected_components(graph, directed=False)[1][:count].astype(np.int64)
    return groups
