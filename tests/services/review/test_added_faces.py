"""A face that the detector missed: drawn on its photo, stored as a new one, undone, refused where it cannot be."""

from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from fercore.curation.review_filter import Cursor, ReviewFilter
from fercore.services.datasets.catalogue import summaries
from fercore.services.review import assignments, face_detail, grid, history
from fercore.services.review.assignments import TaskPlan
from fercore.services.review.history import HistoryQuery
from fercore.services.training import snapshots
from fercore.store.datasets import export_query
from fercore.store.datasets import faces as face_table
from fercore.store.tables import Decision, Face, TaskFace
from fercore.ui.review_grid.desk import Desk
from tests.conftest import fill
from tests.services.review.added import BOX, add, newest, the_photo
from tests.services.review.recrops import event, recut, states, undo, view_of


def test_a_new_face_of_the_same_photo_person_and_split(store, on_photo, tmp_path):
    with store.database.writing() as session:
        first = session.get_one(Face, on_photo[0])
        first.subject, first.gender, first.age, first.split = "S1", "female", 20, "validation"
    made, result = add(store, face=on_photo[0])
    assert result.stored == {made["id"]: 1} and result.problem is None and result.decided == 0
    face = newest(store)
    assert result.added == {on_photo[0]: [face.id]}
    assert (face.photo_id, face.subject, face.gender, face.age) == (the_photo(store).id, "S1", "female", 20)
    assert (face.split, face.emotion, face.source_emotion, face.source_word) == ("validation", None, None, "")
    assert (face.box, face.detector, face.state, face.doubtful) == (BOX, "hand", "undecided", False)
    assert states(store) == [("undecided", None)] * 4
    facts = dict(face_detail.detail(store, view_of(store), face.id)["facts"])
    assert (facts["Added by"], facts["Crop"]) == ("Kim", "drawn by hand")
    assert face_detail.detail(store, view_of(store), face.id)["history"][0].endswith("Kim: added")
    assert "Added by" not in dict(face_detail.detail(store, view_of(store, blind=True), face.id)["facts"])
    whole = np.asarray(Image.open(tmp_path / "사진.png").convert("L"))[40:100, 100:160]
    with store.database.reading() as session:
        gray = face_table.pixels(session, [face.id])
    assert abs(float(gray.mean()) - float(whole.mean())) < 3


def test_the_label_chosen_there_is_a_decision_and_undone_with_the_face(store, on_photo):
    made, _ = add(store, face=on_photo[0], emotion=6)
    face = newest(store)
    assert (face.emotion, face.state, face.source_emotion) == (6, "relabelled", None)
    undo(store, made)
    assert states(store)[3] == ("withdrawn", None)
    assert grid.counts(store, view_of(store)) == (3, 3)


@pytest.mark.parametrize("named", [True, False])
def test_an_added_face_is_withdrawn_by_undo_and_counts_nowhere(store, on_photo, named):
    made, _ = add(store, face=on_photo[0])
    assert summaries(store)[0].faces == 4
    result = undo(store, made if named else None)
    assert result.undid and states(store)[3] == ("withdrawn", None)
    assert summaries(store)[0].faces == 3
    assert add(store, face=on_photo[0])[1].problem is None, "the place is free again"


def test_a_revert_withdraws_it_and_its_undo_brings_it_back(store, on_photo):
    add(store, face=on_photo[0], emotion=2)
    assert history.revert(store, HistoryQuery("D", "Kim"), "lead") >= 1
    assert states(store)[3] == ("withdrawn", None)
    (done,) = history.reverts(store)
    history.restore(store, done.action, "lead")
    assert states(store)[3] == ("relabelled", None)


def test_it_stands_in_counts_exports_and_snapshots(store, on_photo):
    add(store, face=on_photo[0], emotion=4)
    face = newest(store)
    assert summaries(store)[0].faces == 4
    frozen = snapshots.freeze(store, "s", ["D"])
    assert frozen.faces == 4
    with store.database.reading() as session:
        written = list(
            export_query.faces(session, export_query.of_dataset(session, face.dataset_id, usable_only=False))
        )
    mine = next(item for item in written if item.number == face.id)
    assert (mine.detector, mine.label, mine.photo, mine.source_emotion) == ("hand", 4, "사진.png", None)


