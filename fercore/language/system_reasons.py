"""Why the system refused a file, a folder or a connection, in words that the catalogue knows.

The system's own words are English, or those of the server's language, whoever reads them.
"""

import errno
from typing import Final

from fercore.language.sentences import sentence

REASONS: Final = {
    errno.EPERM: "Operation not permitted",
    errno.ENOENT: "No such file or directory",
    errno.EIO: "Input/output error",
    errno.EAGAIN: "Resource temporarily unavailable",
    errno.ENOMEM: "Cannot allocate memory",
    errno.EACCES: "Permission denied",
    errno.EBUSY: "Device or resource busy",
    errno.EEXIST: "File exists",
    errno.ENODEV: "No such device",
    errno.ENXIO: "No such device or address",
    errno.ENOTDIR: "Not a directory",
    errno.EISDIR: "Is a directory",
    errno.EINVAL: "Invalid argument",
    errno.EMFILE: "Too many open files",
    errno.ENFILE: "Too many open files in system",
    errno.EFBIG: "File too large",
    errno.ENOSPC: "No space left on device",
    errno.EROFS: "Read-only file system",
    errno.EPIPE: "Broken pipe",
    errno.ENAMETOOLONG: "File name too long",
    errno.ENOTEMPTY: "Directory not empty",
    errno.ELOOP: "Too many levels of symbolic links",
    errno.EDQUOT: "Disk quota exceeded",
    errno.ESTALE: "Stale file handle",
    errno.EADDRINUSE: "Address already in use",
    errno.ENETUNREACH: "Network is unreachable",
    errno.ECONNRESET: "Connection reset by peer",
    errno.ETIMEDOUT: "Connection timed out",
    errno.ECONNREFUSED: "Connection refused",
    errno.EHOSTUNREACH: "No route to host",
}
# What Python's readers of archives say of a damaged one.
DAMAGES: Final = (
    "File is not a zip file",
    "Bad CRC-32 for file '{name}'",
    "Bad magic number for central directory",
    "Bad magic number for file header",
    "Truncated central directory",
    "Truncated file header",
    "Compressed file ended before the end-of-stream marker was reached",
    "CRC check failed {computed} != {stored}",
    "unexpected end of data",
    "file could not be opened successfully",
)


def reason(error: BaseException) -> str:
    """A sentence without its full stop; of an error that is not the system's, the first line of its own words."""
    known = REASONS.get(getattr(error, "errno", None) or 0)
    if known is not None:
        return sentence(known)
    text = str(getattr(error, "strerror", None) or error)
    return text.splitlines()[0].rstrip(".") if text else type(error).__name__
