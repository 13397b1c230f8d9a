"""OpenCV, loaded when it is first needed, and one sentence when the system's libraries are missing."""

import sys
import time
from functools import cache
from threading import Lock
from types import ModuleType
from typing import Final

from fercore.errors import InputError
from fercore.language.sentences import sentence

DEBIAN_PACKAGES = ("libgl1", "libglib2.0-0", "libxcb1", "libx11-6")


_PATIENCE: Final = 10.0  # seconds
_importing: Final = Lock()


@cache
def opencv() -> ModuleType:
    """The `cv2` module; raises `InputError` naming the Debian packages that its wheel links against.

    One thread only: detection then finds the same boxes in the same order each time, and several
    jobs on one machine do not fight for its cores.
    """
    try:
        with _importing:
            import cv2
    except ImportError as error:
        packages = " ".join(DEBIAN_PACKAGES)
        raise InputError(
            sentence(
                "OpenCV could not be loaded ({error}). On Debian or Ubuntu, install what it "
                "needs with: apt-get install {packages}",
                error=error,
                packages=packages,
            )
        ) from error
    cv2.setNumThreads(1)
    return _whole(cv2)


def _whole(cv2: ModuleType) -> ModuleType:
    """OpenCV once its own import is over.

    It takes itself out of the list of modules meanwhile: what another thread then gets has no cascades.
    """
    until = time.monotonic() + _PATIENCE
    while not hasattr(cv2, "data") and time.monotonic() < until:
        time.sleep(0.005)
        cv2 = sys.modules.get("cv2", cv2)
    return cv2
