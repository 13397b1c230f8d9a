"""Domains: a small classifier that tells from which dataset a face is, as a measure of the shift between datasets."""

from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.curation import out_of_fold
from fercore.curation.features import Features

Codes = npt.NDArray[np.int64]
Places = npt.NDArray[np.int64]
MOST: Final = 2000  # faces of each dataset
_LEAST: Final = 60  # faces of each with the same emotions: fewer, and any faces are drawn
_AXES: Final = 100


def drawn(datasets: Codes, labels: Codes, seed: int = 0) -> Places:
    """Places of at most 2,000 faces of each dataset, as many of each; where there are enough, with the same emotions.

    (N,) `labels` are -1 for none. Otherwise frequent emotions of a dataset would give it away.
    """
    random = np.random.default_rng(seed)
    shuffled = random.permutation(len(datasets))
    known = np.unique(datasets)
    emotions = np.unique(labels[labels >= 0])
    counts = np.array([[((datasets == each) & (labels == emotion)).sum() for emotion in emotions] for each in known])
    common = counts.min(0) if counts.size else np.zeros(0, np.int64)
    if common.sum() < _LEAST:
        most = min(MOST, *np.unique(datasets, return_counts=True)[1].tolist())
        parts = [shuffled[datasets[shuffled] == each][:most] for each in known]
    else:
        wanted = np.floor(common * min(1.0, MOST / common.sum())).astype(int)
        parts = [
            shuffled[(datasets[shuffled] == each) & (labels[shuffled] == emotion)][:count]
            for each in known
            for emotion, count in zip(emotions, wanted, strict=True)
        ]
    return np.sort(np.concatenate(parts))


def predicted(features: Features, datasets: Codes, groups: Codes, seed: int = 0) -> Codes:
    """(N,) datasets as logistic regression on (N, F) features tells them out of fold; as many faces of each.

    Raises InputError for fewer groups than folds.
    """
    from sklearn.decomposition import PCA
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    fold = out_of_fold.folds(datasets, groups, seed)
    result = np.empty(len(datasets), np.int64)
    for number in range(out_of_fold.FOLDS):
        held = fold == number
        axes = min(_AXES, int((~held).sum()) // 4)
        model = make_pipeline(
            PCA(axes, whiten=True, svd_solver="randomized", random_state=seed), LogisticRegression(C=0.01, max_iter=500)
        )
        model.fit(features[~held], datasets[~held])
        result[held] = model.predict(features[held])
    return result
