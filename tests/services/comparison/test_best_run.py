"""The best run: the highest accuracy on one validation split."""

import pytest

from fercore.services.comparison import (
    best_run,
)
from fercore.services.comparison.evaluation import recount
from fercore.services.training import snapshots
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, faces_of, run
from tests.store.review.test_decisions import decide


@pytest.fixture
def candidates(store):
    """Three finished runs: two on D's validation split, all on its test split, one on E's; one of them unfinished."""
    for name, start in (("D", 0), ("E", 200)):
        fill(store, name, [HAPPY, SAD], "train", start)
        fill(store, name, [HAPPY, SAD], "validation", start + 10)
        fill(store, name, [HAPPY, SAD], "test", start + 20)
    snapshots.freeze(store, "S", ["D"])
    a, b, c, unfinished = run(store), run(store, seed=1), run(store, seed=2), run(store, seed=3, done=False)
    evaluate(store, a, "D", "validation", [HAPPY, HAPPY])
    evaluate(store, b, "D", "validation", [SAD, HAPPY])
    evaluate(store, unfinished, "D", "validation", [HAPPY, SAD])
    evaluate(store, c, "E", "validation", [HAPPY, SAD])
    for number in (a, b, c):
        evaluate(store, number, "D", "test", [HAPPY, SAD])
        evaluate(store, number, "D", "train", [HAPPY, SAD])
    return store


def test_the_best_run_is_that_of_one_validation_split(candidates):
    result = best_run.best(candidates)
    assert (result.evaluation.run, result.evaluation.accuracy, result.evaluation.split) == (1, 0.5, "validation")
    assert (result.compared, result.not_comparable) == (2, 1)
    assert best_run.places(candidates) == {("D", "validation"): 2, ("E", "validation"): 1}
    assert best_run.best(candidates, ("E", "validation")).evaluation.run == 3
    assert best_run.best(candidates, ("D", "test")).evaluation.run == 1, "test faces choose nothing"


def test_no_best_run_without_a_validation_split(judged):
    assert best_run.best(judged) is None and best_run.places(judged) == {}


def test_runs_counted_with_other_labels_are_not_comparable(candidates):
    decide(candidates, "a", faces_of(candidates, "D", "validation")[0], emotion=SAD)
    recount(candidates, "D", "validation", only=2)
    result = best_run.best(candidates)
    assert (result.evaluation.run, result.compared, result.not_comparable) == (2, 1, 2)


def test_of_several_evaluations_the_best_is_the_highest_and_of_equals_the_first(store):
    for name, start in (("D", 0), ("D 2", 200)):
        fill(store, name, [HAPPY, SAD], "train", start)
        fill(store, name, [HAPPY, SAD, HAPPY, SAD], "validation", start + 10)
    snapshots.freeze(store, "S", ["D"])
    numbers = [run(store, seed=seed) for seed in range(5)]
    answers = [[SAD] * 4, [HAPPY, SAD, HAPPY, HAPPY], [HAPPY, SAD, SAD, SAD], [HAPPY, HAPPY, HAPPY, HAPPY]]
    for number, guesses in zip(numbers, answers, strict=False):
        evaluate(store, number, "D", "validation", guesses)
    evaluate(store, numbers[0], "D 2", "validation", [HAPPY, SAD, HAPPY, SAD])
    result = best_run.best(store)
    assert (result.evaluation.run, result.evaluation.accuracy) == (numbers[1], 0.75)
    assert (result.compared, result.not_comparable) == (4, 1)
    elsewhere = best_run.best(store, ("D 2", "validation"))
    assert (elsewhere.evaluation.run, elsewhere.compared, elsewhere.not_comparable) == (numbers[0], 1, 4)
    assert best_run.finished(store) == numbers[::-1]
