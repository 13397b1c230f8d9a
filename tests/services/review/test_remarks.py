"""Flags and notes: through the grid's events, undone, seen blind and by others, filtered, exported, deleted."""

import csv
import json
from dataclasses import replace
from uuid import uuid4

import pytest
from pyarrow import parquet
from sqlalchemy import select

from fercore.cli import cli
from fercore.curation.review_filter import BLIND_STATES, Cursor
from fercore.errors import InputError
from fercore.services.datasets import catalogue, erasure, exports, imports
from fercore.services.datasets.exports import ExportRequest
from fercore.services.datasets.imports import ImportRequest
from fercore.services.review import face_detail, grid, remark_files, reviewers
from fercore.services.review.decision_transfer import DecisionScope
from fercore.services.system import backup, restore
from fercore.services.training import snapshots
from fercore.store.review import remarks
from fercore.store.tables import Face, Mark, Remark
from fercore.ui.review_grid.desk import Desk
from tests.conftest import fill
from tests.services.review.recrops import event, undo, view_of

NOTE = "**두 눈** <b>감김</b>\n둘째 줄"


@pytest.fixture
def faces(store):
    return fill(store, "D", [3, 5, 1, 0])


def send(store, *events, **more):
    return grid.commit(store, view_of(store, **more.pop("view", {})), list(events), **more)


def by(store, name, *events, blind=False):
    return grid.commit(store, replace(view_of(store), reviewer=name, blind=blind), list(events))


def flag(face, on=True, **more):
    return event("flag", face=face, on=on, **more)


def note(face, text=NOTE, **more):
    return event("note", face=face, text=text, **more)


def tiles(store, ids, name="Kim", blind=False):
    """(flagged, others have notes, own note) of each face as a person sees it."""
    view = replace(view_of(store), reviewer=name, blind=blind)
    return [(one["flagged"], one["othersNoted"], one["note"]) for one in grid.tiles(store, view, ids)]


def events(store):
    with store.database.reading() as session:
        return [
            (one.reviewer, one.whose, one.kind, one.text)
            for one in session.scalars(select(Remark).order_by(Remark.sequence))
        ]


def test_a_flag_and_a_note_are_seen_and_leave_the_decision_alone(store, faces):
    result = send(store, flag(faces[0]), note(faces[1]))
    assert set(result.stored.values()) == {0} and result.decided == 0 and result.remarked
    assert tiles(store, faces[:3]) == [(True, False, ""), (False, False, NOTE), (False, False, "")]
    assert tiles(store, faces[:2], "Lee") == [(True, False, ""), (False, True, "")]
    states = [one["state"] for one in grid.tiles(store, view_of(store), faces)]
    assert states == ["undecided"] * 4 and grid.counts(store, view_of(store)) == (4, 4)


def test_one_key_press_flags_many_and_is_undone_as_one(store, faces):
    action = str(uuid4())
    send(store, *[flag(face, action=action) for face in faces[:3]])
    assert [one[0] for one in tiles(store, faces)] == [True, True, True, False]
    result = undo(store, {"action": action})
    assert result.undid and result.remarked and [one[0] for one in tiles(store, faces)] == [False] * 4


def test_a_note_is_replaced_taken_away_and_undone_step_by_step(store, faces):
    made = [note(faces[0], text) for text in ("one", "two", "  ")]
    send(store, *made)
    assert tiles(store, faces[:1]) == [(False, False, "")]
    undo(store, made[2])
    assert tiles(store, faces[:1]) == [(False, False, "two")]
    undo(store, made[1])
    assert tiles(store, faces[:1]) == [(False, False, "one")]
    assert [text for *_, text in events(store)][:3] == ["one", "two", ""], "the history keeps all of it"


def test_an_undo_without_a_name_takes_the_last_action_back_whatever_it_was(store, faces):
    send(store, event("decide", face=faces[0], emotion=5), flag(faces[1]))
    undo(store)
    assert tiles(store, faces[1:2]) == [(False, False, "")]
    assert grid.tiles(store, view_of(store), faces[:1])[0]["state"] == "relabelled"
    undo(store)
    assert grid.tiles(store, view_of(store), faces[:1])[0]["state"] == "undecided"
    send(store, flag(faces[1]), event("decide", face=faces[0], emotion=5))
    undo(store)
    assert tiles(store, faces[1:2]) == [(True, False, "")]
    assert grid.tiles(store, view_of(store), faces[:1])[0]["state"] == "undecided"


