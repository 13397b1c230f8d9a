"""Photos that are looked at or known already, the pace that is told, and names of faces, without a detector."""

import hashlib
from types import SimpleNamespace

import pytest

from fercore.errors import InputError, UnreadableImageError
from fercore.services.datasets import crop_writer
from fercore.services.datasets.crop_writer import CropRequest
from fercore.services.datasets.import_problems import CutReport
from fercore.services.datasets.shard import Shard, parse_shard
from fercore.sources.record import PhotoRecord
from fercore.store.datasets.photos import KnownPhoto

HASH = hashlib.sha256(b"picture").hexdigest()


class File:
    """A photo's file, of which is known whether it was read."""

    def __init__(self, stamp="new", data=b"picture"):
        self.stamp, self.data, self.was_read = stamp, data, False

    def read(self):
        self.was_read = True
        if self.data is None:
            raise UnreadableImageError("no picture")
        return self.data


@pytest.mark.parametrize(
    ("file", "earlier", "emotion", "wanted", "read", "counted"),
    [
        pytest.param(File(), [], 3, True, True, {}, id="a new photo"),
        pytest.param(File(), [KnownPhoto(HASH, "new", 2)], 3, False, False, {"faces": 2}, id="known by its stamp"),
        pytest.param(File(), [KnownPhoto(HASH, "old", 2)], 3, False, True, {"faces": 2}, id="known by its content"),
        pytest.param(File(None), [KnownPhoto(HASH, None, 2)], 3, False, True, {"faces": 2}, id="no stamp is no stamp"),
        pytest.param(File(), [KnownPhoto("0", "old", 2)], 3, True, True, {"changed": ["a.jpg"]}, id="changed"),
        pytest.param(
            File(), [KnownPhoto("0", "old", 2), KnownPhoto(HASH, "older", 1)], 3, False, True, {"faces": 1},
            id="as it was before",
        ),
        pytest.param(
            File(), [KnownPhoto(HASH, "new", 2)], None, False, False, {"faces": 2, "unlabelled": 2}, id="unlabelled"
        ),
        pytest.param(
            File(), [KnownPhoto(HASH, "new", 0)], 3, False, False, {"without_face": ["a.jpg"]}, id="known, no face"
        ),
        pytest.param(
            File(data=None), [], 3, False, True, {"unreadable": [{"where": "a.jpg", "why": "no picture"}]}, id="broken"
        ),
    ],
)  # fmt: skip
def test_photos_that_must_be_looked_at(file, earlier, emotion, wanted, read, counted):
    file.was_read, report = False, CutReport()
    record = PhotoRecord(
        "a.jpg", file, "train", emotion, "w", boxes=((1, 2, 3, 4),), which="largest", fallback="middle"
    )
    result = list(crop_writer._tasks([record], {"a.jpg": earlier, "b.jpg": []}, CropRequest(), report))
    assert report == CutReport(photos=1, **counted) and file.was_read == read
    assert [(task.key, task.data) for task in result] == [(record, b"picture")] * wanted
    for task in result:
        assert (task.wanted.which, task.wanted.boxes, task.wanted.fallback) == ("largest", ((1, 2, 3, 4),), "middle")


@pytest.mark.parametrize(("use", "boxes"), [(True, ((1, 2, 3, 4),)), (False, ())])
def test_annotators_boxes_count_where_they_are_wanted(use, boxes):
    record = PhotoRecord("a.jpg", File(), "train", 3, "w", boxes=((1, 2, 3, 4),))
    [task] = crop_writer._tasks([record], {}, CropRequest(use_boxes=use), CutReport())
    assert task.wanted.boxes == boxes


@pytest.mark.parametrize(
    ("doubts", "emotion", "report"),
    [
        ([], 3, CutReport(without_face=["a.jpg"])),
        ([False, True, True], 3, CutReport(faces=3, doubtful=2)),
        ([False], None, CutReport(faces=1, unlabelled=1)),
    ],
)
def test_faces_are_counted(doubts, emotion, report):
    faces = [SimpleNamespace(checks=SimpleNamespace(doubtful=doubtful)) for doubtful in doubts]
    counted = CutReport()
    crop_writer._count(PhotoRecord("a.jpg", File(), "train", emotion, "w"), SimpleNamespace(faces=faces), counted)
    assert counted == report


@pytest.mark.parametrize(
    ("text", "shard"),
    [("1/1", Shard()), ("3/16", Shard(3, 16)), ("16/16", Shard(16, 16))],
)
def test_a_part_of_a_source(text, shard):
    assert parse_shard(text) == shard and str(shard) == text


@pytest.mark.parametrize("text", ["", "3", "0/3", "4/3", "a/3", "3/b", "-1/3", "1/", "1/2/3", "1.5/3"])
def test_what_is_no_part(text):
    with pytest.raises(InputError, match="is not a part of a source"):
        parse_shard(text)


@pytest.mark.parametrize(
    ("rate", "left", "words"),
    [
        (0.0, 100, "0.0 photos/s, 0:00:00 left"),
        (2.0, 0, "2.0 photos/s, 0:00:00 left"),
        (0.5, 10, "0.5 photos/s, 0:00:20 left"),
        (1.0, 3725, "1.0 photos/s, 1:02:05 left"),
        (12.34, 3600, "12.3 photos/s, 0:04:52 left"),
    ],
)
def test_the_pace_in_words(rate, left, words):
    assert crop_writer.pace_message(rate, left) == words


def test_the_pace_is_measured_from_the_first_photo_on(monkeypatch):
    clock, messages = [100.0], []
    monkeypatch.setattr(crop_writer.time, "monotonic", lambda: clock[0])
    pace = crop_writer._Progress(20, lambda *answers: messages.append(answers))
    for now, done in ((100.0, 5), (102.0, 8), (104.0, 24)):
        clock[0] = now
        pace.tell(done)
    assert messages == [
        (5, 20, "10.0 photos/s, 0:00:02 left"),
        (8, 20, "2.0 photos/s, 0:00:06 left"),
        (24, 24, "5.0 photos/s, 0:00:00 left"),
    ]


def test_a_face_is_named_by_its_photo_and_box():
    face = SimpleNamespace(box=(1, 2, 30, 40))
    assert crop_writer.identity("a/b.jpg", "0123456789abcdef" * 4, face) == "a/b.jpg#0123456789abcdef#1,2,30,40"


@pytest.mark.parametrize(
    ("processes", "cores", "total", "beside"),
    [(0, 4, 24, 4), (0, 4, 23, None), (0, 1, 99, None), (1, 4, 99, None), (3, 4, 99, 3), (3, 4, 1, None)],
)
def test_processes_are_started_where_they_are_worth_it(monkeypatch, processes, cores, total, beside):
    begun = []
    monkeypatch.setattr(crop_writer, "cores", lambda: cores)
    monkeypatch.setattr(crop_writer, "extractor", lambda name, yunet: (name, yunet))
    monkeypatch.setattr(crop_writer, "extracted_here", lambda tasks, worker: begun.append((tasks, worker)))
    monkeypatch.setattr(crop_writer, "extracted", lambda *given: begun.append(given))
    store = SimpleNamespace(settings=SimpleNamespace(yunet="y"))
    writer = crop_writer.CropWriter(store, None, CropRequest("haar", processes=processes), CutReport())
    writer._outcomes("tasks", total)
    assert begun == [("tasks", ("haar", "y")) if beside is None else ("tasks", "haar", "y", beside)]
