"""Many zips of which a few are open at a time: a zip's table of contents takes a kilobyte for each picture."""

import threading
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import IO, Final

from fercore.faces.files import members

OPEN_AT_ONCE: Final = 2


class Archives:
    """Opens files of zips by zip and name, and closes the zip that was not used for the longest time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[Path, tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]] = OrderedDict()

    def open(self, path: Path, name: str) -> IO[bytes]:
        """A file of a zip, which stays readable when its zip is closed; raises what `zipfile` raises."""
        with self._lock:
            archive, contents = self._opened(path)
            return archive.open(_info(contents, path, name))

    def info(self, path: Path, name: str) -> zipfile.ZipInfo:
        """What a zip says about one of its files; raises what `zipfile` raises."""
        with self._lock:
            return _info(self._opened(path)[1], path, name)

    def close(self) -> None:
        """Close every zip."""
        with self._lock:
            for archive, _ in self._open.values():
                archive.close()
            self._open.clear()

    def _opened(self, path: Path) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
        if path not in self._open:
            archive = zipfile.ZipFile(path)
            self._open[path] = archive, dict(members(archive, path.name))
            if len(self._open) > OPEN_AT_ONCE:
                self._open.popitem(last=False)[1][0].close()
        self._open.move_to_end(path)
        return self._open[path]


def _info(contents: dict[str, zipfile.ZipInfo], path: Path, name: str) -> zipfile.ZipInfo:
    if name not in contents:
        raise OSError(f"'{path.name}' was changed while it was read")
    return contents[name]
