"""Big pictures: a band of rows at a time, one after the other, and refused where a decoder would take too much."""

import threading
import time
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from fercore.errors import UnreadableImageError
from fercore.faces import decoding, decoding_limits, reduction
from fercore.faces.decoding import decode
from tests.faces.pictures import encoded

RNG = np.random.default_rng(1)
BLOTCHES = Image.fromarray(RNG.integers(0, 256, (40, 60, 4), np.uint8), "RGBA").resize((901, 707))
GRAY = np.asarray(BLOTCHES.convert("L"))
HALF_CLEAR = np.asarray(BLOTCHES).copy()
HALF_CLEAR[:300, :, 3] = 0  # the first bands show nothing


@pytest.mark.parametrize(
    ("image", "form"),
    [
        pytest.param(BLOTCHES.convert("RGB"), "PNG", id="rgb"),
        pytest.param(Image.fromarray(HALF_CLEAR, "RGBA"), "PNG", id="transparent"),
        pytest.param(BLOTCHES.convert("LA"), "PNG", id="gray with alpha"),
        pytest.param(BLOTCHES.convert("RGB").quantize(64), "GIF", id="palette"),
        pytest.param(BLOTCHES.convert("RGB").convert("CMYK"), "TIFF", id="cmyk"),
        pytest.param(Image.fromarray(GRAY.astype(np.uint16) * 200), "PNG", id="16 bits"),
        pytest.param(Image.fromarray(GRAY.astype(np.float32) / 3 - 4), "TIFF", id="float"),
        pytest.param(BLOTCHES.convert("1"), "PNG", id="1 bit"),
    ],
)
@pytest.mark.parametrize("scale", [1, 2, 8])
def test_bands_make_the_same_picture_as_the_whole(monkeypatch, image, form, scale):
    data = encoded(image, form)
    whole = decode(data, scale)
    monkeypatch.setattr(reduction, "_BAND_PIXELS", 10_000)
    banded = decode(data, scale)
    assert (banded.colour == whole.colour).all() and (banded.gray == whole.gray).all()
    assert whole.colour.shape == (-(-707 // scale), -(-901 // scale), 3)


def test_a_big_picture_is_not_copied_whole():
    data = encoded(Image.new("RGBA", (6000, 5000), (200, 100, 50, 128)), compress_level=1)
    tracemalloc.start()
    decode(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30e6, "arrays; Pillow's own picture is not counted"


def decoded_by_three_threads(monkeypatch, reduced):
    monkeypatch.setattr(decoding, "_reduced", reduced)
    data = encoded(BLOTCHES.reduce(8))
    threads = [threading.Thread(target=decode, args=(data,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_small_pictures_are_decoded_at_once(monkeypatch):
    together, read = threading.Barrier(3), []

    def met(image, scale):
        together.wait(30)
        read.append(None)
        return np.zeros((9, 9, 3), np.uint8)

    decoded_by_three_threads(monkeypatch, met)
    assert len(read) == 3


def test_big_pictures_are_decoded_one_after_the_other(monkeypatch):
    inside, most = [], []

    def watched(image, scale):
        inside.append(None)
        most.append(len(inside))
        time.sleep(0.02)
        inside.pop()
        return np.zeros((9, 9, 3), np.uint8)

    monkeypatch.setattr(decoding, "BIG", 10_000)
    decoded_by_three_threads(monkeypatch, watched)
    assert most == [1, 1, 1]


@pytest.mark.parametrize(
    ("size", "asked", "given"),
    [
        pytest.param((900, 700), 1, 1, id="small"),
        pytest.param((9000, 4000), 1, 2, id="over 32 million"),
        pytest.param((9000, 4000), 4, 4, id="already less"),
    ],
)
def test_a_picture_is_never_decoded_to_more_than_its_faces_need(size, asked, given):
    photo = decode(encoded(Image.new("L", size), compress_level=1), asked)
    assert (photo.scale, photo.size) == (given, size)


def scans(count):
    """A progressive JPEG that visits its pixels again and again."""
    data = encoded(BLOTCHES.convert("RGB"), "JPEG", progressive=True)
    place = data.rindex(b"\xff\xda")
    return data[:place] + data[place:-2] * count + data[-2:]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(encoded(Image.new("L", (65_536, 2))), "longer than 65,535 pixels", id="long"),
        pytest.param(scans(101), "more than 100 scans", id="scans"),
        pytest.param(b"P2 3000 3000 255\n" + b"1 " * 99, "more than 8 million pixels", id="numbers as words"),
        pytest.param(b"P5 3000 3000 1023\n" + bytes(99), "more than 8 million pixels", id="odd depth"),
        pytest.param(encoded(Image.new("RGB", (5200, 5000)), "WEBP"), "more than 25 million pixels", id="webp"),
    ],
)
def test_decoders_that_take_much_time_or_memory_get_less(data, sentence):
    with pytest.raises(UnreadableImageError, match=sentence):
        decode(data)


def test_what_is_just_small_enough_is_read(monkeypatch):
    monkeypatch.setattr(decoding_limits, "MAX_MEMORY", 4 * 901 * 707)
    assert decode(encoded(BLOTCHES)).size == (901, 707)
    with pytest.raises(UnreadableImageError, match="million pixels"):
        decode(encoded(BLOTCHES.convert("RGB"), "JPEG", progressive=True))
