"""Visitors' files on their way through a job: a folder that nobody else can open, emptied when the job ends.

What was handed in lies in `given` and is deleted by the job. Only its result is left, which the page that asked takes
into its browser session; where that page was closed, `sweep` deletes it.
"""

import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import uuid4

import numpy as np
import numpy.typing as npt
from pydantic import StringConstraints

from fercore.errors import InputError, StoredDataError
from fercore.jobs.kinds import JobRequest
from fercore.lanes import BATCH, CLIP
from fercore.language.sentences import sentence
from fercore.services.datasets.uploads import Upload, safe_name
from fercore.statuses import ACTIVE
from fercore.store import Store
from fercore.store.jobs import queue

KINDS: Final = (BATCH, CLIP)
KEPT_SECONDS: Final = 3600.0
_MADE_SECONDS: Final = 300.0  # in which a folder is filled and its job written down
_TOKEN: Final = r"[0-9a-f]{32}"
_RESULT, _PIXELS = "result.json", "faces.npy"


class VisitJob(JobRequest):
    """A visitor's files by the name of their folder, and the run that reads them; `files` is how many."""

    token: Annotated[str, StringConstraints(pattern=f"^{_TOKEN}$")]
    run: int
    calibrated: bool = False
    files: int = 1


def begin(store: Store, uploads: Sequence[Upload], name: str = "") -> str:
    """Write uploads into a new folder; returns its name, which nobody can guess. Raises InputError if that fails.

    They are called by `name` where their own name might be written into a log.
    """
    token = uuid4().hex
    folder = store.visits / token
    folder.mkdir(mode=0o700)
    try:
        for number, upload in enumerate(uploads):
            place = _given(folder) / f"{number:05}"
            place.mkdir(parents=True)
            upload.seek(0)
            with (place / (name or safe_name(upload.name, place))).open("wb") as target:
                shutil.copyfileobj(upload, target, 1 << 20)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise InputError(sentence("The files could not be stored: {why}.", why=error.strerror or error)) from error
    return token


@contextmanager
def files(store: Store, request: VisitJob) -> Iterator[list[Path]]:
    """The files that were handed in, in their order; at the end they are deleted. Raises StoredDataError if gone."""
    folder = _given(store.visits / request.token)
    try:
        if not folder.is_dir():
            raise StoredDataError(sentence("The files are gone: they were deleted when their reading ended."))
        yield [file for place in sorted(folder.iterdir()) for file in place.iterdir()]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def finish(store: Store, request: VisitJob, result: Mapping[str, Any], pixels: npt.NDArray[np.uint8]) -> None:
    """Leave a result for the page that asked: what JSON can hold, and (N, 48, 48) faces to show."""
    folder = store.visits / request.token
    np.save(folder / _PIXELS, pixels)
    (folder / _RESULT).write_text(json.dumps(result, ensure_ascii=False), "utf-8")


def taken(store: Store, token: str) -> tuple[dict[str, Any], npt.NDArray[np.uint8]]:
    """A finished result and its faces, which are deleted here with their folder; raises StoredDataError if gone."""
    folder = store.visits / token
    try:
        result: dict[str, Any] = json.loads((folder / _RESULT).read_text("utf-8"))
        pixels: npt.NDArray[np.uint8] = np.load(folder / _PIXELS, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise StoredDataError(sentence("The result is gone: it is kept for an hour. Read the files again.")) from error
    finally:
        forget(store, token)
    return result, pixels


def forget(store: Store, token: str) -> None:
    """Delete a visit's folder."""
    if re.fullmatch(_TOKEN, token):
        shutil.rmtree(store.visits / token, ignore_errors=True)


def sweep(store: Store) -> None:
    """Delete what no job reads any more, as after one that was killed, and results that nobody took for an hour."""
    folders = [folder for folder in store.visits.iterdir() if re.fullmatch(_TOKEN, folder.name)]
    if not folders:
        return
    with store.database.reading() as session:
        waiting = [job for job in queue.as_seen(queue.active(session, KINDS)) if job.status in ACTIVE]
        read = {str(job.arguments.get("token")) for job in waiting}
    for folder in folders:
        age = time.time() - _changed(folder)
        if folder.name not in read and age > _MADE_SECONDS:
            shutil.rmtree(_given(folder), ignore_errors=True)
        if folder.name not in read and age > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _given(folder: Path) -> Path:
    return folder / "given"


def _changed(folder: Path) -> float:
    """When something was last written into a folder; now, if it is being deleted."""
    try:
        with os.scandir(folder) as entries:
            return max((entry.stat().st_mtime for entry in entries), default=folder.stat().st_mtime)
    except OSError:
        return time.time()
