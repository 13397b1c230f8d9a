"""What visitors hand over, sorted by what is in it."""

import io
import zipfile

import pytest

from fercore.services.prediction import intake
from fercore.services.prediction.sample import SAMPLES, SamplePhoto, sample

JPEG, PNG = b"\xff\xd8\xff\xe0" + b"0" * 40, b"\x89PNG\r\n\x1a\n" + b"0" * 40
WEBM, MP4, AVI = b"\x1aE\xdf\xa3" + b"0" * 40, b"\0\0\0\x18ftypisom" + b"\0" * 40, b"RIFF0000AVI " + b"0" * 40
HEIC, TEXT = b"\0\0\0\x18ftypheic" + b"\0" * 40, b"hello"


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.jpg", JPEG)
    return file.getvalue()


def given(name, data):
    return SamplePhoto(name, f"id of {name}", data)


def names(files):
    return [file.name for file in files]


@pytest.mark.parametrize(
    ("name", "data", "group"),
    [
        ("a.jpg", JPEG, "photos"),
        ("a.zip", PNG, "photos"),
        ("a.heic", HEIC, "photos"),
        ("a.jpg", TEXT, "photos"),  # which is said where the photo would stand
        ("a", b"", "photos"),
        ("a.jpg", zipped(), "together"),
        ("a.mp4", WEBM, "clips"),
        ("a.jpg", MP4, "clips"),
        ("a", AVI, "clips"),
    ],
)
def test_the_content_says_what_a_file_is(name, data, group):
    sorted_files = intake.sorted_by_kind([given(name, data)])
    assert {kind: names(getattr(sorted_files, kind)) for kind in ("photos", "together", "clips")} == {
        **{"photos": [], "together": [], "clips": []},
        group: [name],
    }
    assert getattr(sorted_files, group)[0].read() == data, "it is read from its beginning"


@pytest.mark.parametrize(
    ("photos", "zips", "shown", "together"),
    [
        (12, 0, 12, 0),
        (13, 0, 0, 13),
        (3, 2, 3, 2),
        (13, 2, 0, 15),
        (1003, 0, 0, 1000),
    ],
)
def test_many_photos_are_read_together(photos, zips, shown, together):
    files = [given(f"{number}.jpg", JPEG) for number in range(photos)] + [given("z", zipped()) for _ in range(zips)]
    sorted_files = intake.sorted_by_kind(files)
    assert (len(sorted_files.photos), len(sorted_files.together)) == (shown, together)
    assert [str(fault) for fault in sorted_files.refused] == (
        ["1,003 photos: At most 1,000 photos are read together."] if photos > 1000 else []
    )


@pytest.mark.parametrize(
    ("data", "limit"), [(JPEG, "MOST_PHOTO_MB"), (zipped(), "MOST_PACKED_MB"), (WEBM, "MOST_PACKED_MB")]
)
def test_one_that_is_too_big_is_refused_alone(monkeypatch, data, limit):
    monkeypatch.setattr(intake, limit, 0)
    other = WEBM if limit == "MOST_PHOTO_MB" else JPEG
    sorted_files = intake.sorted_by_kind([given("big", data), given("other", other)])
    assert [fault.where for fault in sorted_files.refused] == ["big"]
    assert names([*sorted_files.photos, *sorted_files.clips]) == ["other"]


@pytest.mark.parametrize("number", range(len(SAMPLES)))
def test_every_face_of_a_sample_is_found(number):
    from fercore.faces.extraction import extractor

    people, _ = SAMPLES[number]
    faces = extractor().extract(sample(number).read()).faces
    assert len(faces) == len(people) and not any(face.checks.doubtful for face in faces)


def test_samples_begin_again():
    first, again = sample(0), sample(len(SAMPLES))
    assert first.file_id == again.file_id and first.read() == again.read()
    assert len({sample(number).file_id for number in range(len(SAMPLES))}) == len(SAMPLES)


def test_a_sample_is_read_like_a_file():
    photo, file = given("a", b"0123456789"), io.BytesIO(b"0123456789")
    acts = [("read", 3), ("read", 4), ("seek", 2), ("read", 2), ("seek", -3, 2), ("read",), ("read", 5), ("seek", 0)]
    for name, *values in [*acts, ("read", 99)]:
        assert getattr(photo, name)(*values) == getattr(file, name)(*values), (name, values)
