"""Labels of faces that several people voted on, by cleanlab's CROWDLAB (Goh, Tkachenko & Mueller 2022)."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

_LEAST: Final = 1e-6


@dataclass(frozen=True)
class VotedLabels:
    """K places of faces with two votes or more, for each `score` (K,), 0 (surely right) to 1, of its present label, and
    the emotion that votes and probabilities together make likeliest, `consensus` (K,).
    """

    places: npt.NDArray[np.int64]
    score: npt.NDArray[np.float64]
    consensus: npt.NDArray[np.int64]


def by_votes(
    labels: npt.NDArray[np.int64],
    probabilities: npt.NDArray[np.float64],
    votes: Sequence[Mapping[str, int]],
) -> VotedLabels:
    """Scores of the labels of faces with several votes, each a mapping of people to emotions, beside (N, 7)
    probabilities of models that have not seen the faces.

    People are weighed by how well they agree with the others and with the model, on all faces with a vote.
    """
    people = sorted({name for vote in votes for name in vote})
    voted = np.array([place for place, vote in enumerate(votes) if vote], np.int64)
    several = np.array([len(votes[place]) > 1 for place in voted], bool)
    if len(people) < 2 or not several.any():
        empty = np.zeros(0, np.int64)
        return VotedLabels(empty, np.zeros(0), empty)
    table = np.full((len(voted), len(people)), np.nan)
    for row, place in enumerate(voted):
        for name, emotion in votes[place].items():
            table[row, people.index(name)] = emotion
    consensus, quality = _consensus(table, probabilities[voted])
    places = voted[several]
    agreed = consensus[several] == labels[places]
    return VotedLabels(places, np.where(agreed, 1 - quality[several], quality[several]), consensus[several])


def _consensus(
    table: npt.NDArray[np.float64], probabilities: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """(K,) the label that (K, people) votes, NaN for none, and (K, 7) probabilities make best, and (K,) its quality."""
    from cleanlab.multiannotator import get_label_quality_multiannotator

    shares = np.maximum(probabilities, _LEAST)
    shares /= shares.sum(1, keepdims=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of people with few votes, which are weighed accordingly
        told = get_label_quality_multiannotator(
            table,
            shares,
            consensus_method="best_quality",
            verbose=False,
            return_detailed_quality=False,
            return_annotator_stats=False,
        )["label_quality"]
    return told["consensus_label"].to_numpy(np.int64), told["consensus_quality_score"].to_numpy(np.float64)