def test_the_same_undo_again_undoes_nothing_more(store, faces):
    send(store, flag(faces[0]), flag(faces[1]))
    again = event("undo", undoes=None)
    for _ in range(3):
        assert send(store, again).refused == {}
    assert [one[0] for one in tiles(store, faces[:2])] == [True, False]


def test_two_people_keep_their_own_notes_and_lose_nothing(store, faces):
    by(store, "Kim", note(faces[0], "Kim's"))
    by(store, "Lee", note(faces[0], "Lee's"))
    assert tiles(store, faces[:1], "Kim") == [(False, True, "Kim's")]
    found = face_detail.detail(store, view_of(store), faces[0])
    assert [one["text"] for one in found["notes"]] == ["Lee's"] and "Lee" in found["notes"][0]["by"]
    assert [line.split(" ", 2)[-1].partition(": ")[2] for line in found["history"]] == ["note: Kim's", "note: Lee's"]


def test_a_flag_that_two_set_is_taken_away_whole_and_comes_back_with_the_undo(store, faces):
    by(store, "Kim", flag(faces[0]))
    by(store, "Lee", flag(faces[0]))
    away = flag(faces[0], on=False)
    by(store, "Park", away)
    assert tiles(store, faces[:1]) == [(False, False, "")]
    by(store, "Park", event("undo", undoes=away["action"]))
    with store.database.reading() as session:
        assert [(mark.reviewer, mark.flagged) for mark in session.scalars(select(Mark))] == [
            ("Kim", True),
            ("Lee", True),
        ]
    history = face_detail.detail(store, view_of(store), faces[0])["history"]
    told = ("Kim: flagged", "Lee: flagged", "Park: flag taken away", "Park: undone")
    assert [line.endswith(end) for line, end in zip(history, told, strict=True)] == [True] * 4, history


def test_who_works_blind_sees_and_changes_their_own_remarks_only(store, faces):
    by(store, "Lee", flag(faces[0]), note(faces[0], "secret"))
    assert tiles(store, faces[:1], "Kim", blind=True) == [(False, False, "")]
    found = face_detail.detail(store, view_of(store, blind=True), faces[0])
    assert found["notes"] == [] and found["history"] == []
    by(store, "Kim", flag(faces[0]), blind=True)
    by(store, "Kim", flag(faces[0], on=False), blind=True)
    assert tiles(store, faces[:1], "Kim", blind=True) == [(False, False, "")]
    assert tiles(store, faces[:1], "Kim") == [(True, True, "")], "Lee's flag stays"
    for state in ("flagged", "noted"):
        assert state in BLIND_STATES
        assert grid.counts(store, view_of(store, state=state, blind=True))[0] == 0
        assert grid.counts(store, view_of(store, state=state))[0] == 1


@pytest.mark.parametrize(("state", "expected"), [("flagged", [0, 2]), ("noted", [1, 2])])
def test_filters_show_and_count_them(store, faces, state, expected):
    send(store, flag(faces[0]), flag(faces[2]), note(faces[1]), note(faces[2]))
    send(store, event("decide", face=faces[2], emotion=1))
    view = view_of(store, state=state)
    page = grid.open_page(store, view, Cursor(), 10)
    assert sorted(page.face_ids) == [faces[n] for n in expected] and page.face_ids[-1] == faces[2]
    assert grid.counts(store, view) == (2, 1)


