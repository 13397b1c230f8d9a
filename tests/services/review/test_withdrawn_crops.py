"""A crop that is taken back: the old face comes back, the new one is withdrawn and stays so."""

from dataclasses import replace
from uuid import uuid4

import pytest

from fercore.curation.review_filter import ORDERS, STATES, Cursor
from fercore.errors import NotFoundError
from fercore.services.datasets import catalogue, exports
from fercore.services.datasets.exports import ExportRequest
from fercore.services.review import agreement, assignments, decision_transfer, face_detail, grid, history, sort_orders
from fercore.services.review.assignments import TaskPlan
from fercore.services.review.decision_transfer import DecisionScope
from fercore.services.review.history import HistoryQuery
from fercore.services.training import snapshots as snapshot_service
from fercore.store.comparison import evaluations
from fercore.store.review import decision_transfer as decision_rows
from fercore.store.review.decisions import DecisionRequest, ReviewMode, record
from fercore.store.training import snapshots
from tests.conftest import fill
from tests.services.review.recrops import BAD_CROP, WITHDRAWN, decide, event, recut, states, undo, view_of
from tests.store.review.test_decisions import decide as by_hand


def test_undo_brings_the_old_face_back_and_the_new_one_is_withdrawn(store, on_photo):
    recut(store, on_photo[0])
    again = undo(store)
    assert again.undone_face == on_photo[0]
    assert states(store) == [("undecided", None)] * 3 + [WITHDRAWN]
    _, third = recut(store, on_photo[0])
    assert len(third.cut) == 1 and states(store)[3:] == [WITHDRAWN, ("undecided", None)]


@pytest.mark.parametrize("undone_first", [True, False], ids=["what stood on it was undone", "something stands on it"])
def test_a_withdrawn_face_stays_so_whatever_was_said_of_it(store, on_photo, undone_first):
    made, result = recut(store, on_photo[0])
    new_id = result.cut[on_photo[0]]
    decide(store, new_id)
    if undone_first:
        undo(store)
    undo(store, made)
    assert states(store) == [("undecided", None)] * 3 + [WITHDRAWN]
    for who in ("Lee", "Park"):
        by_hand(store, who, new_id, emotion=4)
    assert states(store)[3] == WITHDRAWN
    with store.database.writing() as session:
        ruling = DecisionRequest(str(uuid4()), str(uuid4()), new_id, 4)
        record(session, "judge", [ruling], ReviewMode(adjudicates=True))
    assert states(store)[3] == WITHDRAWN


def test_nobody_withdraws_what_another_cut(store, on_photo):
    made, _ = recut(store, on_photo[0])
    grid.commit(store, replace(view_of(store), reviewer="Lee"), [event("undo", undoes=made["action"])])
    assert states(store)[0] == BAD_CROP and states(store)[3] == ("undecided", None)


def test_one_that_lies_in_a_snapshot_stays_there(store, on_photo):
    recut(store, on_photo[0])
    frozen = snapshot_service.freeze(store, "S", ["D"])
    undo(store)
    assert states(store)[-1] == WITHDRAWN
    with store.database.reading() as session:
        assert len(snapshots.rows(session, frozen.id)) == frozen.faces == 3


def test_a_person_s_afternoon_taken_back_takes_their_crops_back(store, on_photo):
    _, result = recut(store, on_photo[0])
    decide(store, result.cut[on_photo[0]])
    recut(store, on_photo[1], [0, 0, 60, 60])
    assert history.revert(store, HistoryQuery("D", "Kim")) == 3
    assert states(store) == [("undecided", None)] * 3 + [WITHDRAWN] * 2


def everything_counted(store, view, to):
    """All that counts, lists, freezes, evaluates or exports a dataset's faces."""
    summary = catalogue.summaries(store)[0]
    exports.export(store, ExportRequest("dataset", "D", "csv", to / "all.csv"))
    exports.export(store, ExportRequest("dataset", "D", "label-studio", to / "tasks"))
    with store.database.reading() as session:
        labelled = evaluations.labelled_faces(session, view.dataset_id, "train")
        named = [face.face_id for face in decision_rows.named_faces(session, view.dataset_id)]
    pages = {
        (state, order): grid.open_page(
            store,
            replace(view, state=state, ordering=sort_orders.ordering(store, view.dataset_id, order)),
            Cursor(),
            60,
        ).face_ids
        for state in STATES
        for order in ORDERS[:5]
    }
    task = assignments.create(store, TaskPlan(f"T{to.name}", "D", state="rejected" if summary.rejected else "all"))
    return {
        "summary": replace(summary, snapshots=[]),
        "contents": catalogue.contents(store, "D"),
        "counts": {state: grid.counts(store, replace(view, state=state)) for state in STATES},
        "pages": {which: sorted(faces) for which, faces in pages.items()},
        "near": [tile["id"] for tile in face_detail.detail(store, view, 1, with_near=True)["near"]],
        "frozen": snapshot_service.freeze(store, f"S{to.name}", ["D"]).hash,
        "evaluated": labelled,
        "named": named,
        "exported": (to / "all.csv").read_bytes(),
        "tasks": sorted(path.name for path in (to / "tasks").rglob("*")),
        "task": next(item.wanted for item in assignments.listed(store) if item.task.id == task),
    }


def test_an_undone_crop_counts_nowhere(store, on_photo, tmp_path):
    view = view_of(store)
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    before = everything_counted(store, view, tmp_path / "1")
    made, result = recut(store, on_photo[0])
    new_id = result.cut[on_photo[0]]
    for who, emotion in (("Lee", 4), ("Park", 5)):
        by_hand(store, who, new_id, emotion=emotion)
    undo(store, made)
    assert everything_counted(store, view, tmp_path / "2") == before
    assert grid.tiles(store, view, [*on_photo, new_id])[-1]["id"] == on_photo[-1]
    late = grid.commit(store, view, [event("decide", face=new_id, emotion=3)])
    assert list(late.refused) == [0], "another tab that still shows it is told"


def test_votes_on_an_undone_crop_do_not_measure_agreement(store, on_photo):
    for who in ("Lee", "Park"):
        by_hand(store, who, on_photo[1], emotion=4)
    before = agreement.agree(store, "D").overall
    made, result = recut(store, on_photo[0])
    for who, emotion in (("Lee", 4), ("Park", 5)):
        by_hand(store, who, result.cut[on_photo[0]], emotion=emotion)
    assert agreement.agree(store, "D").overall != before
    undo(store, made)
    assert agreement.agree(store, "D").overall == before


def test_what_a_deletion_takes_along_is_told_and_can_be_kept(store, on_photo):
    other = fill(store, "D", [1], split="test")
    recut(store, on_photo[0])
    decide(store, on_photo[1])
    made, _ = recut(store, on_photo[1], [0, 0, 60, 60])
    undo(store, made)
    by_hand(store, "Lee", other[0], emotion=4)
    first, last = sorted(entry["import"] for entry in catalogue.imports(store, "D"))
    result = catalogue.import_contents(store, first)
    assert (result.faces, result.photos, result.decisions, result.crops) == (4, 1, 2, 1), "what was undone is none"
    result = catalogue.contents(store, "D")
    assert (result.faces, result.photos, result.decisions, result.crops) == (5, 1, 3, 1)
    assert decision_transfer.exported(store, "csv", DecisionScope(import_id=last)).decode().count("Lee") == 1
    stored = decision_transfer.exported(store, "csv", DecisionScope(import_id=first)).decode()
    assert stored.count("Kim") == 4 and "Lee" not in stored
    with pytest.raises(NotFoundError):
        catalogue.import_contents(store, 99)
