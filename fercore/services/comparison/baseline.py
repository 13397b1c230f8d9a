"""Differences of trainings to a baseline on one split, each on the faces that both have."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fercore.evaluation.differences import Difference, difference
from fercore.evaluation.measures import ACCURACY, RECALL
from fercore.evaluation.significance import mcnemar
from fercore.services.comparison import common_faces
from fercore.services.comparison.common_faces import CommonFaces
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.store import Store

Views = Sequence[EvaluationView]


def differences(
    store: Store, measure: str, base: Views, others: Mapping[int, Views]
) -> dict[int, tuple[Difference, int]]:
    """Differences of trainings, by their keys, to the baseline's on one split, and the number of faces that count for
    each; a training is given by its seeds.
    """
    views = [*base, *(view for seeds in others.values() for view in seeds)]
    counted = common_faces.read(store, [view.id for view in views])
    facts = common_faces.facts_of(store, base[0].dataset_id, base[0].split)
    whole = common_faces.align(views, [counted[view.id] for view in views], facts)
    are_same = not whole.labels_of_now and not any(whole.left_out)
    found, start = dict[int, tuple[Difference, int]](), len(base)
    for key, seeds in others.items():
        if are_same:
            faces, rows = whole, range(start, start + len(seeds))
        else:
            part = [*base, *seeds]
            faces = common_faces.align(part, [counted[view.id] for view in part], facts)
            rows = range(len(base), len(part))
        start += len(seeds)
        each = _difference(faces, rows, len(base), measure)
        if each is not None:
            found[key] = each, _counted(faces, measure)
    return found


def _counted(faces: CommonFaces, measure: str) -> int:
    return int((faces.labels == RECALL[measure]).sum()) if measure in RECALL else len(faces.labels)


def _difference(faces: CommonFaces, rows: range, base: int, measure: str) -> Difference | None:
    """The difference of some rows of common faces to the first `base` ones; two runs' accuracies by McNemar's test."""
    cells = faces.labels * 7 + faces.predicted
    each = difference(cells[rows.start : rows.stop], cells[:base], faces.clusters, measure)
    if each is None or measure != ACCURACY or faces.clustered or base > 1 or len(rows) > 1:
        return each
    right = faces.predicted[[rows.start, 0]] == faces.labels
    return replace(each, p_value=mcnemar(right[0], right[1]).p_mid)
