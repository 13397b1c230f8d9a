"""Clips: how many pictures of one are read, and what is refused."""

import os
from pathlib import Path

import pytest

from fercore.errors import Cancelled, UnreadableSourceError
from fercore.faces import clip_process, clips
from fercore.faces.clip_process import read_clip
from fercore.faces.clips import Clip
from tests.faces.clips import grays, people, write_clip


def read(file):
    clip = Clip(file)
    return [round(seconds, 2) for seconds, _ in clip.pictures()], clip.is_cut


@pytest.mark.parametrize(("codec", "ending"), [("VP80", "webm"), ("mp4v", "mp4"), ("mp4v", "mov"), ("MJPG", "avi")])
def test_every_form_is_read_a_few_times_a_second(tmp_path, codec, ending):
    seconds, is_cut = read(write_clip(tmp_path / f"a.{ending}", grays(21), fps=20, codec=codec))
    assert seconds == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0], abs=0.02) and not is_cut


@pytest.mark.parametrize(
    ("count", "fps", "most", "expected"),
    [
        pytest.param(1, 10, 60, ([0.0], False), id="one picture"),
        pytest.param(4, 1, 60, ([0.0, 1.0, 2.0, 3.0], False), id="fewer a second than are read"),
        pytest.param(
            40, 10, 2, ([0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0], True), id="longer than is read"
        ),
    ],
)
def test_as_much_as_there_is(tmp_path, monkeypatch, count, fps, most, expected):
    monkeypatch.setattr(clips, "MOST_SECONDS", most)
    assert read(write_clip(tmp_path / "a.avi", grays(count), fps, "MJPG")) == expected


def test_what_takes_too_long_is_read_up_to_there(tmp_path, monkeypatch):
    file = write_clip(tmp_path / "a.avi", grays(10), codec="MJPG")
    monkeypatch.setattr(clips, "PATIENCE_SECONDS", -1.0)
    with pytest.raises(UnreadableSourceError, match="cannot be read"):
        read(file)


class Clock:
    """Stands in for a capture: pictures at these times, as the file says them."""

    def __init__(self, times):
        self.times, self.at = times, -1

    def grab(self):
        self.at += 1
        return self.at < len(self.times)

    def get(self, name):
        return 1000.0 if name == clips.opencv().CAP_PROP_FPS else self.times[self.at]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        pytest.param([0, 0, 0, 0], [0.0, 0.04, 0.08, 0.12], id="a clock that stands still"),
        pytest.param([0, 500, 100, 900], [0.0, 0.5, 0.54, 0.9], id="a step back"),
        pytest.param([0, float("nan"), float("inf"), -5], [0.0, 0.04, 0.08, 0.12], id="no numbers"),
        pytest.param([0, 36e6, 36e6 + 40], [0.0, 0.04, 0.08], id="ten hours ahead"),
    ],
)
def test_a_clips_clock_is_not_believed(times, expected):
    clip = Clip.__new__(Clip)
    clip.is_cut, clip._capture = False, Clock(times)
    assert list(clip._moments()) == pytest.approx(expected)


def truncated(file):
    data = file.read_bytes()
    file.write_bytes(data[: len(data) * 4 // 5])


def overwritten(file):
    data = bytearray(file.read_bytes())
    data[200:] = os.urandom(len(data) - 200)
    file.write_bytes(data)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda file: file.write_bytes(b""), id="empty"),
        pytest.param(lambda file: file.write_bytes(b"\x1aE\xdf\xa3" + b"\0" * 500), id="a head and nothing else"),
        pytest.param(lambda file: file.write_bytes(b"#EXTM3U\nfile:///etc/passwd\n"), id="a playlist of other files"),
        pytest.param(lambda file: file.write_bytes(b"ffconcat version 1.0\nfile /etc/passwd\n"), id="a list of others"),
        pytest.param(overwritten, id="noise behind the head"),
    ],
)
def test_what_is_no_clip_ends_with_a_sentence(tmp_path, spoil):
    file = write_clip(tmp_path / "a.mp4", grays(9), codec="mp4v")
    spoil(file)
    with pytest.raises(UnreadableSourceError, match=r"The clip cannot be read: .+ Save it as MP4 or WebM\."):
        read(file)


def test_a_clip_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path):
    file = write_clip(tmp_path / "a.webm", people(20))
    truncated(file)
    seconds, is_cut = read(file)
    assert 1 < len(seconds) < 10 and not is_cut


def test_huge_pictures_are_refused_before_one_is_decoded(tmp_path):
    file = write_clip(tmp_path / "a.webm", grays(1, side=3200))
    with pytest.raises(UnreadableSourceError, match=r"3,200 × 3,200 pixels, more than 10 million"):
        Clip(file)


def heard_by(seconds):
    return lambda moment: seconds.append(moment)


@pytest.mark.slow
@pytest.mark.thorough
def test_faces_are_found_in_a_process_of_their_own(tmp_path):
    heard = []
    found = read_clip(write_clip(tmp_path / "a.webm", people(16)), "haar", None, heard_by(heard))
    assert [round(picture.seconds, 1) for picture in found.pictures] == [0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4]
    assert [len(picture.faces) for picture in found.pictures].count(2) >= 6 and not found.is_cut
    assert heard == sorted(heard) and heard[-1] > 1
    assert all(face.pixels.shape == (48, 48) for picture in found.pictures for face in picture.faces)


def stop(_):
    raise Cancelled("stop")


def too_much(there, path, detector, yunet):
    """Takes more memory than a clip may."""
    clip_process._bound_memory()
    held = []
    while True:
        held.append(bytearray(2**26))


def killed(there, path, detector, yunet):
    os._exit(9)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("work", "heard", "error"),
    [
        pytest.param(too_much, heard_by([]), UnreadableSourceError, id="memory"),
        pytest.param(killed, heard_by([]), UnreadableSourceError, id="a crash"),
        pytest.param(None, stop, Cancelled, id="stopped"),
        pytest.param(None, heard_by([]), UnreadableSourceError, id="no clip"),
    ],
)
def test_whatever_ends_the_process_is_a_sentence(tmp_path, monkeypatch, work, heard, error):
    if work is not None:
        monkeypatch.setattr(clip_process, "_work", work)
    with pytest.raises(error):
        read_clip(Path(__file__), "haar", None, heard)
