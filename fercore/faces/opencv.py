"""OpenCV, loaded when it is first needed, and one sentence when the system's libraries are missing."""

from functools import cache
from types import ModuleType

from fercore.errors import InputError
from fercore.language.sentences import sentence

DEBIAN_PACKAGES = ("libgl1", "libglib2.0-0", "libxcb1", "libx11-6")


@cache
def opencv() -> ModuleType:
    """The `cv2` module; raises `InputError` naming the Debian packages that its wheel links against.

    One thread only: detection then finds the same boxes in the same order each time, and several
    jobs on one machine do not fight for its cores.
    """
    try:
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
    return cv2
