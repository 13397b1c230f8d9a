"""A first look at a source: faces kept in batches, faults that stop it, what belongs to another part."""

import io
import pickle
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import pytest

from fercore.errors import Fault, UnreadableSourceError
from fercore.services.datasets import face_writer, imports
from fercore.services.datasets.imports import ImportReport, ImportRequest, Reading
from fercore.services.datasets.shard import Shard
from fercore.sources.record import FaceRecord, Notice, PhotoRecord
from tests.conftest import noise


def reading(**options):
    return Reading(ImportRequest("fer2013", Path("f.csv"), "D", **options), io.BytesIO(), ImportReport())


def face(number):
    return FaceRecord(f"f/{number}", "train", 3, "w", noise(0), "0", f"row {number}")


@pytest.mark.parametrize(("count", "batches"), [(0, []), (1, [1]), (2, [2]), (3, [2, 1]), (4, [2, 2])])
def test_faces_wait_in_batches(monkeypatch, count, batches):
    monkeypatch.setattr(imports, "BATCH", 2)
    result = reading()
    for number in range(count):
        result.take(face(number))
    result.flush()
    result.flush()
    stored = list(face_writer._batches(result.spool))
    assert [len(batch) for batch in stored] == batches and result.faces == count
    assert [item.identity for batch in stored for item in batch] == [f"f/{number}" for number in range(count)]
    assert result.spool.tell() == sum(len(pickle.dumps(batch, pickle.HIGHEST_PROTOCOL)) for batch in stored)


FAULT = Fault("row 3", "bad")


@pytest.mark.parametrize(("skip_bad", "skipped", "faults"), [(True, [asdict(FAULT)], []), (False, [], [FAULT])])
def test_faults_are_skipped_or_stop_the_import(skip_bad, skipped, faults):
    result = reading(skip_bad=skip_bad)
    for item in (FAULT, Notice("row 1", "told"), PhotoRecord("a.jpg", None, "train", 3, "w"), face(1)):
        result.take(item)
    assert (result.report.skipped, result.faults, result.bad, result.photos, result.faces) == (skipped, faults, 1, 1, 1)
    assert [notice["where"] for notice in result.report.notices] == ["row 1"]


@pytest.mark.parametrize("skip_bad", [True, False])
def test_a_file_of_faults_alone_is_left(monkeypatch, skip_bad):
    monkeypatch.setattr(imports, "MAX_FAULTS", 2)
    result = reading(skip_bad=skip_bad)
    result.take(FAULT)
    result.take(Fault("row 4", "worse"))
    with pytest.raises(UnreadableSourceError, match=r"'f.csv' has over 2 bad rows and .* the first is .*row 3"):
        result.take(Fault("row 5", "worst"))


def test_what_belongs_to_another_part_is_left_out():
    parts = [reading(shard=Shard(number, 3)) for number in (1, 2, 3)]
    for part in parts:
        for number in range(30):
            part.take(face(number))
    assert sum(part.faces for part in parts) == 30 and all(part.faces < 30 for part in parts)


@pytest.mark.parametrize(("title", "name"), [("", "f.csv"), ("fer2013.csv", "fer2013.csv")])
def test_what_people_call_a_source(title, name):
    assert ImportRequest("fer2013", Path("/tmp/f.csv"), "D", title=title).name == name


@pytest.mark.parametrize(
    ("source", "words", "expected"),
    [
        ("aihub", Path("own.yaml"), "own.yaml"),
        ("aihub", None, "the installation's"),
        ("fer2013", Path("own.yaml"), None),
    ],
)
def test_the_words_of_a_source(monkeypatch, source, words, expected):
    monkeypatch.setattr(imports, "word_map", str)
    monkeypatch.setattr(imports.aihub_labels, "current", lambda store: "the installation's")
    assert imports._words(None, SimpleNamespace(source=source, words=words)) == expected
