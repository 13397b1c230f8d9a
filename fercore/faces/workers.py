"""Photos to faces on every core: processes that each hold one detector, fed and emptied in order.

They are spawned: a fork after OpenCV has started its threads hangs.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import Final, Generic, TypeVar

from fercore.errors import UnreadableImageError
from fercore.faces.extraction import Extracted, Extractor, Wanted, extractor

Key = TypeVar("Key")
_AHEAD: Final = 3  # photos in hand for each process: enough to keep it busy, few enough for memory
_AHEAD_BYTES: Final = 256 * 2**20
_CRASHED: Final = "The picture crashed its decoder. Save it anew as JPEG or PNG."


@dataclass(frozen=True, slots=True)
class ExtractionTask(Generic[Key]):
    """A picture file's bytes, what is wanted of it, and whatever the caller knows it by."""

    key: Key
    data: bytes
    wanted: Wanted


Outcome = Extracted | UnreadableImageError


def extracted_here(
    tasks: Iterable[ExtractionTask[Key]], worker: Extractor
) -> Iterator[tuple[ExtractionTask[Key], Outcome]]:
    """Each task with its faces, or the reason why there are none, in this process."""
    for task in tasks:
        yield task, worker.attempt(task.data, task.wanted)


def extracted(
    tasks: Iterable[ExtractionTask[Key]], detector: str, yunet: Path | None, processes: int
) -> Iterator[tuple[ExtractionTask[Key], Outcome]]:
    """The same, in order, in as many processes; a picture that kills its process is unreadable."""
    pool = _Pool(detector, yunet, processes)
    flying: deque[tuple[ExtractionTask[Key], Future[Outcome]]] = deque()
    try:
        for task in tasks:
            flying.append((task, pool.submit(task)))
            while len(flying) >= processes * _AHEAD or (len(flying) > 1 and _size(flying) > _AHEAD_BYTES):
                yield _landed(pool, flying)
        while flying:
            yield _landed(pool, flying)
    finally:
        pool.close()


def _size(flying: "deque[tuple[ExtractionTask[Key], Future[Outcome]]]") -> int:
    return sum(len(task.data) for task, _ in flying)


class _Pool:
    def __init__(self, detector: str, yunet: Path | None, processes: int) -> None:
        self._arguments = (detector, yunet)
        self._processes = processes
        self._executor = self._new(processes)

    def _new(self, processes: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            processes, mp_context=get_context("spawn"), initializer=_prepare, initargs=self._arguments
        )

    def submit(self, task: ExtractionTask[Key]) -> "Future[Outcome]":
        try:
            return self._executor.submit(_extract_there, task.data, task.wanted)
        except BrokenProcessPool as error:
            failed: Future[Outcome] = Future()
            failed.set_exception(error)
            return failed

    def alone(self, task: ExtractionTask[Key]) -> Outcome:
        """One task in a process of its own: after a crash, only the picture that crashes again is to blame."""
        with self._new(1) as single:
            try:
                return single.submit(_extract_there, task.data, task.wanted).result()
            except BrokenProcessPool:
                return UnreadableImageError(_CRASHED)

    def renew(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = self._new(self._processes)

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)


def _landed(
    pool: _Pool, flying: "deque[tuple[ExtractionTask[Key], Future[Outcome]]]"
) -> tuple[ExtractionTask[Key], Outcome]:
    task, future = flying.popleft()
    try:
        return task, future.result()
    except BrokenProcessPool:
        outcome = pool.alone(task)
        pool.renew()
        waiting = [waiting for waiting, _ in flying]
        flying.clear()
        flying.extend((task, pool.submit(task)) for task in waiting)
        return task, outcome


_worker: Extractor | None = None


def _prepare(detector: str, yunet: Path | None) -> None:
    """A process's own extractor; it ends with its parent, even with one that was killed."""
    global _worker
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _worker = extractor(detector, yunet)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _extract_there(data: bytes, wanted: Wanted) -> Outcome:
    assert _worker is not None
    return _worker.attempt(data, wanted)
