"""Mistakes of runs as faces, their way into review, and the agreement of runs."""

import csv
import json

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from fercore.cli import cli
from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.evaluation.metrics import accuracy
from fercore.services.comparison import agreement, evaluation, mistakes, selected_faces, selections, stored_evaluations
from fercore.services.comparison.mistakes import MistakeQuery
from fercore.services.comparison.selected_faces import Reason, Sending
from fercore.services.training import snapshots
from fercore.store.comparison import evaluations as table
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.datasets import datasets
from fercore.store.tables import Evaluation, Task, TaskFace
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, faces_of, run
from tests.store.review.test_decisions import decide

FEAR = 2


def judge(store, number, shares, dataset="D", split="test"):
    """Store an evaluation with these probabilities of a split's faces."""
    with store.database.writing() as session:
        dataset_id = datasets.named(session, dataset).id
        ids, labels = table.labelled_faces(session, dataset_id, split)
        shares = np.array(shares, np.float32)
        counts = np.zeros((7, 7), int)
        np.add.at(counts, (np.array(labels), shares.argmax(axis=1)), 1)
        new = Evaluation(
            run_id=number,
            dataset_id=dataset_id,
            split=split,
            n=len(ids),
            accuracy=accuracy(counts),
            confusion=counts.tolist(),
        )
        return table.add(session, new, ScoredFaces(ids, np.array(labels), shares)).id


def said(*answers):
    """Probabilities of (emotion, probability) for each face; the rest is spread evenly."""
    shares = np.array([[(1 - share) / 6] * 7 for _, share in answers])
    for row, (emotion, share) in enumerate(answers):
        shares[row, emotion] = share
    return shares


@pytest.fixture
def judged(store):
    return filled(store)


def filled(store):
    """Six test faces and three runs. All get face 0 wrong, two of them alike; face 1 is right by the second run alone,
    face 2 by the third; all get the other three right.
    """
    fill(store, "D", [HAPPY, SAD])
    fill(store, "D", [HAPPY, HAPPY, SAD, SAD, FEAR, FEAR], "test", 50)
    snapshots.freeze(store, "S", ["D"])
    runs = [run(store, seed=seed) for seed in range(3)]
    rest = [(SAD, 0.9), (FEAR, 0.8), (FEAR, 0.7)]
    judge(store, runs[0], said((SAD, 0.6), (FEAR, 0.9), (HAPPY, 0.7), *rest))
    judge(store, runs[1], said((SAD, 0.8), (HAPPY, 0.5), (HAPPY, 0.9), *rest))
    judge(store, runs[2], said((FEAR, 0.5), (FEAR, 0.6), (SAD, 0.4), *rest))
    return store, runs, faces_of(store, "D", "test")


def views(store, runs):
    return [stored_evaluations.of_run(store, number, "D", "test") for number in runs]


def test_the_surest_mistakes_of_a_run_with_their_probabilities(judged):
    store, runs, faces = judged
    found = mistakes.find(store, views(store, runs[:1]), MistakeQuery(Reason.SUREST))
    assert [each.face_id for each in found.found] == [faces[1], faces[2], faces[0]]
    first = found.found[0]
    assert (first.label, first.said, first.right, first.unchanged) == (HAPPY, FEAR, None, True)
    assert first.sureness == pytest.approx(0.9) and first.answers[0].true == pytest.approx(0.1 / 6)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(MistakeQuery(Reason.ALL_WRONG), [0], id="all wrong"),
        pytest.param(MistakeQuery(Reason.ALL_WRONG, label=SAD), [], id="all wrong, of another label"),
        pytest.param(MistakeQuery(Reason.ALL_WRONG, predicted=SAD), [0], id="by what most say"),
        pytest.param(MistakeQuery(Reason.ALL_WRONG, predicted=FEAR), [], id="what fewer say does not count"),
        pytest.param(MistakeQuery(Reason.ONE_RIGHT), [2, 1], id="one right, the surest wrong runs first"),
        pytest.param(MistakeQuery(Reason.ONE_RIGHT, label=HAPPY), [1], id="one right, by label"),
        pytest.param(MistakeQuery(Reason.ONE_RIGHT, count=1), [2], id="the first one"),
    ],
)
def test_mistakes_of_several_runs(judged, query, expected):
    store, runs, faces = judged
    found = mistakes.find(store, views(store, runs), query)
    assert [each.face_id for each in found.found] == [faces[at] for at in expected]


