"""A clip read by a run: whose emotions they are, and for how long."""

import numpy as np
import pytest

from fercore.emotions import EMOTIONS
from fercore.errors import StoredDataError, UnreadableSourceError
from fercore.faces.clip_process import ClipFace, ClipFaces, ClipPicture
from fercore.services.prediction import clip, photos, tables, visits
from fercore.services.prediction.clip import ClipJob
from fercore.services.prediction.sample import SamplePhoto


class Model:
    """Reads the emotion whose number each face is painted with."""

    def probabilities(self, pixels):
        assert pixels.shape[1:] == (48, 48)
        return np.eye(7, dtype=np.float32)[pixels[:, 0, 0]]


def face(x, emotion, side=40):
    return ClipFace((x, 10, side, side), np.full((48, 48), emotion, np.uint8))


def clip_of(*pictures, is_cut=False):
    """Pictures a fifth of a second apart, each of (x, emotion) faces."""
    return ClipFaces(
        tuple(ClipPicture(number / 5, tuple(face(*each) for each in faces)) for number, faces in enumerate(pictures)),
        is_cut,
    )


LEFT, RIGHT = (0, 3), (200, 5)


@pytest.mark.parametrize(
    ("found", "faces", "brief"),
    [
        pytest.param(clip_of(), [], 0, id="no picture"),
        pytest.param(clip_of([], []), [], 0, id="nobody"),
        pytest.param(clip_of([LEFT]), [{"Happy": 1.0}], 0, id="one picture"),
        pytest.param(clip_of([LEFT], [LEFT], [LEFT]), [{"Happy": 1.0}], 0, id="one person"),
        pytest.param(clip_of([LEFT, RIGHT], [RIGHT, LEFT], [LEFT, RIGHT]), [{"Happy": 1.0}, {"Sad": 1.0}], 0, id="two"),
        pytest.param(clip_of([LEFT], [LEFT, RIGHT], [LEFT], [LEFT]), [{"Happy": 1.0}], 1, id="seen once"),
        pytest.param(
            clip_of([LEFT], [(4, 0)], [(8, 0)], [(12, 0)]), [{"Angry": 0.75, "Happy": 0.25}], 0, id="a change"
        ),
    ],
)
def test_who_shows_what(found, faces, brief):
    reading = clip.reading(found, Model())
    assert [dict(face.shares) for face in reading.faces] == faces
    assert (reading.brief, reading.pictures) == (brief, len(found.pictures))


def test_only_so_many_are_shown(monkeypatch):
    monkeypatch.setattr(clip, "MOST_FACES", 1)
    reading = clip.reading(clip_of(*[[LEFT, RIGHT]] * 3), Model())
    assert len(reading.faces) == 1 and reading.brief == 1


def test_the_largest_picture_stands_for_a_face():
    reading = clip.reading(clip_of([(0, 3)], [(0, 5, 60)], [(0, 3)]), Model())
    assert reading.faces[0].pixels[0, 0] == 5


def job(store, name="clip.mp4"):
    token = visits.begin(store, [SamplePhoto(name, name, b"frames")], "clip")
    return ClipJob(token=token, run=1)


def test_a_clip_comes_back_from_its_job(lite, monkeypatch):
    found = clip_of([LEFT, RIGHT], [LEFT, RIGHT], [LEFT], [LEFT, RIGHT], is_cut=True)
    heard = []

    def read_clip(path, detector, yunet, told):
        assert (path.name, path.read_bytes(), detector, yunet) == ("clip", b"frames", "haar", None)
        told(1.6)
        return found

    monkeypatch.setattr(photos, "load", lambda *_: Model())
    monkeypatch.setattr(clip, "read_clip", read_clip)
    request = job(lite)
    assert clip.KIND.run(lite, request, lambda *now: heard.append(now)) == {"seconds": 0.6, "faces": 2}
    assert heard == [(0, 0, "Loading the model"), (2, 0, "Looking for faces")]
    taken, direct = clip.taken(lite, request.token), clip.reading(found, Model())
    assert (taken.seconds, taken.pictures, taken.brief, taken.is_cut) == (0.6, 4, 0, True)
    for one, other in zip(taken.faces, direct.faces, strict=True):
        assert one.boxes == other.boxes and one.shares == other.shares
        for part in ("seconds", "probabilities", "pixels"):
            assert np.array_equal(getattr(one, part), getattr(other, part)), part
    with pytest.raises(StoredDataError):
        clip.taken(lite, request.token)


def test_a_clip_that_cannot_be_read_is_deleted_too(lite, monkeypatch):
    monkeypatch.setattr(photos, "load", lambda *_: Model())
    request = job(lite)
    with pytest.raises(UnreadableSourceError, match="The clip cannot be read"):
        clip.KIND.run(lite, request, lambda *_: None)
    assert list((lite.visits / request.token).iterdir()) == []


def test_a_clip_as_a_table():
    frame = tables.clip_frame(clip.reading(clip_of([LEFT, RIGHT], [LEFT], [LEFT, RIGHT], [RIGHT]), Model()))
    assert list(frame.columns) == ["face", "seconds", "x", "y", "width", "height", "emotion", *EMOTIONS]
    assert frame[["face", "seconds", "emotion"]].values.tolist() == [
        *([1, 0.0, "Happy"], [1, 0.2, "Happy"], [1, 0.4, "Happy"]),
        *([2, 0.0, "Sad"], [2, 0.4, "Sad"], [2, 0.6, "Sad"]),
    ]
    assert tables.clip_frame(clip.reading(clip_of(), Model())).empty
