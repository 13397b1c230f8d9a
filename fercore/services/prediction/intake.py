"""Files that a visitor hands over, sorted by what is in them: photos, zips of photos, clips."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fercore.errors import Fault
from fercore.faces.kinds import HEAD, VIDEO, ZIP, kind_of
from fercore.language import counts, tr
from fercore.services.datasets.uploads import Upload
from fercore.services.prediction.batch import MOST_PHOTO_MB, MOST_PHOTOS

SHOWN_AT_ONCE: Final = 12
MOST_PACKED_MB: Final = 200  # of a zip or clip


@dataclass(frozen=True)
class Intake:
    """Photos to show one by one, those to be read together with zips in a job, clips, and what was refused."""

    photos: tuple[Upload, ...] = ()
    together: tuple[Upload, ...] = ()
    clips: tuple[Upload, ...] = ()
    refused: tuple[Fault, ...] = ()


def sorted_by_kind(uploads: Sequence[Upload]) -> Intake:
    """The files by their first bytes, whatever they are called; one that is too big is refused, and others follow."""
    photos: list[Upload] = []
    zips: list[Upload] = []
    clips: list[Upload] = []
    refused: list[Fault] = []
    for upload in uploads:
        kind = kind_of(_head(upload))
        packed = {ZIP: zips, VIDEO: clips}.get(kind) if kind else None
        most = MOST_PHOTO_MB if packed is None else MOST_PACKED_MB
        if _bytes(upload) > most * 2**20:
            refused.append(Fault(upload.name, tr("The file is bigger than {limit} MB.", limit=most)))
        else:
            (photos if packed is None else packed).append(upload)
    together: list[Upload] = []
    if len(photos) > SHOWN_AT_ONCE:
        photos, together = [], photos
    if len(together) > MOST_PHOTOS:
        refused.append(
            Fault(counts.photos(len(together)), tr("At most {most} photos are read together.", most=f"{MOST_PHOTOS:,}"))
        )
    return Intake(tuple(photos), (*together[:MOST_PHOTOS], *zips), tuple(clips), tuple(refused))


def _head(upload: Upload) -> bytes:
    upload.seek(0)
    head = upload.read(HEAD)
    upload.seek(0)
    return head


def _bytes(upload: Upload) -> int:
    size = upload.seek(0, io.SEEK_END)
    upload.seek(0)
    return size
