"""Confusion matrices of one run and of two on the same faces, and the test of every cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.evaluation.cell_tests import CellTests, cell_tests
from fercore.evaluation.confusion import Counts
from fercore.evaluation.confusion_shares import Shares, clustered_order, shares
from fercore.evaluation.metrics import accuracy
from fercore.evaluation.significance import ALPHA
from fercore.language import tr, trn
from fercore.services.comparison import common_faces, stored_evaluations
from fercore.services.comparison.claims import p_words, points
from fercore.services.comparison.common_faces import CommonFaces
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ConfusionPair:
    """Two evaluations on N common faces: (7, 7) counts of each, and the tests of their cells, A less B."""

    a: EvaluationView
    b: EvaluationView
    faces: CommonFaces
    counts: tuple[Counts, Counts]
    tests: CellTests

    def difference(self, base: Shares) -> Values:
        """(7, 7) differences of counts or of shares, A less B."""
        return shares(self.counts[0], base) - shares(self.counts[1], base)


def pair(store: Store, a: EvaluationView, b: EvaluationView, now: bool = False) -> ConfusionPair:
    """Two evaluations of one split on their common faces; with `now`, counted with the labels of now."""
    faces = common_faces.common(store, [a, b], now)
    alike = faces.clusters if faces.clustered else None
    tests = cell_tests(faces.labels, faces.predicted[0], faces.predicted[1], alike)
    return ConfusionPair(a, b, faces, (faces.counts(0), faces.counts(1)), tests)


def order(counts: Sequence[Counts], clustered: bool) -> list[int]:
    """The order of the emotions: the fixed one, or by how all of these matrices confuse them."""
    return clustered_order(np.sum(counts, axis=0)) if clustered else list(range(len(EMOTIONS)))


def claim(compared: ConfusionPair, label: int, predicted: int, chosen_before: bool = False) -> str:
    """The claim on one cell. One that was chosen before run B was trained needs no adjustment."""
    tests, at = compared.tests, (label, predicted)
    n = int(compared.counts[0][label].sum())
    if not n:
        return tr("No face here is labelled {label}.", label=tr(EMOTIONS[label]))
    said = [int(counts[at]) / n for counts in compared.counts]
    p_value = float((tests.p_value if chosen_before else tests.p_holm)[at])
    words = trn(
        "Of {count} face labelled {label}, run {a} says {predicted} to {first} and run {b} to {second}: "
        "{points} points, interval {low} to {high}.",
        "Of {count} faces labelled {label}, run {a} says {predicted} to {first} and run {b} to {second}: "
        "{points} points, interval {low} to {high}.",
        n,
        label=tr(EMOTIONS[label]),
        predicted=tr(EMOTIONS[predicted]),
        a=compared.a.run,
        b=compared.b.run,
        first=f"{said[0]:.1%}",
        second=f"{said[1]:.1%}",
        points=points(-float(tests.value[at])),
        low=points(-float(tests.high[at])),
        high=points(-float(tests.low[at])),
    )
    p = p_words(p_value)
    if not chosen_before:
        p = trn("{p} after Holm over {count} cell", "{p} after Holm over {count} cells", tests.tests, p=p)
    if p_value >= ALPHA:
        verdict = tr("No evidence that this cell has changed ({p}).", p=p)
    elif tests.value[at] > 0:
        verdict = tr("Less often in run {b} ({p}).", b=compared.b.run, p=p)
    else:
        verdict = tr("More often in run {b} ({p}).", b=compared.b.run, p=p)
    return f"{words} {verdict}"


def as_json(view: EvaluationView) -> dict[str, Any]:
    """One evaluation's matrix as the command line prints it."""
    counts = np.array(view.confusion)
    return stored_evaluations.as_json(view) | {
        "row_shares": shares(counts, Shares.ROWS).tolist(),
        "column_shares": shares(counts, Shares.COLUMNS).tolist(),
        "clustered": [EMOTIONS[index] for index in clustered_order(counts)],
    }


def pair_as_json(compared: ConfusionPair) -> dict[str, Any]:
    """Two matrices and the tests of their cells as the command line prints them; values are A less B."""
    views = (compared.a, compared.b)
    return {
        "a": compared.a.run,
        "b": compared.b.run,
        "evaluations": [view.id for view in views],
        "dataset": compared.faces.dataset,
        "split": compared.faces.split,
        "n": compared.faces.n,
        "emotions": list(EMOTIONS),
        "accuracy": [accuracy(counts) for counts in compared.counts],
        "confusion": [counts.tolist() for counts in compared.counts],
        "difference": {base.value: compared.difference(base).tolist() for base in Shares},
        "tests": compared.tests.tests,
        "cells": [row for row in rows(compared) if row["p_mid"] is not None],
        "clustered": [EMOTIONS[index] for index in order(compared.counts, clustered=True)],
        "labels_of_now": compared.faces.labels_of_now,
        "left_out": list(compared.faces.left_out),
        "selected_by": [list(view.selected_by) for view in views],
        "mark": [stored_evaluations.selection_mark(view.selected_by) for view in views],
    }


def cell_rows(view: EvaluationView) -> list[dict[str, Any]]:
    """One row for each cell of one evaluation, as files have it."""
    counts = np.array(view.confusion)
    parts = {"row_share": shares(counts, Shares.ROWS), "column_share": shares(counts, Shares.COLUMNS)}
    return [
        {
            "run": view.run,
            "dataset": view.dataset,
            "split": view.split,
            "label": EMOTIONS[label],
            "prediction": EMOTIONS[predicted],
            "faces": int(counts[label, predicted]),
            **{name: float(values[label, predicted]) for name, values in parts.items()},
        }
        for label in range(len(EMOTIONS))
        for predicted in range(len(EMOTIONS))
    ]


def rows(compared: ConfusionPair) -> list[dict[str, Any]]:
    """One row for each cell, as files have it; empty figures where no face has the label."""
    tests = compared.tests
    figures = {"difference": tests.value, "low": tests.low, "high": tests.high, "p_exact": tests.p_exact}
    figures |= {"p_mid": tests.p_mid, "p": tests.p_value, "p_holm": tests.p_holm}
    return [
        {
            "label": EMOTIONS[label],
            "prediction": EMOTIONS[predicted],
            "faces_a": int(compared.counts[0][label, predicted]),
            "faces_b": int(compared.counts[1][label, predicted]),
            "only_a": int(tests.only_first[label, predicted]),
            "only_b": int(tests.only_second[label, predicted]),
            **{name: _plain(values[label, predicted]) for name, values in figures.items()},
        }
        for label in range(len(EMOTIONS))
        for predicted in range(len(EMOTIONS))
    ]


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
