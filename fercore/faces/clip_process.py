"""Faces of a clip, found in a process of its own: a hostile clip can end or fill no other one."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from typing import Final

from fercore.errors import UnreadableImageError, UnreadableSourceError
from fercore.faces.boxes import Box
from fercore.faces.clips import Bgr, Clip, unreadable
from fercore.faces.extraction import Extractor, extractor
from fercore.faces.opencv import opencv
from fercore.faces.pixels import Gray

MOST_FACES: Final = 20  # of one picture, the biggest
MORE_MEMORY: Final = 1536 * 2**20  # bytes of addresses that the clip may take, beside what the process has before
_POLL_SECONDS: Final = 0.5
_QUALITY: Final = 95


@dataclass(frozen=True, slots=True)
class ClipFace:
    """A face in one picture of a clip: its box, and (48, 48) uint8 gray."""

    box: Box
    pixels: Gray


@dataclass(frozen=True, slots=True)
class ClipPicture:
    """The faces of one picture of a clip, biggest first, `seconds` after its beginning."""

    seconds: float
    faces: tuple[ClipFace, ...]


@dataclass(frozen=True, slots=True)
class ClipFaces:
    """The pictures of a clip; `is_cut` says that it goes on behind the last one."""

    pictures: tuple[ClipPicture, ...]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class _End:
    """The last message of the process: the clip was read, or could not be, and why."""

    is_cut: bool = False
    problem: UnreadableSourceError | None = None


def read_clip(path: Path, detector: str, yunet: Path | None, heard: Callable[[float], None]) -> ClipFaces:
    """The faces of a clip; `heard` gets the second that was reached, at least twice a second, and may raise to stop.

    Raises UnreadableSourceError, also where the process ends by itself.
    """
    here, there = get_context("spawn").Pipe(duplex=False)
    process = get_context("spawn").Process(target=_work, args=(there, path, detector, yunet), daemon=True)
    process.start()
    there.close()
    pictures: list[ClipPicture] = []
    try:
        while True:
            heard(pictures[-1].seconds if pictures else 0.0)
            if not here.poll(_POLL_SECONDS):
                continue
            message = here.recv()
            if isinstance(message, ClipPicture):
                pictures.append(message)
            elif message.problem is not None:
                raise message.problem
            else:
                return ClipFaces(tuple(pictures), message.is_cut)
    except EOFError:
        raise UnreadableSourceError(unreadable()) from None
    finally:
        process.kill()
        process.join()
        here.close()


def _work(there: Connection, path: Path, detector: str, yunet: Path | None) -> None:
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    finder = extractor(detector, yunet)
    _bound_memory()
    try:
        clip = Clip(path)
        for seconds, picture in clip.pictures():
            there.send(ClipPicture(seconds, _faces(finder, picture)))
        there.send(_End(clip.is_cut))
    except UnreadableSourceError as error:
        there.send(_End(problem=error))
    except (MemoryError, opencv().error):
        there.send(_End(problem=UnreadableSourceError(unreadable())))


def _faces(finder: Extractor, picture: Bgr) -> tuple[ClipFace, ...]:
    cv2 = opencv()
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
    found = finder.attempt(data)
    if isinstance(found, UnreadableImageError):
        return ()
    return tuple(ClipFace(face.box, face.pixels) for face in found.faces[:MOST_FACES])


def _bound_memory() -> None:
    """Refuse this process more memory than a clip needs, where the system can."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (ImportError, OSError):
        return
    limit = pages * resource.getpagesize() + MORE_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