def test_the_count_of_a_filter_follows_on_the_next_page(store, faces):
    send(store, *[flag(face) for face in faces])
    desk = Desk(store, view_of(store, state="flagged"), 2)
    assert desk.total == 4
    desk.receive({"batch": "1", "have": desk.key, "events": [flag(faces[0], on=False)]})
    desk.receive({"batch": "2", "have": desk.key, "turn": {"to": "next", "from": desk.key}})
    assert desk.total == 3 and desk.page.face_ids == faces[2:]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        pytest.param({"type": "flag", "on": 1}, "'on'", id="a number for a truth"),
        pytest.param({"type": "flag"}, "'on'", id="no word"),
        pytest.param({"type": "flag", "on": True, "face": "1"}, "'face'", id="a word for a face"),
        pytest.param({"type": "note"}, "'text'", id="no text"),
        pytest.param({"type": "note", "text": 7}, "'text'", id="a number for a text"),
        pytest.param({"type": "note", "text": "x" * 501}, "'text'", id="too long"),
        pytest.param({"type": "note", "text": "x" * 1_500_000}, "'text'", id="megabytes"),
        pytest.param({"type": "note", "text": "a\x00b"}, "'text'", id="a null byte"),
        pytest.param({"type": "note", "text": "\ud800"}, "'text'", id="half a character"),
        pytest.param({"type": "note", "text": "x", "face": 2**31 - 1}, "not in this dataset", id="an absent face"),
        pytest.param({"type": "note", "text": "x", "action": None}, "'action'", id="no action"),
    ],
)
def test_what_cannot_be_stored_is_told_and_keeps_nothing_else_from_it(store, faces, bad, why):
    given = {"id": str(uuid4()), "action": str(uuid4()), "face": faces[0]} | bad
    good = note(faces[1])
    result = send(store, given, good)
    assert list(result.stored) == [good["id"]] and why in result.refused[0] and len(result.refused[0]) < 200
    assert [text for *_, text in events(store)] == [NOTE]


@pytest.mark.parametrize("text", ["x" * 500, "가" * 500, "=1+1", "'; DROP TABLE faces;--", "👩‍👩‍👧 é", "a\nb\tc"])
def test_any_text_comes_back_as_it_was(store, faces, text):
    send(store, note(faces[0], text))
    assert tiles(store, faces[:1])[0][2] == text


@pytest.mark.parametrize(
    "change", [{"on": False}, {"face": 1}, {"type": "note", "text": "x"}, {"action": str(uuid4())}]
)
def test_a_number_stands_for_one_content(store, faces, change):
    first = flag(faces[0])
    other = first | change | ({"face": faces[1]} if "face" in change else {})
    assert "another decision" in send(store, first, other).refused[1]
    assert "another decision" in send(store, other).refused[0] and len(events(store)) == 1


def test_the_same_event_again_is_stored_once_and_another_persons_number_refused(store, faces):
    made = [flag(faces[0], on=False), note(faces[1])]
    by(store, "Lee", flag(faces[0]))
    for _ in range(2):
        assert set(send(store, *made).stored) == {one["id"] for one in made}
    assert len(events(store)) == 4
    assert len(by(store, "Park", made[1], note(faces[2], action=made[1]["action"])).refused) == 2


def test_another_persons_remark_cannot_be_undone(store, faces):
    made = flag(faces[0])
    by(store, "Lee", made)
    assert "no decision of yours" in undo(store, made).refused[0]
    assert tiles(store, faces[:1])[0][0]


def test_a_renamed_person_keeps_their_remarks(store, faces):
    made = note(faces[0])
    by(store, "Lee", made, flag(faces[1]))
    reviewers.rename(store, "Lee", "Lee Sun")
    assert tiles(store, faces[:1], "Lee Sun") == [(False, False, NOTE)]
    by(store, "Lee Sun", event("undo", undoes=made["action"]))
    assert tiles(store, faces[:1], "Lee Sun") == [(False, False, "")]


