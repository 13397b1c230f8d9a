"""Many archives of which a few are open at a time: a zip's table of contents takes a kilobyte for each picture."""

import threading
from collections import OrderedDict
from contextlib import closing
from pathlib import Path
from typing import IO, Final

from fercore.faces.contents import ArchiveContents, Entry
from fercore.faces.tarballs import is_tar

OPEN_AT_ONCE: Final = 2


class Archives:
    """Opens files by archive and name, and closes the archive that was not used for the longest time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: OrderedDict[Path, tuple[ArchiveContents, dict[str, Entry]]] = OrderedDict()

    def open(self, path: Path, name: str) -> IO[bytes]:
        """A file of an archive, which stays readable when that is closed; raises what the standard library raises."""
        with self._lock:
            contents, entries = self._opened(path)
            return contents.open(_entry(entries, path, name))

    def entry(self, path: Path, name: str) -> Entry:
        """An archive's entry for one of its files; raises what the standard library raises."""
        with self._lock:
            return _entry(self._opened(path)[1], path, name)

    def names(self, path: Path, title: str) -> tuple[list[str], list[str]]:
        """The files and the links of an archive, called `title` in errors.

        A gzipped tar is kept open, since it is unzipped as a whole each time.
        """
        if is_tar(path):
            with self._lock:
                contents, entries = self._opened(path, title)
                return list(entries), contents.links
        with closing(ArchiveContents(path)) as contents:
            return [name for name, _ in contents.files(title)], contents.links

    def close(self) -> None:
        """Close every archive."""
        with self._lock:
            for contents, _ in self._open.values():
                contents.close()
            self._open.clear()

    def _opened(self, path: Path, title: str = "") -> tuple[ArchiveContents, dict[str, Entry]]:
        if path not in self._open:
            contents = ArchiveContents(path)
            try:
                entries = dict(contents.files(title or path.name))
            except BaseException:
                contents.close()
                raise
            self._open[path] = contents, entries
            if len(self._open) > OPEN_AT_ONCE:
                self._open.popitem(last=False)[1][0].close()
        self._open.move_to_end(path)
        return self._open[path]


def _entry(entries: dict[str, Entry], path: Path, name: str) -> Entry:
    if name not in entries:
        raise OSError(f"'{path.name}' was changed while it was read")
    return entries[name]
