"""Visitors' files: in a folder of their own, gone when they are read, and swept where nobody read them."""

import os
import stat
import time
from types import SimpleNamespace

import numpy as np
import pytest
from pydantic import ValidationError

from fercore.errors import Cancelled, InputError, StoredDataError
from fercore.jobs import queue
from fercore.services.prediction import batch, visits
from fercore.services.prediction.batch import BatchJob
from fercore.services.prediction.sample import SamplePhoto
from fercore.store.jobs import queue as job_queue

FACES = np.zeros((2, 48, 48), np.uint8)


def given(*names):
    return [SamplePhoto(name, name, name.encode()) for name in names]


def begun(store, *names):
    token = visits.begin(store, given(*names or ("a.jpg",)))
    return BatchJob(token=token, run=1)


def tree(store):
    return sorted(path.relative_to(store.visits).as_posix() for path in store.visits.rglob("*"))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.jpg", "b.jpg"], ["a.jpg", "b.jpg"]),
        (["a.jpg", "a.jpg"], ["a.jpg", "a.jpg"]),
        (["../../etc/passwd", "..\\evil", "/root/x"], ["passwd", "evil", "x"]),
        (["", ".hidden", "\0"], ["upload", "hidden", "upload"]),
    ],
)
def test_files_come_in_their_order_under_harmless_names(lite, names, expected):
    request = begun(lite, *names)
    with visits.files(lite, request) as files:
        assert [file.name for file in files] == expected
        assert [file.read_bytes().decode() for file in files] == names
    assert tree(lite) == [request.token], "and are gone when they are read"


def test_nobody_else_can_open_the_folder(lite):
    request = begun(lite)
    assert stat.S_IMODE((lite.visits / request.token).stat().st_mode) == 0o700


def test_a_name_of_ours_stands_in_no_log(lite):
    token = visits.begin(lite, given("kim's wedding.mp4"), "clip")
    with visits.files(lite, BatchJob(token=token, run=1)) as [file]:
        assert file.name == "clip"


@pytest.mark.parametrize("error", [InputError("no"), Cancelled("stop"), KeyboardInterrupt(), MemoryError()])
def test_files_are_deleted_however_their_reading_ends(lite, error):
    request = begun(lite)
    with pytest.raises(type(error)), visits.files(lite, request):
        raise error
    assert tree(lite) == [request.token]
    with pytest.raises(StoredDataError, match="The files are gone"), visits.files(lite, request):
        raise AssertionError("they are there once")


def test_a_full_disk_leaves_nothing(lite, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(visits.shutil, "copyfileobj", full)
    with pytest.raises(InputError, match="could not be stored: No space left on device"):
        visits.begin(lite, given("a.jpg"))
    assert tree(lite) == []


def test_a_result_is_taken_once(lite):
    request = begun(lite)
    visits.finish(lite, request, {"이름": "<b>"}, FACES)
    result, pixels = visits.taken(lite, request.token)
    assert result == {"이름": "<b>"} and pixels.shape == FACES.shape
    assert tree(lite) == []
    with pytest.raises(StoredDataError, match="kept for an hour"):
        visits.taken(lite, request.token)


@pytest.mark.parametrize("token", ["", "..", "../..", "a" * 31, "A" * 32, f"{'a' * 32}/..", f"{'a' * 32}\n"])
def test_a_token_names_no_other_folder(lite, token):
    with pytest.raises(ValidationError):
        BatchJob(token=token, run=1)
    before = sorted(lite.settings.data_dir.iterdir())
    visits.forget(lite, token)
    assert sorted(lite.settings.data_dir.iterdir()) == before


def grow_old(store, seconds):
    moment = time.time() - seconds
    for path in sorted(store.visits.rglob("*"), reverse=True):
        os.utime(path, (moment, moment))


@pytest.mark.parametrize(
    ("job", "seconds", "left"),
    [
        pytest.param(None, 60, ["given", "result"], id="being made"),
        pytest.param(None, 600, ["result"], id="no job was submitted"),
        pytest.param("queued", 7200, ["given", "result"], id="waits for hours"),
        pytest.param("running", 7200, ["given", "result"], id="runs for hours"),
        pytest.param("killed", 600, ["result"], id="its process was killed"),
        pytest.param("done", 600, ["result"], id="nobody took it yet"),
        pytest.param("done", 4000, [], id="nobody took it for an hour"),
        pytest.param("cancelled", 4000, [], id="cancelled before it began"),
    ],
)
def test_what_a_sweep_leaves(lite, monkeypatch, job, seconds, left):
    monkeypatch.setattr(queue, "advance", lambda *_: None)
    request = begun(lite)
    (lite.visits / request.token / "result.json").write_text("{}")
    if job:
        number = queue.submit(lite, batch.KIND, request)
        with lite.database.writing() as session:
            row = job_queue.get(session, number)
            row.status = "running" if job == "killed" else job
            row.heartbeat_at = visits_clock(lost=job == "killed")
    grow_old(lite, seconds)
    visits.sweep(lite)
    there = {path.name.removesuffix(".json") for path in (lite.visits / request.token).glob("*")}
    assert sorted(there) == left and (lite.visits / request.token).exists() == bool(left)


def visits_clock(lost):
    from datetime import timedelta

    from fercore.clock import now

    return now() - timedelta(minutes=5) if lost else now()


def test_a_sweep_leaves_what_is_not_a_visit(lite):
    (lite.visits / "README").write_text("of somebody")
    grow_old(lite, 10**6)
    visits.sweep(lite)
    assert tree(lite) == ["README"]


def test_what_is_kept_of_a_visit_in_the_database_names_no_file(lite, monkeypatch):
    monkeypatch.setattr(queue, "advance", lambda *_: None)
    request = begun(lite, "kim's wedding.jpg")
    number = queue.submit(lite, batch.KIND, request)
    with lite.database.reading() as session:
        job = job_queue.get(session, number)
        assert "wedding" not in repr((job.title, job.arguments, job.message))


def test_an_upload_without_a_name_is_taken(lite):
    upload = SimpleNamespace(name="\u202e", seek=lambda *_: 0, read=lambda *_: b"")
    assert visits.begin(lite, [upload])
