"""Orders on a store: worked out once, kept while the faces are the same."""

import numpy as np
import pytest
from sqlalchemy import select

from fercore.curation.review_filter import ORDERS, Cursor, ReviewFilter
from fercore.errors import InputError, NotFoundError
from fercore.jobs import queue
from fercore.progress import silent
from fercore.services.comparison import evaluation
from fercore.services.review import (
    assignments,
    face_detail,
    grid,
    model_predictions,
    sort_order_preparation,
    sort_orders,
)
from fercore.services.review.assignments import TaskPlan
from fercore.services.review.dynamics_orders import DYNAMIC
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots
from fercore.services.training.runs import TrainRequest
from fercore.store.review import model_predictions as opinion_table
from fercore.store.tables import Decision, Face, Job, SortOrder
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.services.datasets.test_imports import csv_file, row, take
from tests.services.review.votes import say


@pytest.fixture
def faces(store):
    return fill(store, "D", [0, 1, 2, 3, 4, 5, 6, 0])


@pytest.fixture
def dataset_id(store, faces):
    with store.database.reading() as session:
        return session.get_one(Face, faces[0]).dataset_id


@pytest.fixture
def a_run(store, faces):
    """A run that learned copies of the first four faces."""
    fill(store, "L", [0, 1, 2, 3])
    snapshots.freeze(store, "S", ["L"])
    number = run_service.create(store, TrainRequest("S", "VGG16", MODERN, "none"))
    with store.database.writing() as session:
        runs.set_values(session, number, status="done", reported_epoch=1)
    return number


def laid(store, dataset_id, order, **named):
    view = ReviewFilter(dataset_id, "a", ordering=sort_orders.ordering(store, dataset_id, order, **named))
    return grid.open_page(store, view, Cursor(), 50).face_ids


@pytest.mark.parametrize("order", [item for item in ORDERS if item not in (*sort_orders.ADVISED, *DYNAMIC)])
def test_every_order_holds_every_face_once(store, faces, dataset_id, order):
    assert sorted(laid(store, dataset_id, order)) == faces


def test_an_order_stays_while_people_work_and_changes_with_the_faces(store, faces, dataset_id):
    first = sort_orders.ordering(store, dataset_id, "random")
    assert sort_orders.ordering(store, dataset_id, "random") == first
    assert sort_orders.ordering(store, dataset_id, "imported") is None
    more = fill(store, "D", [1, 1], start=100)
    assert sort_orders.ordering(store, dataset_id, "random") != first
    assert sorted(laid(store, dataset_id, "random")) == sorted([*faces, *more])


def test_a_big_dataset_s_orders_are_worked_out_in_a_job_after_its_import(store, tmp_path, monkeypatch):
    def jobs():
        with store.database.reading() as session:
            return [job.arguments for job in session.scalars(select(Job).where(Job.kind == "orders"))]

    monkeypatch.setattr(sort_orders, "PREPARED", 3)
    monkeypatch.setattr(queue, "advance", lambda *_: None)
    take(store, csv_file(tmp_path, [row(3, 1), row(3, 2)]), "D")
    assert jobs() == []
    for pixels in (4, 6):
        take(store, csv_file(tmp_path, [row(3, pixels), row(3, pixels + 1)]), "D")
        assert jobs() == [{"dataset": "D"}]  # one that waits does for both
    assert sort_order_preparation.KIND.work(store, jobs()[0], silent) == {"orders": len(sort_orders.EARLY)}
    with store.database.reading() as session:
        assert {scalar.name for scalar in session.scalars(select(SortOrder))} == set(sort_orders.EARLY)
    assert sort_order_preparation.KIND.work(store, jobs()[0], silent) == {"orders": 0}


def test_two_who_ask_for_an_order_at_once_get_the_same(store, faces, dataset_id, monkeypatch):
    make, others = sort_orders._MAKERS["random"], []

    def overtaken(*given):
        if not others:
            others.append(None)
            others[0] = sort_orders.ordering(store, dataset_id, "random")
        return make(*given)

    monkeypatch.setitem(sort_orders._MAKERS, "random", overtaken)
    assert [sort_orders.ordering(store, dataset_id, "random")] == others


def test_a_few_faces_that_come_to_many_lie_at_the_end_of_the_orders(store, faces, dataset_id, monkeypatch):
    monkeypatch.setattr(sort_orders, "MANY", 3)
    before = laid(store, dataset_id, "random")
    number = sort_orders.ordering(store, dataset_id, "random")
    new = fill(store, "D", [1], start=100)
    monkeypatch.setattr(sort_orders, "GROWN", 0.8)
    assert laid(store, dataset_id, "random") == before + new
    assert sort_orders.ordering(store, dataset_id, "random") == number
    more = fill(store, "D", [1, 1, 1], start=200)
    assert sort_orders.ordering(store, dataset_id, "random") != number
    assert sorted(laid(store, dataset_id, "random")) == faces + new + more
    assert laid(store, dataset_id, "random")[-3:] != more


def test_disagreement_comes_first(store, faces, dataset_id):
    say(store, "Kim", [faces[6]], 4)
    say(store, "Lee", [faces[6]], 5)
    say(store, "Kim", [faces[3]], 3)
    assert laid(store, dataset_id, "disputed first", anew=True)[0] == faces[6]


