"""A backup takes the place of all that was there, or nothing changes."""

import pytest

from fercore.errors import FercoreError, InputError, UnreadableSourceError
from fercore.services.system import backup as backup_service
from fercore.services.system import restore
from fercore.services.training import snapshots
from fercore.store.system import file_swap
from fercore.store.tables import Base, Job, Run
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.services.system.conftest import files_of
from tests.services.system.test_backup import everything
from tests.store.review.test_decisions import decide


def test_a_good_backup_takes_the_place_of_everything(here, backup, there):
    expected = everything(there)
    restore.restore(here, backup, replace=True)
    assert everything(here) == expected
    assert (here.photos / "cd" / "cdef").read_bytes() == b"a photo " * 500
    assert not (here.photos / "ab").exists() and not list(here.recipes.iterdir())
    assert (here.settings.models_dir / "README.md").read_text() == "stays"
    assert not (here.settings.models_dir / "run-1").exists()
    assert fill(here, "E", [3])[0] > 4, "new faces get new numbers"


@pytest.mark.parametrize("at", ["rows", "files"])
def test_a_fault_in_the_middle_puts_everything_back(here, backup, monkeypatch, at):
    before = everything(here), files_of(here)

    def fail(*_):
        raise OSError(28, "No space left on device")

    if at == "rows":
        monkeypatch.setattr(restore, "_cancel_jobs", fail)
    else:
        move, calls = file_swap._move, []

        def third_fails(source, target):
            calls.append(source)
            if len(calls) == 3:
                fail()
            move(source, target)

        monkeypatch.setattr(file_swap, "_move", third_fails)
    with pytest.raises((OSError, FercoreError)):
        restore.restore(here, backup, replace=True)
    assert (everything(here), files_of(here)) == before


def test_no_room_is_said_before_anything_is_written(here, backup, monkeypatch):
    monkeypatch.setattr(restore.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10 << 20})())
    before = files_of(here)
    with pytest.raises(UnreadableSourceError, match="free space"):
        restore.restore(here, backup, replace=True)
    assert files_of(here) == before


def job(session, status, **more):
    from fercore.clock import now

    values = {"kind": "export", "title": "t", "lane": "disk", "arguments": {"to": "/anywhere"}, "submitted_by": "x"}
    item = Job(status=status, created_at=now(), **values, **more)
    session.add(item)
    session.flush()
    return item


def test_jobs_of_a_backup_never_start_by_themselves(here, there, tmp_path):
    from fercore.services.training import runs as run_service
    from fercore.services.training.runs import TrainRequest

    fill(there, "there", [1, 2, 3])
    snapshots.freeze(there, "t", ["there"])
    run = run_service.create(there, TrainRequest("t", "VGG16", MODERN, "none"))
    with there.database.writing() as session:
        for status in ("queued", "running", "held", "done", "failed"):
            job(session, status)
        runs.set_values(session, run, status="running")
    backup_service.backup(there, tmp_path / "b.zip")
    restore.restore(here, tmp_path / "b.zip", replace=True)
    with here.database.reading() as session:
        statuses = [item.status for item in session.query(Job).order_by(Job.id)]
        assert statuses == ["cancelled", "cancelled", "cancelled", "done", "failed"]
        assert session.get(Run, run).status == "cancelled"


def test_nothing_is_replaced_under_a_running_job(here, backup):
    with here.database.writing() as session:
        job(session, "running", host="elsewhere", pid=1)
    before = everything(here)
    with pytest.raises(InputError, match="Jobs are running"):
        restore.restore(here, backup, replace=True)
    assert everything(here) == before


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("faces", "id"),
        ("decisions", "sequence"),
        ("reviewers", None),
        ("votes", None),
        ("pixels", None),
        ("leases", None),
    ],
)
def test_the_column_that_counts_itself(table, column):
    assert restore._serial(Base.metadata.tables[table]) == column


def test_new_rows_of_every_table_get_new_numbers_after_a_restore(here, backup):
    restore.restore(here, backup, replace=True)
    with here.database.writing() as session:
        item = job(session, "failed")
        assert item.id is not None
    faces = fill(here, "new", [3])
    decide(here, "a", faces[0], emotion=5)
