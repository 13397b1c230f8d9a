"""Pieces of the comparison page: what can be evaluated, what is counted again, what does not count."""

from types import SimpleNamespace

import pytest

from fercore.services.comparison.evaluation import EvaluateJob
from fercore.ui.comparison import table
from tests.services.comparison.test_table import evaluated, other


@pytest.fixture(autouse=True)
def no_store(monkeypatch):
    monkeypatch.setattr(table, "store", lambda: None)


def run(number, status="done", reported=3):
    made = SimpleNamespace(id=number, reported_epoch=reported, backbone="VGG16", recipe={"name": "modern"})
    return SimpleNamespace(run=made, status=status)


@pytest.mark.parametrize(
    ("actual", "offered"),
    [
        pytest.param([], None, id="no run"),
        pytest.param([run(1, "running"), run(2, "failed")], None, id="none is done"),
        pytest.param([run(1, reported=None)], None, id="no epoch counts"),
        pytest.param([run(3), run(2, "lost"), run(1)], [3, 1], id="those that are done"),
    ],
)
@pytest.mark.parametrize(
    ("on", "pressed", "submitted"),
    [([], True, False), ([("D", "test")], False, False), ([("D", "test"), ("E", "train")], True, True)],
)
def test_runs_are_evaluated_where_one_chooses(stage, monkeypatch, actual, offered, on, pressed, submitted):
    drawn, jobs = stage(On=on, Evaluate=pressed), []
    monkeypatch.setattr(table.run_details, "listed", lambda store: actual)
    monkeypatch.setattr(table.evaluation, "places", lambda store: [("D", "test"), ("E", "train")])
    monkeypatch.setattr(table.jobs, "submit", lambda store, request: jobs.append(request))
    table.evaluate_form()
    if offered is None:
        assert drawn.drawn == [] and jobs == []
        return
    [(runs, named)] = drawn.of("selectbox")
    assert runs[1] == offered and named["format_func"](3) == "Run 3 · VGG16 · modern"
    [(places, named)] = drawn.of("multiselect")
    assert [named["format_func"](place) for place in places[1]] == ["D · test", "E · train"]
    assert jobs == [EvaluateJob(run=3, on=on)] * submitted


RUNS = [evaluated(1, 0.5, dataset="D"), evaluated(2, 0.5, dataset="D"), evaluated(3, 0.5, dataset="D", split="train")]


@pytest.mark.parametrize(
    ("stale", "answers"),
    [
        pytest.param(set(), [], id="none"),
        pytest.param({1}, ["(test) have changed since 1 run was"], id="one"),
        pytest.param({1, 2}, ["(test) have changed since 2 runs were"], id="two on one split"),
        pytest.param({2, 3}, ["(test) have changed since 1 run was", "(train) have changed since 1 run"], id="splits"),
    ],
)
def test_splits_whose_labels_changed_are_counted_again(stage, monkeypatch, stale, answers):
    drawn = stage()
    table.recounts(RUNS, stale)
    message = drawn.said("markdown")
    assert [words in text for words, text in zip(answers, message, strict=True)] == [True] * len(answers)
    assert len(drawn.of("button")) == len(answers) and drawn.said("success") == []


def test_what_was_recounted_is_said_once(stage):
    import streamlit as st

    drawn = stage()
    st.session_state["recounted"] = "2 *evaluations*"
    table.recounts([], set())
    table.recounts([], set())
    assert drawn.said("success") == [r"2 \*evaluations\*"]


@pytest.mark.parametrize(
    ("added", "unpredicted", "words"),
    [
        ([7], [], "1 evaluation was recounted with the current labels."),
        ([7, 8], [], "2 evaluations were recounted with the current labels."),
        ([], [3, 4], "are not counted: evaluate runs 3, 4 again."),
    ],
)
def test_a_recount_says_what_it_could_not_count(stage, monkeypatch, added, unpredicted, words):
    import streamlit as st

    drawn, requests = stage(Recount=True), []

    def recount(store, *place):
        requests.append(place)
        return SimpleNamespace(added=added, unpredicted=unpredicted)

    monkeypatch.setattr(table.evaluation, "recount", recount)
    table.recounts(RUNS, {3})
    assert requests == [("D", "train")] and drawn.said("success")[0].replace("\\", "").endswith(words)
    assert len(drawn.of("rerun")) == 1 and "recounted" not in st.session_state


@pytest.mark.parametrize(
    ("epochs", "papers", "answers"),
    [
        (1, True, "Not counted: run 7, MobileNetV2, 1 epoch, started from none."),
        (3, False, "Not counted: run 7, MobileNetV2, 3 epochs, started from none, recipe changed."),
    ],
)
def test_runs_that_are_not_the_papers_are_told(tables, monkeypatch, epochs, papers, answers):
    evaluation = evaluated(7, 0.5, other(epochs=epochs))
    monkeypatch.setattr(table.comparison_table, "not_the_papers", lambda actual: [evaluation])
    monkeypatch.setattr(table.comparison_table, "has_papers_recipe", lambda training: papers)
    table.paper_table([], {7})
    assert tables[-1] == answers
