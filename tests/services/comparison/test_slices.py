"""Slices of a run: found on validation faces, tested on test faces, and sent to review."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from fercore.cli import cli
from fercore.errors import InputError, NotFoundError
from fercore.services.comparison import selected_faces, selections, slice_faces, slices, stored_evaluations
from fercore.services.comparison.face_attributes import Attribute
from fercore.services.comparison.selected_faces import Reason, Sending
from fercore.services.comparison.slice_faces import Shown
from fercore.services.comparison.slices import SliceChoice
from fercore.services.comparison.stored_evaluations import listed
from fercore.services.training import snapshots
from fercore.store.tables import Face, SelectionFace, TaskFace
from tests.services.comparison.attributed import judge, of_old_men, people
from tests.services.comparison.conftest import run
from tests.store.review.test_decisions import decide

OLD_MEN = {("gender", "male"), ("age", "40")}


def judged(store):
    """A run that misreads old men, on validation and test faces; and one without validation faces."""
    people(store, "D", "train", 14, 0)
    people(store, "D", "validation", 630, 100)
    people(store, "D", "test", 420, 900)
    snapshots.freeze(store, "S", ["D"])
    first, second = run(store), run(store, seed=1)
    judge(store, first, "D", "validation", of_old_men)
    judge(store, first, "D", "test", of_old_men, 1)
    judge(store, second, "D", "test", of_old_men, 2)
    return first, second


def searched(store, number, **choice):
    [there], [here] = slices.validation(listed(store), number), slices.tests(listed(store), number)
    return slices.search(store, SliceChoice(there, here, **choice))


def words(each):
    return {(str(value.attribute), value.word) for value in each.values}


def test_a_weak_slice_is_found_and_holds(store):
    first, _ = judged(store)
    found = searched(store, first)
    best = found.slices[0]
    assert words(best) == OLD_MEN and found.least == 30
    assert best.found.n == 105 and best.tested.n == len(best.face_ids) == 70
    assert best.gap.value < -0.3 and best.gap.high < 0 and best.gap.p_value <= best.p_holm < 0.001
    with store.database.reading() as session:
        query = select(Face.id).where(Face.split == "test", Face.gender == "male", Face.age == 40)
        assert set(best.face_ids) == set(session.scalars(query))


def test_labels_may_be_left_out(store):
    first, _ = judged(store)
    assert not any(
        Attribute.LABEL in {value.attribute for value in each.values}
        for each in searched(store, first, with_label=False).slices
    )


def test_too_few_test_faces_are_not_tested(store):
    first, _ = judged(store)
    with store.database.writing() as session:
        for face in session.scalars(select(Face).where(Face.split == "test", Face.gender == "male", Face.age == 40)):
            face.age = 30
    found = searched(store, first)
    best = next(each for each in found.slices if words(each) == OLD_MEN)
    assert best.gap is None and best.p_holm is None and best.tested.n == 0
    assert found.tests == sum(each.gap is not None for each in found.slices)


def test_without_validation_faces_the_way_is_said(store):
    first, second = judged(store)
    with pytest.raises(InputError, match=f"evaluate run {second} on a validation split"):
        slices.validation(listed(store), second)
    with pytest.raises(InputError, match="evaluate run 9 on a test split"):
        slices.tests(listed(store), 9)
    [here] = slices.tests(listed(store), first)
    with pytest.raises(InputError, match="found on validation faces and tested on test faces"):
        slices.search(store, SliceChoice(here, here))


def test_misread_faces_are_sent_with_as_many_from_outside(store):
    first, _ = judged(store)
    found = searched(store, first)
    best = found.slices[0]
    view = found.choice.tested_on
    misread = slice_faces.of_evaluation(store, view, best.face_ids, Shown.MISREAD)
    right = slice_faces.of_evaluation(store, view, best.face_ids, Shown.RIGHT)
    assert len(misread) + len(right) == 70 and all(face.is_misread and face.unchanged for face in misread)
    assert [max(face.probabilities) for face in misread] == sorted(
        (max(face.probabilities) for face in misread), reverse=True
    )
    changed = misread[0]
    decide(store, "Lee", changed.face_id, emotion=changed.predicted)
    sent = selected_faces.write(
        store, slice_faces.chosen(store, found, best, Shown.MISREAD), Sending("Second look", (), 3)
    )
    assert sent.faces == sent.control == len(misread) - 1, "one has another label by now"
    with store.database.reading() as session:
        kinds = dict(
            session.execute(select(TaskFace.face_id, TaskFace.kind).where(TaskFace.task_id == sent.task)).all()
        )
        control = set(session.scalars(select(SelectionFace.face_id).where(SelectionFace.control)))
    assert control == {face for face, kind in kinds.items() if kind == "control"}
    assert not control & set(best.face_ids), "control faces come from outside the slice"
    [look] = selections.of_reason(store, view.dataset_id, "test", Reason.SLICE, [first])
    assert look.task == sent.task and look.selected.faces == sent.faces
    assert look.filter["shown"] == "misread" and look.filter["found_on"] == "D"
    assert {(value["attribute"], value["value"]) for value in look.filter["slice"]} == OLD_MEN


def test_figures_that_count_changed_labels_are_marked(store):
    first, _ = judged(store)
    found = searched(store, first)
    chosen = slice_faces.chosen(store, found, found.slices[0], Shown.MISREAD)
    selected_faces.write(store, chosen, Sending("Second look"))
    face = min(chosen.faces)
    decide(store, "Kim", face, emotion=(chosen.faces[face] + 1) % 7)
    judge(store, first, "D", "test", of_old_men, 5)
    assert stored_evaluations.of_run(store, first, "D", "test").selected_by == (first,)


def test_the_command(lite):
    first, second = judged(lite)
    runner = CliRunner()
    said = json.loads(runner.invoke(cli, ["slices", str(first), "--on", "D", "--json"]).stdout)
    assert {(value["attribute"], value["value"]) for value in said["slices"][0]["properties"]} == OLD_MEN
    assert said["slices"][0]["test"]["n"] == len(said["slices"][0]["faces"]) == 70
    sent = json.loads(
        runner.invoke(cli, ["slices", str(first), "--send", "Look", "--seed", "2", "--without-label", "--json"]).stdout
    )["sent"]
    assert sent["faces"] == sent["control"] > 0
    assert "Gender: male · Age: 40–49" in runner.invoke(cli, ["slices", str(first)]).stdout
    refused = runner.invoke(cli, ["slices", str(second)])
    assert isinstance(refused.exception, InputError) and "validation split" in str(refused.exception)
    for option in (["--on", "Nope"], ["--found-on", "Nope"], ["--send", "X", "--slice", "40"]):
        assert isinstance(runner.invoke(cli, ["slices", str(first), *option]).exception, NotFoundError)
