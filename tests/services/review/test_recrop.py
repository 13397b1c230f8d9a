"""A crop that is replaced by another one from the same photo, done twice, refused."""

import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import delete, select

from fercore.curation.review_filter import Cursor, ReviewFilter
from fercore.services.review import assignments, decision_transfer, face_detail, grid, recrop, sort_orders
from fercore.services.review.assignments import TaskPlan
from fercore.store.datasets import faces as face_table
from fercore.store.tables import Dataset, Decision, Face, Photo, TaskFace
from fercore.ui.review_grid.desk import Desk
from tests.conftest import fill, photograph
from tests.services.review.recrops import BAD_CROP, BOX, decide, event, recut, states, undo, view_of


def test_the_new_crop_stands_beside_the_bad_one_with_all_that_is_known_of_it(store, on_photo, tmp_path):
    before = grid.tiles(store, view_of(store), on_photo[:1])[0]["gray"]
    _, result = recut(store, on_photo[0])
    (new_id,) = result.cut.values()
    assert result.problem is None and list(result.cut) == [on_photo[0]]
    with store.database.reading() as session:
        old, new = session.get_one(Face, on_photo[0]), session.get_one(Face, new_id)
        gray = face_table.pixels(session, [new_id])[0]
        assert face_table.context(session, new_id)
    assert (old.state, old.reason, old.emotion) == ("rejected", "bad crop", 3)
    assert (new.state, new.emotion, new.source_emotion, new.photo_id) == ("undecided", 3, 3, old.photo_id)
    assert (new.box, new.detector, new.split, new.import_id) == (BOX, "hand", old.split, old.import_id)
    assert new.doubtful is False and new.eyes == 0
    assert new.identity.startswith("train/0#") and "#60,20,90,90~" in new.identity
    whole = np.asarray(Image.open(tmp_path / "사진.png").convert("L"))[20:110, 60:150]
    assert abs(float(gray.mean()) - float(whole.mean())) < 2
    assert grid.tiles(store, view_of(store), on_photo[:1])[0]["gray"] == before, "the old pixels stay"


def test_the_same_event_twice_cuts_once(store, on_photo):
    made, first = recut(store, on_photo[0])
    again = grid.commit(store, view_of(store), [made])
    assert again.stored == first.stored and again.cut == {} and again.problem is None
    assert len(states(store)) == 4


def test_two_people_who_cut_nearly_the_same_have_one_face_and_far_apart_two(store, on_photo):
    _, first = recut(store, on_photo[0])
    lee = replace(view_of(store), reviewer="Lee")
    near = event("recut", face=on_photo[0], box=[62, 22, 90, 90])
    assert grid.commit(store, lee, [near]).cut == first.cut
    grid.commit(store, lee, [event("undo", undoes=near["action"])])
    assert states(store)[3] == ("undecided", None), "it is Kim's"
    far = event("recut", face=on_photo[0], box=[0, 70, 40, 40])
    assert grid.commit(store, lee, [far]).cut != first.cut


def test_a_square_that_is_a_face_already_is_not_cut_again(store, on_photo):
    same = recut(store, on_photo[0], [10, 10, 48, 48])[1]
    assert "where it was" in same.problem
    new_id = recut(store, on_photo[0])[1].cut[on_photo[0]]
    assert f"face {new_id} already" in recut(store, on_photo[1])[1].problem


def test_the_next_page_goes_on_where_the_page_with_the_new_face_ended(store, tmp_path):
    ids = fill(store, "D", [3] * 12)
    photograph(store, ids[:1], tmp_path / "a.png", (10, 10, 48, 48))
    desk = Desk(store, view_of(store), 4)
    desk.receive({"batch": "1", "have": desk.key, "events": [event("recut", face=ids[0], box=BOX, page=desk.page.id)]})
    new_id = desk.at
    assert desk.page.face_ids == [ids[0], new_id, *ids[1:4]]
    desk.receive({"batch": "2", "have": desk.key, "turn": {"to": "next", "from": desk.key}})
    assert desk.page.face_ids == ids[4:8]
    desk.receive({"batch": "3", "have": desk.key, "events": [event("undo", undoes=None)]})
    assert desk.page.face_ids == ids[:4] and desk.at == ids[0]
    desk.receive({"batch": "4", "have": desk.key, "turn": {"to": "next", "from": desk.key}})
    assert desk.page.face_ids == ids[4:8]


def test_what_came_before_in_the_batch_is_kept_and_what_follows_too(store, on_photo):
    events = [
        event("decide", face=on_photo[1], emotion=0),
        event("recut", face=on_photo[0], box=BOX),
        event("decide", face=on_photo[2], emotion=0),
    ]
    result = grid.commit(store, view_of(store), events)
    assert set(result.stored.values()) == {1} and result.decided == 3
    assert states(store)[:3] == [("rejected", "bad crop"), ("relabelled", None), ("relabelled", None)]


