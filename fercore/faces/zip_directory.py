"""The size of a zip's table of contents, which is read as a whole before anything of it is known."""

import struct
from pathlib import Path
from typing import Final

_END: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
_LONGEST_COMMENT: Final = 2**16
_END64: Final = b"PK\x06\x06"
_END64_BYTES: Final = 56
_LOCATOR_BYTES: Final = 20


def directory_bytes(path: Path) -> int:
    """The bytes that a zip says its table of contents has; 0 for what is no zip.

    `zipfile` makes an object of each entry, which takes ten times the entry's own bytes.
    """
    length = path.stat().st_size
    start = max(0, length - _LONGEST_COMMENT - _END_BYTES - _LOCATOR_BYTES - _END64_BYTES)
    with path.open("rb") as file:
        file.seek(start)
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES:
        return 0
    said: int = struct.unpack_from("<L", tail, at + 12)[0]
    at64 = at - _LOCATOR_BYTES - _END64_BYTES
    if at64 >= 0 and tail.startswith(_END64, at64):
        said = max(said if said < 2**32 - 1 else 0, struct.unpack_from("<Q", tail, at64 + 40)[0])
    return said
