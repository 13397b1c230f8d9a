"""Label issues: faces whose label looks wrong by out-of-sample probabilities, the most suspicious first.

cleanlab's confident learning (Northcutt, Jiang & Chuang 2021, J. Artif. Intell. Res. 70) says by class how many labels
look wrong: a label counts as an issue only where another emotion is above its own mean confidence. Faces are ranked by
the likeliest other emotion beside their label; each emotion keeps a quota, so that none is drowned.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.curation.annotators import VotedLabels
from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.language.sentences import sentence

Labels = npt.NDArray[np.int64]
_LEAST: Final = 1e-12
QUOTA: Final = 0.5  # of an emotion's share of all faces: its least part of any first findings (see _ordered)


@dataclass(frozen=True)
class LabelIssues:
    """N faces in order of suspicion: `order` (N,) their places, and by place of a face: `score` (N,), 0 (surely right)
    to 1 (surely wrong), `suggested` (N,) the likeliest other emotion, `is_issue` (N,), and the (N, 7) `probabilities`
    that it all comes from, none of them where margins say it.
    """

    order: npt.NDArray[np.int64]
    score: npt.NDArray[np.float64]
    suggested: Labels
    is_issue: npt.NDArray[np.bool_]
    probabilities: npt.NDArray[np.float64]


def by_probabilities(labels: Labels, probabilities: npt.NDArray[np.float64]) -> LabelIssues:
    """Issues of N labels by (N, 7) probabilities of models that have not seen the faces.

    Raises InputError for labels that are no emotion or rows that do not belong together.
    """
    if probabilities.shape != (len(labels), len(EMOTIONS)) or not np.isin(labels, range(len(EMOTIONS))).all():
        raise InputError(sentence("Each face needs a label and seven probabilities."))
    places = np.arange(len(labels))
    others = probabilities.copy()
    others[places, labels] = -1
    suggested = others.argmax(1)
    score = _against(probabilities[places, labels], probabilities[places, suggested])
    return LabelIssues(_ordered(labels, score), score, suggested, _confident(labels, probabilities), probabilities)


def by_margin(labels: Labels, margin: npt.NDArray[np.float64]) -> LabelIssues:
    """Issues by the (N,) mean margin of each face's label over a training's epochs, from -1 to 1.

    The area under the margin (Pleiss et al. 2020) is below zero where the network went on reading another emotion. The
    other emotion is not kept, so that nothing is suggested (-1).
    """
    score = (1 - margin) / 2
    issues = margin < 0
    return LabelIssues(_ordered(labels, score), score, np.full(len(labels), -1), issues, np.zeros((0, len(EMOTIONS))))


def revised(labels: Labels, issues: LabelIssues, voted: VotedLabels) -> LabelIssues:
    """Issues of N labels where those that several people voted on are judged by their votes, too.

    One is an issue where another emotion is likelier than its label by votes and probabilities together.
    """
    score, suggested, is_issue = issues.score.copy(), issues.suggested.copy(), issues.is_issue.copy()
    differs = voted.consensus != labels[voted.places]
    score[voted.places] = voted.score
    suggested[voted.places] = np.where(differs, voted.consensus, suggested[voted.places])
    is_issue[voted.places] = differs
    return LabelIssues(_ordered(labels, score), score, suggested, is_issue, issues.probabilities)


def _against(own: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(N,): what the likeliest other emotion has of the two probabilities.

    A low probability alone says little of an emotion that models seldom read with confidence, such as Fear.
    """
    return np.asarray(other / np.maximum(own + other, _LEAST))


def _confident(labels: Labels, probabilities: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    from cleanlab.filter import find_label_issues

    seen = np.unique(labels)
    if len(seen) < 2:
        return np.zeros(len(labels), bool)
    shares = np.maximum(probabilities[:, seen], _LEAST)
    shares /= shares.sum(1, keepdims=True)
    dense = np.searchsorted(seen, labels)
    issues: npt.NDArray[np.bool_] = find_label_issues(
        dense, shares, filter_by="both", min_examples_per_class=0, n_jobs=1
    )
    return issues


def _ordered(labels: Labels, score: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """By score; yet in any first part each emotion has at least half of its share of all faces, its most suspicious."""
    overall = np.empty(len(labels))
    overall[np.argsort(-score, kind="stable")] = np.arange(len(labels))
    fair = np.empty(len(labels))
    for emotion in np.unique(labels):
        members = np.flatnonzero(labels == emotion)
        ranked = members[np.argsort(-score[members], kind="stable")]
        fair[ranked] = (np.arange(len(ranked)) + 1) / len(ranked) * len(labels)
    # Those that are moved up push others back: of the first k by this key, at most k are moved, so that a place in the
    # order is at most twice the fair one.
    return np.lexsort((overall, np.minimum(overall, fair)))