def test_the_same_event_again_adds_one_face(store, on_photo):
    made, first = add(store, face=on_photo[0])
    again = grid.commit(store, view_of(store), [made])
    assert again.stored == first.stored and again.refused == {} and len(states(store)) == 4
    other = grid.commit(store, view_of(store), [made | {"box": [0, 0, 30, 30]}])
    assert "another decision" in other.refused[0] and len(states(store)) == 4


@pytest.mark.parametrize(
    ("box", "why"),
    [
        pytest.param(None, "whole pixels", id="no box"),
        pytest.param([1, 2, 3], "whole pixels", id="three numbers"),
        pytest.param([1.5, 2, 30, 30], "whole pixels", id="a fraction"),
        pytest.param([True, 2, 30, 30], "whole pixels", id="no number"),
        pytest.param("x" * 100_000, "whole pixels", id="a long text"),
        pytest.param([150, 20, 90, 90], "inside the photo of 200 × 120", id="beyond the edge"),
        pytest.param([-1, 20, 90, 90], "inside the photo", id="before the edge"),
        pytest.param([60, 20, 40, 60], "A box is a square", id="no square"),
        pytest.param([160, 20, 15, 15], "at least 16 pixels", id="too small"),
        pytest.param([160, 20, 0, 0], "at least 16 pixels", id="nothing"),
        pytest.param([160, 20, -20, -20], "at least 16 pixels", id="less than nothing"),
        pytest.param([10**30, 20, 30, 30], "inside the photo", id="far away"),
        pytest.param([10, 10, 48, 48], "already", id="a face that is there"),
        pytest.param([14, 13, 46, 46], "already", id="nearly a face that is there"),
    ],
)
def test_what_cannot_be_added_is_told_and_changes_nothing(store, on_photo, box, why):
    made, result = add(store, box, face=on_photo[0])
    assert why in result.problem and result.stored == {made["id"]: 0} and len(result.problem) < 300
    assert states(store) == [("undecided", None)] * 3


def test_a_face_that_is_there_is_told_before_its_photo_is_opened(store, on_photo, tmp_path):
    (tmp_path / "사진.png").unlink()
    assert "already" in add(store, [12, 12, 48, 48], face=on_photo[0])[1].problem
    assert "is not where it was imported from" in add(store, [120, 50, 48, 48], face=on_photo[0])[1].problem


def test_a_rejected_face_does_not_keep_its_place_and_two_people_add_one_face(store, on_photo):
    grid.commit(store, view_of(store), [event("decide", face=on_photo[0], reason="not a face")])
    assert add(store, [12, 12, 48, 48], face=on_photo[0])[1].problem is None
    lee = replace(view_of(store), reviewer="Lee")
    near = event("add", face=on_photo[1], box=[14, 12, 48, 48])
    assert "already" in grid.commit(store, lee, [near]).problem


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({}, id="neither face nor photo"),
        pytest.param({"face": 1, "photo": 1}, id="both"),
        pytest.param({"photo": "1"}, id="a word for a photo"),
        pytest.param({"photo": -1}, id="a negative photo"),
        pytest.param({"face": 1, "emotion": 9}, id="no such emotion"),
    ],
)
def test_an_event_that_cannot_be_read_is_refused(store, on_photo, more):
    _, result = add(store, **more)
    assert result.stored == {} and 0 in result.refused and len(states(store)) == 3


def test_a_photo_of_another_dataset_or_of_none_is_told(store, on_photo):
    fill(store, "E", [3], start=50)
    elsewhere = replace(view_of(store), dataset_id=view_of(store).dataset_id + 1)
    made = event("add", photo=the_photo(store).id, box=BOX)
    assert "gone" in grid.commit(store, elsewhere, [made]).problem
    assert "gone" in add(store, photo=9999)[1].problem
    assert "has no photo to add a face from" in add(store, face=on_photo[2])[1].problem


