"""The emotions of a run from its stored probabilities, as scikit-learn has them, beside a second run's."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn import metrics as sklearn

from fercore.cli import cli
from fercore.emotions import EMOTIONS
from fercore.evaluation.emotion_scores import FIGURES
from fercore.services.comparison import emotion_scores, evaluation, stored_evaluations
from fercore.services.comparison.imported_file import ImportedFile
from fercore.services.training import snapshots
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.tables import Evaluation
from tests.services.comparison.attributed import judge, people
from tests.services.comparison.conftest import run


def judged(store, subjects=None):
    """Two runs on 210 test faces: the second is better."""
    people(store, "D", "train", 14, 0)
    people(store, "D", "test", 210, 100, subjects)
    snapshots.freeze(store, "S", ["D"])
    numbers = run(store), run(store, seed=1)
    for number, share in zip(numbers, (0.5, 0.75), strict=True):
        judge(store, number, "D", "test", lambda _, share=share: share, number)
    return [stored_evaluations.of_run(store, number, "D", "test") for number in numbers]


def test_figures_are_scikit_learns_on_the_stored_probabilities(store):
    view, _ = judged(store)
    [found] = emotion_scores.of_runs(store, [view]).runs
    scored = stored_evaluations.scored(store, view.id)
    said = scored.probabilities.argmax(1)
    expected = sklearn.precision_recall_fscore_support(scored.labels, said, labels=range(7))
    for at, scores in enumerate(found.scores):
        true, shares = scored.labels == at, scored.probabilities[:, at]
        values = (*(part[at] for part in expected[:3]), sklearn.roc_auc_score(true, shares))
        values = (*values, sklearn.average_precision_score(true, shares))
        for name, value in zip(FIGURES, values, strict=True):
            estimate = scores.figure(name)
            assert estimate.value == pytest.approx(value) and estimate.low < value < estimate.high
        assert scores.n == expected[3][at] == 30
        assert sklearn.auc(
            np.append(0, found.curves[at].false_positives), np.append(0, found.curves[at].recall)
        ) == pytest.approx(values[3])


def test_two_runs_are_tested_on_their_common_faces(store):
    first, second = judged(store)
    found = emotion_scores.of_runs(store, [first, second])
    assert set(found.differences) == set(FIGURES) and found.clusters is None
    assert sum(change.value < 0 for change in found.differences["recall"]) >= 5, "the second is better"
    for name in FIGURES:
        for change, p_holm in zip(found.differences[name], found.p_holm[name], strict=True):
            assert change.low <= change.value <= change.high and change.p_value <= p_holm <= 1


def test_people_make_intervals_wider(store):
    view, _ = judged(store, subjects=12)
    found = emotion_scores.of_runs(store, [view])
    assert found.clusters == 12 and found.runs[0].scores[0].recall.high - found.runs[0].scores[0].recall.low > 0.1


def test_words_alone_have_no_curves(store):
    view, _ = judged(store)
    target = evaluation.target_of(store, "D", "test")
    words = ScoredFaces(
        target.face_ids, np.array(target.labels), np.eye(7, dtype=np.float32)[np.array(target.labels) // 2]
    )
    kept = evaluation.keep(store, view.run, target, "test", words)
    with store.database.writing() as session:
        session.get_one(Evaluation, kept.id).imported = asdict(
            ImportedFile("deepface.csv", "", 210, 0, 210, words_only=True)
        )
    [found] = emotion_scores.of_runs(store, [stored_evaluations.get(store, kept.id)]).runs
    assert found.view.words_only and found.curves == (None,) * 7
    assert found.scores[0].recall.value == 1 and found.scores[0].auc.value is None


def test_the_command(lite):
    first, second = judged(lite)
    done = CliRunner().invoke(cli, ["emotions", str(first.run), str(second.run), "--on", "D", "--json"])
    said = json.loads(done.stdout)
    assert [each["run"] for each in said["runs"]] == [first.run, second.run] and said["n"] == 210
    happy = said["runs"][0]["emotions"]["Happy"]
    assert happy["n"] == 30 and happy["auc"]["interval"][0] < happy["auc"]["value"] < happy["auc"]["interval"][1]
    assert set(said["differences"]["f1"]) == set(EMOTIONS)
    text = CliRunner().invoke(cli, ["emotions", str(first.run), "--on", "D"]).stdout
    assert "On 'D' test, 210 faces" in text and "average precision" in text and "after Holm" not in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["1", "2", "3", "--on", "D"], "one run, or two"),
        (["1", "1", "--on", "D"], "one run, or two"),
        (["9", "--on", "D"], "Run 9 was not evaluated on 'D'"),
        (["1"], "--on"),
    ],
)
def test_the_command_refuses_in_a_sentence(lite, words, message):
    done = CliRunner().invoke(cli, ["emotions", *words])
    assert done.exit_code != 0 and message in str(done.stderr) + str(done.exception)