def test_files_hold_a_row_for_each_face_and_person(store, faces, tmp_path):
    by(store, "Kim", flag(faces[0]), note(faces[0]))
    by(store, "Lee", note(faces[0], "=1+1"), flag(faces[2]))
    other = fill(store, "E", [3], start=50)
    grid.commit(store, replace(view_of(store), dataset_id=view_of(store).dataset_id + 1), [flag(other[0])])
    assert remark_files.export(store, tmp_path / "notes.csv", "D") == 3
    with (tmp_path / "notes.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["face"], row["reviewer"], row["flagged"], row["note"]) for row in csv.DictReader(file)]
    assert rows == [("train/0", "Kim", "yes", NOTE), ("train/0", "Lee", "", "=1+1"), ("train/2", "Lee", "yes", "")]
    lines = remark_files.exported(store, "jsonl", DecisionScope("D")).decode().splitlines()
    assert [json.loads(line)["number"] for line in lines] == [str(faces[0]), str(faces[0]), str(faces[2])]
    with pytest.raises(InputError):
        remark_files.export(store, tmp_path / "notes.csv")


def test_exports_have_their_columns_and_a_snapshot_tells_none(store, faces, tmp_path):
    by(store, "Kim", flag(faces[0]), note(faces[1]))
    by(store, "Lee", note(faces[1], "Lee's"))
    exports.export(store, ExportRequest("dataset", "D", "parquet", tmp_path / "d.parquet"))
    rows = parquet.read_table(tmp_path / "d.parquet").to_pylist()
    assert [(row["flagged"], row["notes"], row["noted_by"]) for row in rows[:3]] == [
        (True, None, None),
        (False, [NOTE, "Lee's"], ["Kim", "Lee"]),
        (False, None, None),
    ]
    exports.export(store, ExportRequest("dataset", "D", "label-studio", tmp_path / "ls"))
    data = [task["data"] for task in json.loads((tmp_path / "ls" / "tasks.json").read_text("utf-8"))]
    assert data[0]["flagged"] is True and "notes" not in data[0]
    assert data[1]["notes"] == [f"Kim: {NOTE}", "Lee: Lee's"]
    snapshots.freeze(store, "s", ["D"])
    exports.export(store, ExportRequest("snapshot", "s", "parquet", tmp_path / "s.parquet"))
    assert {row["flagged"] for row in parquet.read_table(tmp_path / "s.parquet").to_pylist()} == {None}
    assert imports.import_source(store, ImportRequest("parquet", tmp_path / "d.parquet", "back")).added == 4


def test_a_deletion_tells_and_takes_them_along(store, faces):
    send(store, flag(faces[0]), note(faces[0]), note(faces[1]))
    (one,) = catalogue.imports(store, "D")
    assert catalogue.contents(store, "D").remarks == catalogue.import_contents(store, one["import"]).remarks == 2
    catalogue.undo_import(store, one["import"])
    with store.database.reading() as session:
        assert session.scalars(select(Remark)).all() == [] and session.scalars(select(Mark)).all() == []


def test_a_person_who_is_purged_takes_them_along(store, faces):
    with store.database.writing() as session:
        session.get_one(Face, faces[0]).subject = "S1"
    send(store, note(faces[0]), note(faces[1]))
    assert erasure.find(store, "S1").remarks == 1
    erasure.purge(store, "S1")
    with store.database.reading() as session:
        assert [mark.face_id for mark in session.scalars(select(Mark))] == [faces[1]]


def test_a_backup_keeps_them(lite, tmp_path):
    ids = fill(lite, "D", [3, 5])
    send(lite, flag(ids[0]), note(ids[1]))
    backup.backup(lite, tmp_path / "all.zip")
    send(lite, flag(ids[0], on=False), note(ids[1], ""))
    restore.restore(lite, tmp_path / "all.zip", replace=True)
    assert tiles(lite, ids) == [(True, False, ""), (False, False, NOTE)]


def test_marks_can_be_counted_again_from_the_remarks(store, faces):
    made = [flag(faces[0]), note(faces[0]), note(faces[1]), flag(faces[2])]
    send(store, *made)
    undo(store, made[3])
    before = tiles(store, faces)
    with store.database.writing() as session:
        session.execute(Mark.__table__.delete())
        remarks.recount(session, faces)
    assert tiles(store, faces) == before


def test_the_command_writes_the_file(lite, tmp_path, capsys):
    ids = fill(lite, "D", [3])
    send(lite, note(ids[0]))
    cli.main(["review", "notes", str(tmp_path / "n.jsonl"), "--json"], standalone_mode=False)
    assert json.loads(capsys.readouterr().out)["rows"] == 1
    assert json.loads((tmp_path / "n.jsonl").read_text("utf-8"))["note"] == NOTE
