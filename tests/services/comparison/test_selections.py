"""Faces of a confusion cell sent to review: the task, its control faces, and the mark of figures counted since."""

import pytest
from sqlalchemy import select

from fercore.curation.review_filter import Cursor, ReviewFilter
from fercore.errors import InputError
from fercore.services.comparison import evaluation, selections, stored_evaluations, training_overlap
from fercore.services.comparison.confusion_cell import CellFilter
from fercore.services.comparison.selections import SelectionPlan
from fercore.services.review import assignments, grid, offered_tasks
from fercore.services.training import snapshots
from fercore.store.comparison.selections import Outcome
from fercore.store.tables import Evaluation, Face, SelectionFace, Task, TaskFace
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, faces_of, run
from tests.store.review.test_decisions import decide

FEAR = 2


@pytest.fixture
def confused(store):
    """A run that says Sad to 6 of 10 Happy test faces, and reads 20 others rightly."""
    fill(store, "D", [HAPPY, SAD, FEAR])
    fill(store, "D", [HAPPY] * 10 + [SAD] * 10 + [FEAR] * 10, "test", 50)
    fill(store, "D", [HAPPY] * 4, "validation", 90)
    snapshots.freeze(store, "S", ["D"])
    number = run(store)
    made = evaluate(store, number, "D", "test", [SAD] * 6 + [HAPPY] * 4 + [SAD] * 10 + [FEAR] * 10)
    evaluate(store, number, "D", "train", [SAD, SAD, FEAR])
    return store, number, made


def plan(made, **changes):
    return SelectionPlan(**({"evaluation": made, "label": HAPPY, "predicted": SAD, "name": "Second look"} | changes))


def task_faces(store, task):
    with store.database.reading() as session:
        query = select(TaskFace.face_id, TaskFace.kind).where(TaskFace.task_id == task).order_by(TaskFace.place)
        return [tuple(row) for row in session.execute(query)]


def test_a_test_cell_is_mixed_with_as_many_faces_from_outside(confused):
    store, number, made = confused
    sent = selections.send(store, plan(made, seed=7))
    assert (sent.faces, sent.control) == (6, 6)
    laid = task_faces(store, sent.task)
    cell = set(faces_of(store, "D", "test")[:6])
    assert {face for face, kind in laid if kind == "plain"} == cell
    controls = {face for face, kind in laid if kind == "control"}
    assert len(controls) == 6 and controls <= set(faces_of(store, "D", "test")) - cell
    assert [kind for _, kind in laid] != sorted(kind for _, kind in laid), "mixed in"
    with store.database.reading() as session:
        task = session.get_one(Task, sent.task)
        assert (task.blind, task.source, task.anew) == (True, "hidden", True)
    [offered] = offered_tasks.offered(store, "Kim")
    assert offered.instructions == "" and "Happy" not in offered.name
    [record] = selections.of_cell(store, stored_evaluations.get(store, made), HAPPY, SAD)
    assert (record.run, record.evaluation, record.task, record.seed) == (number, made, sent.task, 7)


def test_the_labeler_sees_nothing_that_tells_them_apart(confused):
    store, _, made = confused
    sent = selections.send(store, plan(made))
    [task] = offered_tasks.offered(store, "Kim")
    view = ReviewFilter(task.dataset_id, "Kim", task=task.id, blind=task.blind, source=task.source)
    page = grid.open_page(store, view, Cursor(), 60)
    tiles = grid.tiles(store, view, page.face_ids)
    assert len(tiles) == sent.faces + sent.control
    assert {(tile["emotion"], tile["baseline"], tile["word"], tile["hides"]) for tile in tiles} == {
        (None, None, "", True)
    }


def test_the_same_seed_draws_the_same_faces(confused):
    store, _, made = confused
    first, second, other = (task_faces(store, selections.send(store, plan(made, seed=seed)).task) for seed in (1, 1, 2))
    assert first == second != other


def test_of_learned_faces_no_control_faces_are_needed(confused):
    store, number, _ = confused
    view = stored_evaluations.of_run(store, number, "D", "train")
    sent = selections.send(store, plan(view.id))
    assert (sent.faces, sent.control) == (1, 0)
    with store.database.reading() as session:
        assert session.get_one(Task, sent.task).source == "shown"


def test_where_few_faces_lie_outside_all_of_them_are_mixed_in(store):
    fill(store, "D", [HAPPY, SAD])
    fill(store, "D", [HAPPY] * 5 + [SAD], "test", 50)
    snapshots.freeze(store, "S", ["D"])
    sent = selections.send(store, plan(evaluate(store, run(store), "D", "test", [SAD] * 5 + [SAD])))
    assert (sent.faces, sent.control) == (5, 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"predicted": FEAR}, "nothing to send", id="an empty cell"),
        pytest.param({"filter": CellFilter(lowest=0.9)}, "nothing to send", id="no face fits"),
        pytest.param({"name": "  "}, "name", id="no name"),
    ],
)
def test_what_cannot_be_sent_leaves_no_task(confused, changes, message):
    store, _, made = confused
    with pytest.raises(InputError, match=message):
        selections.send(store, plan(made, **changes))
    assert assignments.listed(store) == []


