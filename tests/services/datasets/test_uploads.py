"""Uploads on their way to a job: cleared when no job may still read them."""

import os
import time

import pytest

from fercore.services.datasets import uploads
from fercore.store.jobs import queue
from fercore.store.tables import Job

DAY = 24 * 3600


@pytest.mark.parametrize(
    ("age", "status", "stays"),
    [
        pytest.param(2 * DAY, None, False, id="looked at and never started"),
        pytest.param(2 * DAY, "done", False, id="its job is done"),
        pytest.param(60, None, True, id="looked at a minute ago"),
        *[pytest.param(2 * DAY, item, True, id=item) for item in ("queued", "running", "failed", "cancelled", "lost")],
    ],
)
@pytest.mark.parametrize("inside", ["", "photos.zip"])
def test_stale_uploads(lite, age, status, stays, inside):
    folder = lite.uploads / "0123"
    folder.mkdir()
    (folder / "photos.zip").write_bytes(b"zip")
    os.utime(folder, (time.time() - age,) * 2)
    if status:
        with lite.database.writing() as session:
            path = str(folder / inside)
            job = queue.submit(
                session, Job(kind="import", title="t", lane="disk", arguments={"path": path}, submitted_by="tester")
            )
            job.status = status
    uploads.clear_stale(lite)
    assert folder.exists() == stays
