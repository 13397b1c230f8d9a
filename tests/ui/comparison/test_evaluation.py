"""The panel of one evaluation: its figures, versions, scores and files."""

import io
from datetime import UTC, datetime

import pandas as pd
import pytest

from fercore.emotions import EMOTIONS
from fercore.evaluation.intervals import Interval
from fercore.ui.comparison import evaluation
from tests.services.comparison.test_table import evaluated
from tests.ui.test_figures import matrix


@pytest.fixture(autouse=True)
def no_store(monkeypatch):
    monkeypatch.setattr(evaluation, "store", lambda: None)


@pytest.mark.parametrize(
    ("split", "people", "n", "metrics", "help_text"),
    [
        pytest.param(
            "test", None, 1234, [("Accuracy", "50.0%"), ("95 % interval", "40.0% – 60.0%"), ("Faces", "1,234")], None,
            id="by face",
        ),
        pytest.param(
            "train", 1, 4,
            [("Training accuracy", "50.0%"), ("95 % interval, by person", "40.0% – 60.0%"), ("Faces", "4")],
            "These faces show 1 person;", id="learned, of one person",
        ),
        pytest.param(
            "test", 10, 0, [("Accuracy", "–"), ("95 % interval, by person", "40.0% – 60.0%"), ("Faces", "0")],
            "These faces show 10 people;", id="by person",
        ),
    ],
)  # fmt: skip
def test_figures(stage, monkeypatch, split, people, n, metrics, help_text):
    drawn = stage()
    monkeypatch.setattr(evaluation.evaluation_details, "interval", lambda *_: Interval(0.4, 0.6, people))
    evaluation._figures(evaluated(1, 0.5, split=split, n=n))
    assert [given for given, _ in drawn.of("metric")] == metrics
    message = drawn.of("metric")[1][1]["help"]
    assert message is None if help_text is None else message.startswith(help_text)


@pytest.fixture
def panel(stage, monkeypatch):
    """Draws the panel of an evaluation that has these versions; returns the stage and what was shown of which."""
    shown = {}
    for part in ("_figures", "_scores", "_downloads"):
        monkeypatch.setattr(evaluation, part, lambda item, part=part: shown.setdefault(part, item.id))
    monkeypatch.setattr(evaluation, "_cautions", lambda item, stale: shown.update(stale=stale))
    monkeypatch.setattr(evaluation.confusion, "panel", lambda item, others: shown.update(matrix=item.id))

    def drawn(versions, stale, **answers):
        made = stage(**answers)
        monkeypatch.setattr(evaluation.stored_evaluations, "history", lambda store, number: versions)
        evaluation.panel(versions[0], stale, versions)
        return made, shown

    return drawn


VERSIONS = [evaluated(number, 0.25 * number, created_at=datetime(2026, 1, number, 9, tzinfo=UTC)) for number in (3, 2)]


@pytest.mark.parametrize(
    ("versions", "chosen", "stale", "number", "is_stale"),
    [
        pytest.param(VERSIONS[:1], None, False, 3, False, id="the only one"),
        pytest.param(VERSIONS[:1], None, True, 3, True, id="the only one, stale"),
        pytest.param(VERSIONS, 3, False, 3, False, id="the latest"),
        pytest.param(VERSIONS, 2, False, 2, True, id="an earlier one has other labels"),
        pytest.param(VERSIONS, 3, True, 3, True, id="the latest, stale"),
    ],
)
def test_versions_of_an_evaluation(panel, versions, chosen, stale, number, is_stale):
    drawn, shown = panel(versions, stale, **({"Counted": chosen} if chosen else {}))
    parts = dict.fromkeys(("_figures", "_scores", "_downloads", "matrix"), number)
    assert shown == parts | {"stale": is_stale}
    offered = drawn.of("selectbox")
    assert len(offered) == (len(versions) > 1)
    for given, named in offered:
        assert list(given[1]) == [3, 2]
        assert [named["format_func"](item)[-5:] for item in (3, 2)] == ["75.0%", "50.0%"]


@pytest.mark.parametrize("every", [True, False], ids=["all emotions shown", "one is missing"])
def test_scores_by_emotion(stage, monkeypatch, every):
    drawn, bars = stage(), []
    names = [name for name in EMOTIONS if every or name != "Fear"]
    monkeypatch.setattr(evaluation, "by_emotion", lambda f1, names, title: bars.append((f1, names)))
    monkeypatch.setattr(evaluation, "chart", lambda *_: None)
    evaluation._scores(evaluated(1, 0.5, confusion=matrix(**{f"{name}_{name}": 2 for name in names}, Happy_Sad=2)))
    [given] = drawn.of("dataframe")
    frame, config = given[0][0], given[1]["column_config"]
    assert list(config) == ["Precision", "Recall", "F1"]
    assert frame["n"].tolist() == [4 if name == "Happy" else 2 * (name in names) for name in EMOTIONS]
    [(f1, labels)] = bars
    assert labels == list(EMOTIONS) and f1["Angry"] == 1.0 and f1["Happy"] == pytest.approx(2 / 3)
    assert (f1["Fear"] is None) != every and len(drawn.said("caption")) == (not every)


def test_files_of_an_evaluation(stage, monkeypatch):
    drawn = stage()
    monkeypatch.setattr(
        evaluation.evaluation_details,
        "predictions",
        lambda store, actual: pd.DataFrame({"run": [o.run for o in actual]}),
    )
    view = evaluated(7, 0.5, dataset="D 2", confusion=matrix(Happy_Happy=3, Happy_Sad=1))
    evaluation._downloads(view)
    files = {given[2]: pd.read_csv(io.BytesIO(given[1]())) for given, _ in drawn.of("download_button")}
    assert list(files) == [f"evaluation-7-{name}.csv" for name in ("scores", "predictions")]
    scores, predictions = files.values()
    assert scores.loc[3, ["run", "dataset", "split", "emotion", "recall", "n"]].tolist() == [
        *(7, "D 2", "test", "Happy", 0.75, 4)
    ]
    assert predictions["run"].tolist() == [7]


@pytest.mark.parametrize(
    ("chosen", "pressed", "runs"),
    [([], True, None), ([2], False, None), ([2], True, [2]), ([3, 2], True, [3, 2])],
)
def test_predictions_of_several_evaluations(stage, monkeypatch, chosen, pressed, runs):
    drawn, prepared = stage(Evaluations=chosen, Prepare_the_download=pressed), []

    def predictions(store, actual):
        prepared.append([item.run for item in actual])
        return pd.DataFrame()

    monkeypatch.setattr(evaluation.evaluation_details, "predictions", predictions)
    evaluation.several(VERSIONS)
    assert prepared == ([] if runs is None else [runs])
    [(given, named)] = drawn.of("multiselect")
    assert named["format_func"](given[1][0]) == "Run 3 · CK+ test"
