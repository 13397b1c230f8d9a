"""Flags and notes leave with files, exports and backups, and are deleted with their face or person."""

import csv
import json
from dataclasses import replace

import pytest
from pyarrow import parquet
from sqlalchemy import select

from fercore.cli import cli
from fercore.errors import InputError
from fercore.services.datasets import catalogue, erasure, exports, imports
from fercore.services.datasets.exports import ExportRequest
from fercore.services.datasets.imports import ImportRequest
from fercore.services.review import grid, remark_files
from fercore.services.review.decision_transfer import DecisionScope
from fercore.services.system import backup, restore
from fercore.services.training import snapshots
from fercore.store.review import remarks
from fercore.store.tables import Face, Mark, Remark
from tests.conftest import fill
from tests.services.review.recrops import undo, view_of
from tests.services.review.remarks import NOTE, by, flag, note, send, tiles


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
    (entry,) = catalogue.imports(store, "D")
    assert catalogue.contents(store, "D").remarks == catalogue.import_contents(store, entry["import"]).remarks == 2
    catalogue.undo_import(store, entry["import"])
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
