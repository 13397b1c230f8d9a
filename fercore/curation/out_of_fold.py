"""Probabilities of faces from models that have not seen them: cross-validation by groups."""

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.language.sentences import sentence

FOLDS: Final = 3
HIDDEN: Final = 256
EPOCHS: Final = 6
STEPS: Final = 60  # at least: few faces take more epochs to be learned at all
BATCH: Final = 100
RATE: Final = 3e-4
DECAY: Final = 0.01  # many values for few faces are learned by heart without it
NETWORKS: Final = 3
WHOLE: Final = 60_000  # faces whose features are held at once: 6.4 KB each
FITTED: Final = 40_000  # faces that a network is fitted to, where there are more
CHUNK: Final = 8192
Probabilities = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]


def folds(labels: Labels, groups: npt.NDArray[np.int64], seed: int = 0, count: int = FOLDS) -> npt.NDArray[np.int64]:
    """(N,) the fold of each face, from 0: alike in emotions, and with each group of faces in one of them.

    Raises InputError for fewer groups than folds.
    """
    if len(np.unique(groups)) < count:
        raise InputError(
            sentence("Cross-validation in {folds} parts needs as many different faces or people.", folds=count)
        )
    # scikit-learn's StratifiedGroupKFold looks at each group in turn, a minute for 28,000 faces.
    _, first, group = np.unique(groups, return_index=True, return_inverse=True)
    drawn = np.random.default_rng(seed).permutation(len(first))
    dealt = drawn[np.argsort(labels[first][drawn], kind="stable")]
    fold = np.empty(len(first), np.int64)
    fold[dealt] = np.arange(len(first)) % count
    return fold[group]


def probabilities(
    features: npt.NDArray[np.float32],
    labels: Labels,
    groups: npt.NDArray[np.int64],
    seed: int = 0,
    progress: Progress = lambda done, total: None,
) -> Probabilities:
    """(N, 7) probabilities of each face by small networks that were fitted to the other folds.

    The mean of three networks with one layer, by fold; `progress(done, total)` counts them. An emotion that no other
    fold has gets 0.
    """
    fold = folds(labels, groups, seed)
    result = np.zeros((len(labels), len(EMOTIONS)))
    total, done = FOLDS * NETWORKS, 0
    for number in range(FOLDS):
        held = fold == number
        for network in range(NETWORKS):
            model = _fitted(features[~held], labels[~held], seed * NETWORKS + network)
            result[np.ix_(held, model.classes_)] += model.predict_proba(features[held]) / NETWORKS
            done += 1
            progress(done, total)
    return result


def streamed(
    read: Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float32]],
    labels: Labels,
    groups: npt.NDArray[np.int64],
    seed: int = 0,
    progress: Progress = lambda done, total: None,
) -> Probabilities:
    """(N, 7) probabilities as `probabilities` gives them, of more faces than memory holds features of.

    `read(places)` gives the features of some faces. Networks are fitted to at most 40,000 faces of the other folds.
    """
    fold = folds(labels, groups, seed)
    count, done = len(labels), 0
    total = FOLDS * NETWORKS + (count + CHUNK - 1) // CHUNK
    models: list[list[Any]] = []
    for number in range(FOLDS):
        drawn = np.random.default_rng([seed, number]).permutation(np.flatnonzero(fold != number))[:FITTED]
        chosen = np.sort(drawn)
        parts = [read(chosen[start : start + CHUNK]) for start in range(0, len(chosen), CHUNK)]
        described = np.concatenate(parts)
        models.append([])
        for network in range(NETWORKS):
            models[-1].append(_fitted(described, labels[chosen], seed * NETWORKS + network))
            done += 1
            progress(done, total)
    result = np.zeros((count, len(EMOTIONS)))
    for start in range(0, count, CHUNK):
        places = np.arange(start, min(start + CHUNK, count))
        described = read(places)
        for number, networks in enumerate(models):
            held = fold[places] == number
            for model in networks:
                result[np.ix_(places[held], model.classes_)] += model.predict_proba(described[held]) / NETWORKS
        done += 1
        progress(done, total)
    return result


def _fitted(features: npt.NDArray[np.float32], labels: Labels, seed: int) -> Any:
    """A network of scikit-learn that ends before it has learned wrong labels by heart, of which it would warn; where
    all labels are equal, a rule that gives them back.
    """
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    if len(np.unique(labels)) < 2:
        from sklearn.dummy import DummyClassifier

        return DummyClassifier().fit(features, labels)
    batch = min(BATCH, len(features))
    epochs = max(EPOCHS, math.ceil(STEPS / math.ceil(len(features) / batch)))
    model = MLPClassifier(
        (HIDDEN,),
        alpha=DECAY * batch,  # scikit-learn divides it by the batch
        batch_size=batch,
        learning_rate_init=RATE,
        max_iter=epochs,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(features, labels)