def test_the_page_shows_it_beside_and_goes_on_where_it_was(store, on_photo):
    desk = Desk(store, view_of(store), 2)
    desk.receive({"batch": "1", "have": desk.key, "events": [event("add", face=on_photo[0], box=BOX)]})
    new = newest(store).id
    assert desk.page.face_ids == [on_photo[0], new, on_photo[1]] and desk.at == new
    desk.receive({"batch": "2", "have": desk.key, "turn": {"to": "next", "from": desk.key}})
    assert desk.page.face_ids[0] == on_photo[2]


def test_in_a_task_it_is_for_as_many_people_as_the_face_beside_it(store, on_photo):
    task = assignments.create(store, TaskPlan("T", "D", people=("Kim", "Lee"), twice=1.0))
    view = view_of(store, task=task, blind=True)
    grid.open_page(store, view, Cursor(), 10, "tab")
    result = grid.commit(store, view, [event("add", face=on_photo[0], box=BOX)], "tab")
    with store.database.reading() as session:
        new = session.get_one(TaskFace, (task, result.added[on_photo[0]][0]))
        assert (new.wanted, new.open) == (2, 1)
    other = ReviewFilter(view.dataset_id, "Lee", task=task, blind=True)
    assert len(grid.open_page(store, other, Cursor(), 10, "other").face_ids) == 4


def test_recut_and_undo_still_work_on_an_added_face(store, on_photo):
    made, _ = add(store, face=on_photo[0])
    face = newest(store)
    _, result = recut(store, face.id, [110, 50, 60, 60])
    assert result.problem is None and states(store)[3] == ("rejected", "bad crop")
    with store.database.reading() as session:
        kinds = set(session.scalars(select(Decision.kind)))
    assert kinds == {"added", "rejected"}
    undo(store)
    undo(store, made)
    assert [state for state, _ in states(store)[3:]] == ["withdrawn", "withdrawn"]


def test_an_added_face_travels_with_decisions_and_is_left_out_elsewhere(lite, on_photo_lite, tmp_path):
    from fercore.services.review import decision_transfer
    from fercore.settings import Settings
    from fercore.store import open_store

    add(lite, face=on_photo_lite[0], emotion=2)
    file = tmp_path / "decisions.csv"
    assert decision_transfer.export(lite, file) == 1
    assert decision_transfer.import_file(lite, file)["known"] == 1
    other = open_store(Settings(data_dir=tmp_path / "other", models_dir=tmp_path / "models", user="x"))
    fill(other, "D", [3, 5, 1])
    assert decision_transfer.import_file(other, file)["left_out"] == 1
    other.database.close()


@pytest.fixture
def on_photo_lite(lite, tmp_path):
    from tests.conftest import photograph as take

    ids = fill(lite, "D", [3, 5, 1])
    take(lite, ids[:2], tmp_path / "사진.png", (10, 10, 48, 48))
    return ids


def test_a_number_may_not_be_reused(store, on_photo):
    number = str(uuid4())
    assert add(store, face=on_photo[0], id=number)[1].refused == {}
    result = grid.commit(store, view_of(store), [event("decide", face=on_photo[1], emotion=1, id=number)])
    assert "another decision" in result.refused[0]


def test_tiles_tell_which_faces_came_without_a_label(store, on_photo):
    add(store, face=on_photo[0], emotion=3)
    shown = [*on_photo[:1], newest(store).id]
    for view in (view_of(store), view_of(store, blind=True), view_of(store, adjudicates=True)):
        assert [tile["sourceless"] for tile in grid.tiles(store, view, shown)] == [False, True]
    hidden = grid.tiles(store, view_of(store), shown, hide_all=True)
    assert [tile["sourceless"] for tile in hidden] == [False, False], "where labels are hidden, this is, too"