def test_a_models_orders_need_its_opinion(store, faces, dataset_id, a_run):
    for order in sort_orders.ADVISED:
        with pytest.raises(InputError, match="choose a model"):
            sort_orders.ordering(store, dataset_id, order, a_run)
    probabilities = np.full((3, 7), 0.1, np.float32)
    probabilities[0, 1], probabilities[1, 2], probabilities[2, 3] = 0.2, 0.01, 0.15
    with store.database.writing() as session:
        opinion_table.add(session, a_run, dataset_id, faces[1:4], probabilities)
    assert laid(store, dataset_id, "suspicious", run_id=a_run)[:3] == [faces[2], faces[3], faces[1]]
    task = assignments.create(store, TaskPlan("T", "D", order="suspicious", run=a_run))
    view = ReviewFilter(dataset_id, "a", task=task)
    assert grid.open_page(store, view, Cursor(), 50, "tab").face_ids[:3] == [faces[2], faces[3], faces[1]]


def test_who_sees_an_opinion_decides_with_it_on_record(store, faces, dataset_id, a_run):
    probabilities = np.array([[0.05, 0.6, 0.3, 0.05, 0, 0, 0]], np.float32)
    with store.database.writing() as session:
        opinion_table.add(session, a_run, dataset_id, faces[:1], probabilities)
    open_view, advised = ReviewFilter(dataset_id, "Kim"), ReviewFilter(dataset_id, "Kim", advisor=a_run)
    assert f"Model {a_run}" not in dict(face_detail.detail(store, open_view, faces[0])["facts"])
    assert (
        dict(face_detail.detail(store, advised, faces[0])["facts"])[f"Model {a_run}"]
        == "Disgust 60%, Fear 30%, Angry 5%"
    )
    assert "trained on" in dict(face_detail.detail(store, advised, faces[1])["facts"])[f"Model {a_run}"]
    for face, view in ((faces[0], advised), (faces[1], open_view)):
        event = {"id": f"{face:032x}", "action": f"{face:032x}", "face": face, "emotion": 1, "reason": None}
        grid.commit(store, view, [{**event, "type": "decide"}])
    with store.database.reading() as session:
        result = {row.face_id: row.advisor for row in session.query(Decision)}
    assert result == {faces[0]: a_run, faces[1]: None}


def test_a_run_is_never_asked_about_copies_of_what_it_learned(store, faces, dataset_id, a_run):
    with store.database.reading() as session:
        assert opinion_table.unasked(session, a_run, dataset_id) == faces[4:]
    assert [model_predictions.count(store, run.run, dataset_id) for run in model_predictions.advisors(store)] == [0]


def test_a_run_looks_at_each_face_once(store, faces, dataset_id, a_run, monkeypatch):
    looked = []

    class Model:
        def probabilities(self, pixels):
            looked.append(len(pixels))
            return np.full((len(pixels), 7), 1 / 7, np.float32)

    monkeypatch.setattr(evaluation, "predictor_of", lambda *_: Model())
    monkeypatch.setattr(model_predictions, "CHUNK", 3)
    assert model_predictions.gather(store, a_run, "D") == 4 and looked == [3, 1]
    assert model_predictions.count(store, a_run, dataset_id) == 4
    assert model_predictions.gather(store, a_run, "D") == 0 and looked == [3, 1]
    fill(store, "D", [2], start=50)
    assert model_predictions.gather(store, a_run, "D") == 1


@pytest.mark.parametrize(("run", "dataset"), [(99, "D"), (1, "X")])
def test_what_does_not_exist_cannot_be_asked(store, faces, a_run, run, dataset):
    for ask in (model_predictions.ask, model_predictions.gather):
        with pytest.raises(NotFoundError):
            ask(store, run, dataset)


@pytest.mark.parametrize(
    ("anew", "made"), [([False], 1), ([False, False], 1), ([False, True], 2), ([True, False, True], 2)]
)
def test_an_order_is_worked_out_only_when_it_is_needed(store, faces, dataset_id, monkeypatch, anew, made):
    make, calls = sort_orders._MAKERS["poor picture"], []

    def counted(session, dataset, run, progress):
        calls.append((dataset, run))
        return make(session, dataset, run, progress)

    monkeypatch.setitem(sort_orders._MAKERS, "poor picture", counted)
    numbers = [sort_orders.ordering(store, dataset_id, "poor picture", 99, anew=again) for again in anew]
    assert calls == [(dataset_id, None)] * made, "an order of the faces alone is no run's"
    assert len(set(numbers)) == made
    with store.database.reading() as session:
        assert [scalar.id for scalar in session.scalars(select(SortOrder))] == numbers[-1:]


@pytest.mark.parametrize("order", ["random", "imported"])
def test_all_faces_in_an_order(store, faces, dataset_id, order):
    result = sort_orders.face_ids(store, dataset_id, order)
    if order == "imported":
        assert result is None
    else:
        assert result == laid(store, dataset_id, order) and result != faces and sorted(result) == faces


@pytest.mark.parametrize(
    ("prepared", "expected", "missing"),
    [
        pytest.param(9, (), [], id="a small dataset"),
        pytest.param(8, (), ["random", "least sure", "poor picture", "look-alikes"], id="a big one"),
        pytest.param(8, ("random", "look-alikes"), ["least sure", "poor picture"], id="some are kept"),
    ],
)
def test_orders_that_are_missing(store, faces, dataset_id, monkeypatch, prepared, expected, missing):
    monkeypatch.setattr(sort_orders, "PREPARED", prepared)
    for order in expected:
        sort_orders.ordering(store, dataset_id, order)
    assert sort_orders.missing(store, dataset_id) == missing
