"""The emotions one by one: a run's precision, recall, F1 and curves on a split, beside a second run's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fercore.emotions import EMOTIONS
from fercore.evaluation import emotion_scores as evaluation
from fercore.evaluation import one_versus_rest
from fercore.evaluation.emotion_scores import FIGURES, EmotionScores, FigureDifference
from fercore.evaluation.one_versus_rest import Curve
from fercore.evaluation.significance import holm
from fercore.services.comparison import common_faces, stored_evaluations
from fercore.services.comparison.common_faces import CommonFaces
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store


@dataclass(frozen=True)
class RunEmotions:
    """A run's scores by emotion, and its curves: None where no face or every face shows it, or only words are known."""

    view: EvaluationView
    scores: tuple[EmotionScores, ...]
    curves: tuple[Curve | None, ...]


@dataclass(frozen=True)
class EmotionFigures:
    """One run or two on the same N faces; `clusters` is the number of groups of faces that are alike (None: none are).

    `differences` are the first run's figures less the second's, by figure and emotion, `p_holm` their p-values after
    Holm over the emotions; both are empty for one run.
    """

    faces: CommonFaces
    runs: tuple[RunEmotions, ...]
    clusters: int | None
    differences: Mapping[str, tuple[FigureDifference | None, ...]]
    p_holm: Mapping[str, tuple[float | None, ...]]


def of_runs(store: Store, views: Sequence[EvaluationView]) -> EmotionFigures:
    """The emotions of one or two evaluations of one split, on the faces that they have in common."""
    faces = common_faces.common(store, views)
    clusters = faces.clusters if faces.clustered else None
    found = tuple(_run(store, faces, at, view) for at, view in enumerate(views))
    differences: dict[str, tuple[FigureDifference | None, ...]] = {}
    if len(found) == 2:
        differences = {name: _differences(found, name, faces) for name in FIGURES}
    return EmotionFigures(
        faces=faces,
        runs=found,
        clusters=None if clusters is None else int(clusters.max()) + 1,
        differences=differences,
        p_holm={name: _adjusted(each) for name, each in differences.items()},
    )


def _run(store: Store, faces: CommonFaces, at: int, view: EvaluationView) -> RunEmotions:
    shares = None
    if not view.words_only:
        scored = stored_evaluations.scored(store, view.id)
        shares = scored.probabilities[np.searchsorted(scored.face_ids, faces.face_ids)]
    clusters = faces.clusters if faces.clustered else None
    curves: list[Curve | None] = []
    for emotion in range(len(EMOTIONS)):
        true = faces.labels == emotion
        known = shares is not None and true.any() and not true.all()
        curves.append(one_versus_rest.curve(true, shares[:, emotion]) if known and shares is not None else None)
    scores = evaluation.scores(faces.labels, faces.predicted[at], shares, clusters)
    return RunEmotions(view, tuple(scores), tuple(curves))


def _differences(runs: Sequence[RunEmotions], name: str, faces: CommonFaces) -> tuple[FigureDifference | None, ...]:
    first, second = (run.scores for run in runs)
    return tuple(
        evaluation.difference(one.figure(name), other.figure(name), faces.clusters)
        for one, other in zip(first, second, strict=True)
    )


def _adjusted(found: Sequence[FigureDifference | None]) -> tuple[float | None, ...]:
    p_values = holm([np.nan if each is None else each.p_value for each in found])
    return tuple(None if np.isnan(p_value) else float(p_value) for p_value in p_values)


def as_json(found: EmotionFigures) -> dict[str, Any]:
    """The emotions as the command line prints them."""
    return {
        "dataset": found.faces.dataset,
        "split": found.faces.split,
        "n": found.faces.n,
        "clusters": found.clusters,
        "labels_of_now": found.faces.labels_of_now,
        "runs": [
            {
                "run": run.view.run,
                "mark": stored_evaluations.selection_mark(run.view.selected_by),
                "emotions": {name: _scores(scores) for name, scores in zip(EMOTIONS, run.scores, strict=True)},
            }
            for run in found.runs
        ],
        "differences": {
            name: {emotion: _difference(found, name, at) for at, emotion in enumerate(EMOTIONS)}
            for name in found.differences
        },
    }


def _scores(scores: EmotionScores) -> dict[str, Any]:
    figures: dict[str, Any] = {"n": scores.n, "predicted": scores.predicted}
    for name in FIGURES:
        estimate = scores.figure(name)
        known = estimate.value is not None
        figures[name] = {"value": estimate.value, "interval": [estimate.low, estimate.high]} if known else None
    return figures


def _difference(found: EmotionFigures, name: str, at: int) -> dict[str, Any] | None:
    change = found.differences[name][at]
    if change is None:
        return None
    interval = [change.low, change.high]
    return {"value": change.value, "interval": interval, "p": change.p_value, "p_holm": found.p_holm[name][at]}