def test_a_face_that_one_decided_before_is_looked_at_anew(confused):
    store, _, made = confused
    for face in faces_of(store, "D", "test"):
        decide(store, "Kim", face, emotion=HAPPY if face in faces_of(store, "D", "test")[:10] else SAD)
    sent = selections.send(store, plan(made))
    [task] = offered_tasks.offered(store, "Kim")
    view = ReviewFilter(task.dataset_id, "Kim", task=task.id, blind=task.blind, source=task.source)
    page = grid.open_page(store, view, Cursor(), 60)
    tiles = grid.tiles(store, view, page.face_ids)
    assert len(tiles) == sent.faces + sent.control and not any(tile["mine"] for tile in tiles)
    first = page.face_ids[0]
    event = {"id": "8c6d7a5e-0000-4000-8000-000000000001", "action": "8c6d7a5e-0000-4000-8000-000000000002"}
    done = grid.commit(store, view, [event | {"face": first, "emotion": FEAR, "page": page.id}])
    assert done.decided == 1
    assert [tile["mine"] for tile in grid.tiles(store, view, [first])] == [True]
    assert assignments.listed(store)[0].done == 1
    grid.commit(
        store, view, [{"id": "8c6d7a5e-0000-4000-8000-000000000003", "type": "undo", "undoes": event["action"]}]
    )
    assert not grid.tiles(store, view, [first])[0]["mine"] and assignments.listed(store)[0].done == 0


def marks(store):
    return {(view.run, view.split): view.selected_by for view in stored_evaluations.listed(store)}


@pytest.mark.parametrize(
    ("change", "marked"),
    [
        pytest.param("relabel", True, id="relabelled"),
        pytest.param("reject", True, id="rejected"),
        pytest.param("confirm", False, id="confirmed"),
        pytest.param("control", False, id="a control face relabelled"),
        pytest.param("elsewhere", False, id="another face relabelled"),
    ],
)
def test_figures_whose_labels_changed_after_the_selection_are_marked(confused, change, marked):
    store, number, made = confused
    sent = selections.send(store, plan(made))
    laid = task_faces(store, sent.task)
    selected = next(face for face, kind in laid if kind == "plain")
    control = next(face for face, kind in laid if kind == "control")
    others = [face for face in faces_of(store, "D", "test") if face not in dict(laid)]
    face = {"control": control, "elsewhere": others[0]}.get(change, selected)
    emotion = {"reject": None, "confirm": HAPPY}.get(change, 6)
    decide(store, "Kim", face, emotion=emotion, reason="not a face" if change == "reject" else None)
    if change == "confirm":
        decide(store, "Kim", others[0], emotion=6)
    evaluation.recount(store, "D", "test")
    assert marks(store) == {(number, "test"): (number,) if marked else (), (number, "train"): ()}
    assert stored_evaluations.get(store, made).selected_by == (), "the old figures stay as they were"
    mark = f"D · test: labels changed after selection by run {number}"
    assert (mark in training_overlap.of_runs(store, {number})) == marked, "sweeps say so, too"


def test_the_mark_stays_once_the_task_is_deleted_and_reaches_other_runs(confused):
    store, number, made = confused
    second = run(store, seed=1)
    evaluate(store, second, "D", "test", [HAPPY] * 10 + [SAD] * 10 + [FEAR] * 10)
    sent = selections.send(store, plan(made))
    decide(store, "Kim", faces_of(store, "D", "test")[0], emotion=SAD)
    assignments.remove(store, sent.task)
    evaluation.recount(store, "D", "test")
    assert marks(store)[second, "test"] == marks(store)[number, "test"] == (number,)
    [record] = selections.of_cell(store, stored_evaluations.of_run(store, number, "D", "test"), HAPPY, SAD)
    assert record.task is None
    assert record.selected == Outcome(6, 1, 1), "a label that was changed outside of the task is a decision, too"
    assert record.control == Outcome(6, 0, 0)


def test_an_erased_person_is_in_no_reason(confused):
    from fercore.store.datasets import erasure

    store, _, made = confused
    faces = faces_of(store, "D", "test")
    with store.database.writing() as session:
        session.get_one(Face, faces[0]).subject = session.get_one(Face, faces[1]).subject = "abc123"
    selections.send(store, plan(made, filter=CellFilter(subjects=("abc123",))))
    with store.database.writing() as session:
        erasure.purge(session, "abc123")
    with store.database.reading() as session:
        assert session.scalars(select(SelectionFace.face_id).where(~SelectionFace.control)).all() == []
    [record] = selections.of_cell(store, stored_evaluations.get(store, made), HAPPY, SAD)
    assert record.filter == {"subjects": []}


@pytest.mark.parametrize(("imported", "since"), [(None, True), ({"file": "deepface.csv"}, False)])
def test_only_runs_trained_here_after_the_selection_count_as_after(confused, imported, since):
    store, number, made = confused
    selections.send(store, plan(made))
    [look] = selections.of_cell(store, stored_evaluations.get(store, made), HAPPY, SAD)
    assert selections.trained_since(store, look) == []
    second = run(store, seed=1)
    later = evaluate(store, second, "D", "test", [HAPPY] * 10 + [SAD] * 10 + [FEAR] * 10)
    with store.database.writing() as session:
        session.get_one(Evaluation, later).imported = imported
    assert selections.trained_since(store, look) == [second] * since
    assert (selections.chosen_before(store, [look], second) is not None) == since
    assert selections.chosen_before(store, [look], number) is None
