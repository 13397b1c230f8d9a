"""Donated photos: kept without names and notes, taken back by their code and nothing else."""

import re

import pytest
from PIL import Image
from sqlalchemy import func, select

from fercore.drawing.photos import portrait
from fercore.errors import InputError, UnreadableImageError
from fercore.faces.extraction import extractor
from fercore.services.datasets import catalogue
from fercore.services.prediction import donation
from fercore.services.training import snapshots
from fercore.store.tables import Face, Photo, Snapshot
from tests.faces.pictures import encoded
from tests.store.review.test_decisions import decide

FINDER = extractor()


@pytest.fixture(scope="module")
def photo():
    """A portrait with one face, and a note of where it was taken."""
    picture = portrait([("east", 3)], 1, (640, 480))[0]
    exif = Image.Exif()
    exif[0x010E] = "at home, by Kim Minsu"
    return encoded(picture, "JPEG", exif=exif)


@pytest.fixture(scope="module")
def wall():
    return encoded(Image.new("RGB", (200, 200), "white"))


def counts(store):
    with store.database.reading() as session:
        return tuple(session.scalar(select(func.count()).select_from(table)) for table in (Photo, Face))


def files(store):
    return [path for path in store.photos.rglob("*") if path.is_file()]


def test_a_donation_waits_unlabelled_under_a_code(store, photo):
    given = donation.donate(store, [photo], FINDER)
    assert re.fullmatch(r"([A-Z2-7]{4}-){3}[A-Z2-7]{4}", given.code) and (given.photos, given.faces) == (1, 1)
    [summary] = catalogue.summaries(store)
    assert (summary.name, summary.faces, summary.unlabelled) == ("visitors", 1, 1)
    assert donation.donate(store, [photo], FINDER).code != given.code


def test_only_pixels_are_kept(store, photo):
    code = donation.donate(store, [photo], FINDER).code
    [kept] = files(store)
    assert b"Kim Minsu" in photo and b"Kim Minsu" not in kept.read_bytes() and b"Exif" not in kept.read_bytes()
    with store.database.reading() as session:
        name, subject = session.execute(select(Photo.name, Photo.subject)).one()
        face = session.scalar(select(Face.subject))
    assert re.fullmatch(r"donation-[0-9a-f]{12}-1\.jpg", name) and subject == face and len(subject) == 64
    database = b"".join(path.read_bytes() for path in store.settings.data_dir.rglob("*") if path.is_file())
    assert code.encode() not in database and code.replace("-", "").encode() not in database


def test_a_big_photo_is_kept_smaller(lite, photo):
    picture = portrait([("east", 3)], 1, (640, 480))[0].resize((5120, 3840))
    assert donation.donate(lite, [encoded(picture, "JPEG")], FINDER).faces == 1
    [kept] = files(lite)
    with Image.open(kept) as image:
        assert image.size == (2560, 1920)


@pytest.mark.parametrize(
    "typed",
    ["{code}", " {code} ", "{lower}", "{plain}", "{misread}"],
    ids=["as shown", "blanks", "small", "bare", "misread"],
)
def test_the_code_takes_it_back_and_leaves_the_rest(store, photo, wall, typed):
    others = donation.donate(store, [photo], FINDER)
    mine = donation.donate(store, [photo, wall, photo], FINDER)
    assert (mine.photos, mine.faces) == (2, 2) and counts(store) == (3, 3)
    code = mine.code
    written = typed.format(
        code=code, lower=code.lower(), plain=code.replace("-", ""), misread=code.replace("O", "0").replace("I", "1")
    )
    gone = donation.take_back(store, written)
    assert (gone.photos, gone.faces, gone.runs) == (2, 2, ()) and counts(store) == (1, 1) and len(files(store)) == 1
    with pytest.raises(InputError, match="was it taken back already"):
        donation.take_back(store, code)
    assert donation.take_back(store, others.code).photos == 1 and files(store) == []


@pytest.mark.parametrize("code", ["", "-", "AAAA-AAAA-AAAA-AAAA", "x" * 10_000, "가나다", "'; DROP TABLE faces"])
def test_a_wrong_code_takes_nothing(lite, photo, code):
    donation.donate(lite, [photo], FINDER)
    with pytest.raises(InputError, match="No donation has this code"):
        donation.take_back(lite, code)
    assert counts(lite) == (1, 1)


def test_what_was_frozen_goes_too_and_the_snapshot_says_so(store, photo):
    given = donation.donate(store, [photo], FINDER)
    with store.database.reading() as session:
        face = session.scalar(select(Face.id))
    decide(store, "anna", face, emotion=3)
    snapshots.freeze(store, "S", ["visitors"])
    assert donation.take_back(store, given.code).faces == 1
    with store.database.reading() as session:
        assert session.scalar(select(Snapshot.purged)) == 1


@pytest.mark.parametrize("bad", [b"", b"no picture"])
def test_what_cannot_be_kept_is_refused(lite, wall, bad):
    with pytest.raises(InputError, match="No face was found"):
        donation.donate(lite, [wall], FINDER)
    with pytest.raises(UnreadableImageError):
        donation.donate(lite, [bad], FINDER)
    assert counts(lite) == (0, 0) and catalogue.summaries(lite) == []
