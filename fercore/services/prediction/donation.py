"""Donated photos: put into the review queue by somebody's explicit choice, under a code that takes them back.

The code is shown once and not stored: its hash is the subject of the donated faces. They therefore never cross a split,
and are erased as those of any person are.
"""

import base64
import hashlib
import io
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

from fercore.errors import InputError, NotFoundError, UnreadableImageError
from fercore.faces.decoding import decode, decode_finer
from fercore.faces.extraction import Extracted, Extractor
from fercore.language import tr
from fercore.services.datasets import erasure, extraction
from fercore.store import Store

VISITORS: Final = "visitors"  # the dataset of donated photos
_CODE_BYTES: Final = 10  # 80 bits: nobody finds a code by trying
_GROUP: Final = 4
_LETTERS: Final = 16
# Base 32 has neither the digits 0, 1 and 8 nor small letters, which people read into a code.
_MISREAD: Final = str.maketrans("018", "OIB")
_QUALITY: Final = 95
_LEAST_SIDE: Final = 2400  # pixels of the longer side that a bigger photo keeps at least


@dataclass(frozen=True)
class Donation:
    """The code that takes a donation back, and the numbers of photos and faces that were kept."""

    code: str
    photos: int
    faces: int


@dataclass(frozen=True)
class TakenBack:
    """The numbers of photos and faces that were deleted, and the runs that had learned from them."""

    photos: int
    faces: int
    runs: tuple[int, ...]


def donate(store: Store, photos: Sequence[bytes], finder: Extractor) -> Donation:
    """Keep photos for review, without their file names and whatever else stood beside their pixels.

    Photos in which no face is found are not kept; raises InputError where none is left.
    """
    letters = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode()
    subject = _subject(letters)
    kept = list(_bare(photos, subject, finder))
    if not kept:
        raise InputError(tr("No face was found in these photos, so nothing was kept."))
    faces = extraction.keep_photos(store, VISITORS, tr("Donated photos"), kept, subject)
    code = "-".join(letters[start : start + _GROUP] for start in range(0, _LETTERS, _GROUP))
    return Donation(code, len(kept), faces)


def take_back(store: Store, code: str) -> TakenBack:
    """Delete what was donated under a code; raises InputError where nothing was, or not any more."""
    try:
        gone = erasure.purge(store, _subject(code), VISITORS)
    except NotFoundError as error:
        raise InputError(
            tr("No donation has this code. Is there a typing error, or was it taken back already?")
        ) from error
    return TakenBack(len(gone.photos), len(gone.faces), tuple(gone.runs))


def _bare(photos: Sequence[bytes], subject: str, finder: Extractor) -> Iterator[tuple[str, bytes, Extracted]]:
    """Each photo with a face as pixels alone: where and by whom it was taken goes, and so does its name."""
    for number, data in enumerate(photos, start=1):
        file = io.BytesIO()
        Image.fromarray(decode_finer(decode(data), _LEAST_SIDE).colour).save(file, "JPEG", quality=_QUALITY)
        extracted = finder.attempt(file.getvalue())
        if not isinstance(extracted, UnreadableImageError) and extracted.faces:
            yield f"donation-{subject[:12]}-{number}.jpg", file.getvalue(), extracted


def _subject(code: str) -> str:
    """The hash of a code as somebody typed it: small letters, blanks and strokes do not count."""
    letters = re.sub(r"[^A-Z0-9]", "", code.upper()).translate(_MISREAD)
    return hashlib.sha256(f"fercore donation {letters}".encode()).hexdigest()