def test_the_one_run_that_is_right_is_named_and_chosen_by(judged):
    store, runs, faces = judged
    found = mistakes.find(store, views(store, runs), MistakeQuery(Reason.ONE_RIGHT))
    assert {each.face_id: each.right for each in found.found} == {faces[1]: runs[1], faces[2]: runs[2]}
    only = mistakes.find(store, views(store, runs), MistakeQuery(Reason.ONE_RIGHT, right=runs[2]))
    assert ([each.face_id for each in only.found], only.every) == ([faces[2]], 1)
    assert only.found[0].sureness == pytest.approx(0.8), "the mean of those that are wrong"


@pytest.mark.parametrize(("reason", "count"), [(Reason.SUREST, 2), (Reason.ALL_WRONG, 1), (Reason.ONE_RIGHT, 1)])
def test_a_wrong_number_of_runs_is_refused(judged, reason, count):
    store, runs, _ = judged
    with pytest.raises(InputError):
        mistakes.find(store, views(store, runs[:count]), MistakeQuery(reason))


@pytest.mark.parametrize("seed", range(4))
def test_mistakes_equal_counting_on_random_probabilities(store, seed):
    random = np.random.default_rng(seed)
    fill(store, "D", [HAPPY, SAD])
    labels = random.integers(0, 7, 40).tolist()
    fill(store, "D", labels, "test", 50)
    snapshots.freeze(store, "S", ["D"])
    runs = [run(store, seed=number) for number in range(4)]
    shares = random.dirichlet([0.5] * 7, (4, 40)).astype(np.float32)
    for number, each in zip(runs, shares, strict=True):
        judge(store, number, each)
    faces = faces_of(store, "D", "test")
    guesses = shares.argmax(axis=2)
    wrong = guesses != labels
    expected = sorted(np.flatnonzero(wrong[0]).tolist(), key=lambda face: -shares[0, face].max())
    found = mistakes.find(store, views(store, runs[:1]), MistakeQuery(Reason.SUREST))
    assert [each.face_id for each in found.found] == [faces[face] for face in expected]
    means = [
        np.mean([shares[number, face].max() for number in range(4) if wrong[number, face]])
        if wrong[:, face].any()
        else 0
        for face in range(40)
    ]
    for reason, wrongs in ((Reason.ALL_WRONG, 4), (Reason.ONE_RIGHT, 3)):
        found = mistakes.find(store, views(store, runs), MistakeQuery(reason))
        fitting = [face for face in range(40) if wrong[:, face].sum() == wrongs]
        assert [each.face_id for each in found.found] == [faces[f] for f in sorted(fitting, key=lambda f: -means[f])]
        assert [each.sureness for each in found.found] == pytest.approx(sorted(means[f] for f in fitting)[::-1])


def test_they_are_sent_with_as_many_blind_control_faces_and_mark_later_figures(judged):
    store, runs, faces = judged
    found = mistakes.find(store, views(store, runs), MistakeQuery(Reason.ONE_RIGHT, label=HAPPY))
    sent = selected_faces.write(store, found.chosen(), Sending("Second look", seed=3))
    assert (sent.faces, sent.control) == (1, 1)
    with store.database.reading() as session:
        task = session.get_one(Task, sent.task)
        assert (task.blind, task.source, task.anew) == (True, "hidden", True)
        kinds = dict(
            session.execute(select(TaskFace.face_id, TaskFace.kind).where(TaskFace.task_id == sent.task)).all()
        )
    assert kinds.pop(faces[1]) == "plain" and set(kinds.values()) == {"control"}
    look = selections.of_task(store, sent.task)
    assert look is not None and (look.reason, look.runs, look.filter) == (
        Reason.ONE_RIGHT,
        tuple(runs),
        {"label": "Happy"},
    )
    assert (look.evaluation, look.label, look.predicted, look.dataset) == (None, None, None, "D")
    [again] = selections.of_reason(store, found.views[0].dataset_id, "test", Reason.ONE_RIGHT, runs[::-1])
    assert again.id == look.id
    assert selections.of_reason(store, found.views[0].dataset_id, "test", Reason.ONE_RIGHT, runs[:2]) == []
    assert selections.of_cell(store, found.views[0], HAPPY, FEAR) == []
    decide(store, "Kim", faces[1], emotion=FEAR)
    evaluation.recount(store, "D", "test")
    assert {view.selected_by for view in stored_evaluations.listed(store)} == {tuple(runs)}