@pytest.mark.parametrize(
    ("face", "box", "why"),
    [
        pytest.param(2, BOX, "no photo, so its crop cannot be redrawn", id="no photo"),
        pytest.param(0, None, "whole pixels", id="no box"),
        pytest.param(0, [1, 2, 3], "whole pixels", id="three numbers"),
        pytest.param(0, [1.5, 2, 30, 30], "whole pixels", id="a fraction"),
        pytest.param(0, [True, 2, 30, 30], "whole pixels", id="no number"),
        pytest.param(0, [150, 20, 90, 90], "inside the photo of 200 × 120", id="beyond the edge"),
        pytest.param(0, [-1, 20, 90, 90], "inside the photo", id="before the edge"),
        pytest.param(0, [60, 20, 90, 60], "A box is a square", id="no square"),
        pytest.param(0, [60, 20, 8, 8], "at least 16 pixels", id="too small"),
    ],
)
def test_what_cannot_be_cut_is_told_and_changes_nothing(store, on_photo, face, box, why):
    made, result = recut(store, on_photo[face], box)
    assert why in result.problem and result.stored == {made["id"]: 0}
    assert states(store) == [("undecided", None)] * 3


@pytest.mark.parametrize("happened", ["gone", "changed", "broken"])
def test_a_photo_that_is_not_what_it_was_is_told(store, on_photo, tmp_path, happened):
    file = tmp_path / "사진.png"
    if happened == "gone":
        file.unlink()
    else:
        file.write_bytes(b"else" if happened == "changed" else b"")
    message = recrop.photo(store, on_photo[0])["problem"]
    assert {"gone": "not where it was imported from", "changed": "has changed", "broken": "has changed"}[
        happened
    ] in message
    assert "사진.png" in message
    assert recut(store, on_photo[0])[1].problem == message


def test_the_photo_is_shown_with_its_box_and_can_lie_in_a_zip(store, on_photo, tmp_path):
    shown = recrop.photo(store, on_photo[0])
    assert (shown["size"], shown["box"], shown["found"]) == ([200, 120], [10, 10, 48, 48], [])
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.write(tmp_path / "사진.png", "여/사진.png")
    (tmp_path / "사진.png").unlink()
    with store.database.writing() as session:
        session.scalars(select(Photo)).one().path = f"{tmp_path / 'photos.zip'}!/여/사진.png"
    assert recrop.photo(store, on_photo[0]) == shown
    assert recut(store, on_photo[0])[1].problem is None


def test_in_a_task_the_new_face_is_for_as_many_people_as_the_old_one(store, on_photo):
    task = assignments.create(store, TaskPlan("T", "D", people=("Kim", "Lee"), twice=1.0))
    view = view_of(store, task=task, blind=True)
    page = grid.open_page(store, view, Cursor(), 10, "tab")
    result = grid.commit(store, view, [event("recut", face=on_photo[0], box=BOX)], "tab")
    with store.database.reading() as session:
        new = session.get_one(TaskFace, (task, result.cut[on_photo[0]]))
        assert (new.wanted, new.open, new.place) == (2, 1, 3)
    assert len(page.face_ids) == 3 and grid.counts(store, view) == (4, 3)
    other = ReviewFilter(view.dataset_id, "Lee", task=task, blind=True)
    assert len(grid.open_page(store, other, Cursor(), 10, "other").face_ids) == 4
    assert dict(face_detail.detail(store, other, result.cut[on_photo[0]])["facts"]).keys().isdisjoint({"Crop"})
    grid.commit(store, view, [event("undo", undoes=None)], "tab")
    with store.database.reading() as session:
        assert session.get(TaskFace, (task, result.cut[on_photo[0]])) is None


def test_who_works_in_an_order_stays_in_it(store, on_photo):
    with store.database.reading() as session:
        dataset_id = session.scalar(select(Dataset.id).order_by(Dataset.id))
    number = sort_orders.ordering(store, dataset_id, "random")
    before = sort_orders.face_ids(store, dataset_id, "random")
    _, result = recut(store, on_photo[0], ordering=number)
    assert sort_orders.ordering(store, dataset_id, "random") == number
    assert sort_orders.face_ids(store, dataset_id, "random") == [*before, result.cut[on_photo[0]]]
    page = grid.open_page(store, view_of(store, ordering=number), Cursor(), 10)
    assert page.face_ids == [*(face for face in before if face != on_photo[0]), result.cut[on_photo[0]], on_photo[0]]
    undo(store)
    assert sort_orders.ordering(store, dataset_id, "random") == number
    page = grid.open_page(store, view_of(store, ordering=number), Cursor(), 10)
    assert page.face_ids == before
    fill(store, "D", [2], start=9)
    assert sort_orders.ordering(store, dataset_id, "random") != number


def test_decisions_on_faces_cut_elsewhere_are_left_out_and_the_others_come(store, on_photo, tmp_path):
    _, result = recut(store, on_photo[0])
    decide(store, result.cut[on_photo[0]])
    decision_transfer.export(store, tmp_path / "d.csv")
    with store.database.writing() as session:
        session.delete(session.get_one(Face, result.cut[on_photo[0]]))
        session.execute(delete(Decision))
    assert decision_transfer.import_file(store, tmp_path / "d.csv") == {
        "added": 1,
        "known": 0,
        "left_out": 1,
        "skipped": [],
    }
    assert states(store)[0] == BAD_CROP, "the bad crop is rejected there, too"
