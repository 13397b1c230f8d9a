"""Two runs and many on the same faces: figures, verdicts, sentences, and what the command prints."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.errors import InputError
from fercore.evaluation.significance import mcnemar
from fercore.language import use
from fercore.services.comparison import claims, common_faces, pair, ranking, stored_evaluations
from fercore.services.training import snapshots
from fercore.store.tables import Face
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, faces_of, run
from tests.store.review.test_decisions import decide


def guesses(labels, rights, wrong=0):
    """Emotions said of faces, rightly where flagged."""
    return [label if right else wrong for label, right in zip(labels, rights, strict=True)]


@pytest.fixture
def measured(store):
    return prepared(store)


def prepared(store):
    """Three runs on 60 test faces of D: the first is right on 50, the others on 40 and 49 of these."""
    labels = [HAPPY, SAD, 6] * 20
    fill(store, "D", [HAPPY, SAD])
    fill(store, "D", labels, "test", 50)
    snapshots.freeze(store, "S", ["D"])
    numbers = [run(store, seed=seed) for seed in range(3)]
    rights = [np.arange(60) < 50, np.arange(60) < 40, np.abs(np.arange(60) - 26) < 25]
    for number, right in zip(numbers, rights, strict=True):
        evaluate(store, number, "D", "test", guesses(labels, right))
    return store, numbers, rights


def test_two_runs_differ(measured):
    store, (a, b, _), rights = measured
    result = pair.of_runs(store, a, b, "D", "test")
    assert (result.faces.n, result.accuracy) == (60, (pytest.approx(50 / 60), pytest.approx(40 / 60)))
    assert result.test == mcnemar(*rights[:2]) and result.test.only_first == 10 and result.test.only_second == 0
    assert result.p_value == result.test.p_mid < 0.01 and result.verdict == "different"
    assert claims.of_pair(result).startswith(f"Run {a} reads these faces better than run {b}: 16.7 points, interval ")
    back = claims.of_pair(pair.of_runs(store, b, a, "D", "test"))
    assert back.startswith(f"Run {a} reads these faces better than run {b}: 16.7 points, interval ")


def test_no_evidence_says_what_would_have_been_shown(measured):
    store, (a, _, c), _ = measured
    result = pair.of_runs(store, a, c, "D", "test")
    sentence = claims.of_pair(result)
    assert result.verdict == "no evidence" and sentence.startswith(
        "No evidence of a difference: 1.7 points, interval −"
    )
    assert sentence.endswith(f"this set would have shown {claims.points(result.detectable)}.")
    assert result.needed_n > 60


@pytest.fixture
def korean():
    use("ko")
    yield
    use("en")


def test_the_sentence_in_korean(measured, korean):
    store, (a, _, c), _ = measured
    assert claims.of_pair(pair.of_runs(store, a, c, "D", "test")).startswith("차이가 있다는 증거가 없습니다: 1.7%p")


@pytest.mark.parametrize(("subjects", "clusters"), [(1, 1), (6, 6), (None, None)])
def test_faces_of_few_people_decide_less(lite, subjects, clusters):
    labels = [HAPPY, SAD, 6] * 20
    fill(lite, "D", [HAPPY, SAD])
    for number, face in enumerate(fill(lite, "D", labels, "test", 50)):
        with lite.database.writing() as session:
            session.get_one(Face, face).subject = subjects and f"p{number * subjects // 60}"
    snapshots.freeze(lite, "S", ["D"])
    numbers = [run(lite, seed=seed) for seed in range(2)]
    for number, count in zip(numbers, (50, 40), strict=True):
        evaluate(lite, number, "D", "test", guesses(labels, np.arange(60) < count))
    result = pair.of_runs(lite, *numbers, "D", "test")
    assert result.clusters == clusters
    assert (result.verdict == "different") == (clusters is None), "one person carries all that differs"


def test_labels_that_have_changed_count_for_both(measured):
    store, (a, b, _), _ = measured
    face = faces_of(store, "D", "test")[0]
    decide(store, "Kim", face, emotion=SAD)
    kept = pair.of_runs(store, a, b, "D", "test")
    assert not kept.faces.labels_of_now and kept.accuracy[0] == pytest.approx(50 / 60), "both keep the old label"
    evaluate(store, b, "D", "test", guesses([SAD, SAD, 6, *[HAPPY, SAD, 6] * 19], np.arange(60) < 40))
    mixed = pair.of_runs(store, a, b, "D", "test")
    assert mixed.faces.labels_of_now and mixed.accuracy == (pytest.approx(49 / 60), pytest.approx(40 / 60))


def test_runs_of_other_splits_are_not_compared(measured):
    store, (a, b, _), _ = measured
    evaluate(store, a, "D", "train", [HAPPY, SAD])
    with pytest.raises(InputError, match=f"Run {b} was not evaluated on 'D', train"):
        pair.of_runs(store, a, b, "D", "train")
    views = [view for view in stored_evaluations.listed(store) if view.run == a]
    with pytest.raises(InputError, match="one split"):
        common_faces.common(store, views)


def test_over_seeds_five_of_each_are_needed(measured):
    store, numbers, _ = measured
    views = {view.run: view for view in stored_evaluations.listed(store)}
    few = pair.over_seeds(store, [views[numbers[0]], views[numbers[1]]], [views[numbers[2]]])
    assert few.difference is None and few.verdict == "few seeds"
    assert claims.over_seeds(few).startswith("With 1 seed of each, nothing can be claimed")
    two = pair.over_seeds(store, [views[numbers[0]], views[numbers[1]]], [views[numbers[2]], views[numbers[0]]])
    assert two.difference is not None and two.verdict == "few seeds", "a difference is shown, and nothing claimed"


def test_many_runs_are_ranked_with_holm(measured):
    store, numbers, rights = measured
    result = ranking.rank(store, stored_evaluations.listed(store))
    assert [each.view.run for each in result.runs] == [numbers[0], numbers[2], numbers[1]] and result.pairs == 3
    assert result.runs[0].beaten == (numbers[1],)
    raw = sorted(mcnemar(rights[a], rights[b]).p_mid for a, b in ((0, 1), (0, 2), (1, 2)))
    known = sorted(result.p_values[np.triu_indices(3, 1)])
    assert known[0] == pytest.approx(raw[0] * 3) and known[-1] == pytest.approx(raw[-1])


def invoked(*words):
    return CliRunner().invoke(cli, ["compare", *map(str, words)])


def test_the_command_prints_the_contract(lite):
    store, (a, b, c), _ = prepared(lite)
    done = invoked(a, b, "--dataset", "D", "--split", "test", "--json")
    result = json.loads(done.stdout)
    known = pair.of_runs(store, a, b, "D", "test")
    assert (result["a"], result["b"], result["dataset"], result["split"], result["n"]) == (a, b, "D", "test", 60)
    assert result["mcnemar"] | {"p_exact": 0, "p_mid": 0, "cohen_g": 0} == {
        "b": 10, "c": 0, "p_exact": 0, "p_mid": 0, "cohen_g": 0
    }  # fmt: skip
    assert result["difference"]["interval"] == [known.difference.low, known.difference.high]
    assert result["claim"] == claims.of_pair(known)
    assert claims.of_pair(known) in invoked(a, b).stdout, "the only split in common needs no name"
    assert json.loads(invoked(a, b, c, "--json").stdout)["runs"][0]["run"] == a
    assert "after Holm over all pairs, 3 in number" in invoked(a, b, c).stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["1"], "Name two runs or more", id="one run"),
        pytest.param(["1", "1"], "Name two runs or more", id="twice the same"),
        pytest.param(["--dataset", "D"], "name two or more", id="a place without runs"),
        pytest.param(["1", "99"], "All were evaluated on: none", id="unknown run"),
        pytest.param(["1", "2", "--dataset", "E"], "All were evaluated on: D test", id="not there"),
    ],
)
def test_the_command_refuses_in_a_sentence(judged_lite, words, message):
    done = invoked(*words)
    assert done.exit_code == 2 and message in done.stderr


@pytest.fixture
def judged_lite(lite):
    fill(lite, "D", [HAPPY, SAD])
    fill(lite, "D", [HAPPY, SAD], "test", 50)
    snapshots.freeze(lite, "S", ["D"])
    for seed in range(2):
        evaluate(lite, run(lite, seed=seed), "D", "test", [HAPPY, SAD])
    return lite