def test_relabelled_faces_are_told_and_not_sent(judged):
    store, runs, faces = judged
    decide(store, "Kim", faces[1], emotion=FEAR)
    found = mistakes.find(store, views(store, runs[:1]), MistakeQuery(Reason.SUREST))
    assert [(each.face_id, each.unchanged) for each in found.found] == [
        (faces[1], False),
        (faces[2], True),
        (faces[0], True),
    ]
    assert sorted(found.chosen().faces) == [faces[0], faces[2]]
    none = mistakes.find(store, views(store, runs), MistakeQuery(Reason.ONE_RIGHT, label=HAPPY))
    with pytest.raises(InputError, match="nothing to send"):
        selected_faces.write(store, none.chosen(), Sending("Second look"))


def test_agreement_of_runs_the_most_accurate_first(judged):
    store, runs, _ = judged
    found = agreement.of_runs(store, views(store, runs))
    assert [view.run for view in found.views] == [runs[1], runs[2], runs[0]]
    [row, *_] = [each for each in agreement.rows(found) if {each["run_a"], each["run_b"]} == {runs[0], runs[1]}]
    # Equal on all but face 1: 5 of 6; both are wrong on faces 0 and 2, where they say the same.
    assert (row["equal_answers"], row["equal_mistakes"]) == (pytest.approx(5 / 6), 1.0)
    assert row["low"] < row["kappa"] < row["high"]
    with pytest.raises(InputError, match="two runs"):
        agreement.of_runs(store, views(store, runs[:1]))


def printed(*words):
    done = CliRunner().invoke(cli, [*map(str, words), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_commands_print_send_and_write(lite, tmp_path):
    _, runs, faces = filled(lite)
    found = printed("mistakes", runs[0], "--count", 2, "--csv", tmp_path / "m.csv")
    assert ([each["face"] for each in found["faces"]], found["found"], found["reason"]) == (faces[1:3], 3, "surest")
    with (tmp_path / "m.csv").open(newline="", encoding="utf-8") as stream:
        assert [row["prediction"] for row in csv.DictReader(stream)] == ["Fear", "Happy"]
    several = printed("mistakes", *runs, "--send", "Second look")
    assert (several["reason"], several["sent"]["faces"], several["sent"]["control"]) == ("all-wrong", 1, 1)
    assert several["faces"][0]["most_said"] == EMOTIONS[SAD] and several["faces"][0]["said_by"] == 2
    one = printed("mistakes", *runs, "--reason", "one-right", "--right", runs[1])
    assert [each["right"] for each in one["faces"]] == [runs[1]]
    nothing = printed("mistakes", runs[0], "--label", "Angry", "--csv", tmp_path / "none.csv")
    assert nothing["faces"] == [] and (tmp_path / "none.csv").read_text().startswith("face,label,run")
    pairs = printed("run-agreement", *runs, "--csv", tmp_path / "a.csv")["pairs"]
    assert len(pairs) == 3 and pairs[0]["run_a"] == runs[1]
    for words in (["mistakes", runs[0]], ["run-agreement", *runs], ["mistakes", *runs, "--reason", "one-right"]):
        done = CliRunner().invoke(cli, list(map(str, words)))
        assert done.exit_code == 0 and "face" in done.stdout, done.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["mistakes", "99"], "All were evaluated on", id="an unknown run"),
        pytest.param(["mistakes", "1", "2", "--reason", "surest"], "choose one", id="surest of two"),
        pytest.param(["mistakes", "1", "--reason", "all-wrong"], "two runs", id="all wrong of one"),
        pytest.param(["mistakes", "1", "--label", "Angry", "--send", "X"], "nothing to send", id="nothing found"),
        pytest.param(["run-agreement", "1"], "two runs", id="agreement of one"),
        pytest.param(["training-faces", "1"], "no training dynamics", id="no dynamics"),
    ],
)
def test_commands_refuse_in_a_sentence(lite, words, message):
    filled(lite)
    done = CliRunner().invoke(cli, words)
    assert done.exit_code != 0 and message in done.stderr + str(done.exception)
