"""Picture bytes that are damaged, too big or no picture end in one sentence."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from fercore.errors import UnreadableImageError
from fercore.faces import decoding
from fercore.faces.decoding import decode
from tests.faces.pictures import corners, encoded


def png_claiming(width, height):
    """A small PNG whose header claims another size."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = b"IDAT" + zlib.compress(b"\0" * 1000)
    chunks = [struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (head, body, b"IEND")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"hello there, I am no picture", "not a readable picture", id="text"),
        pytest.param(b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC", id="heic"),
        pytest.param(b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", "is a video, not a picture", id="mp4"),
        pytest.param(b"\0\0\0\x14ftypqt  \0\0\2\0qt  ", "is a video, not a picture", id="mov"),
        pytest.param(b"PK\3\4" + bytes(60), "is a zip file, not a picture", id="zip"),
        pytest.param(b"%PDF-1.7\n", "is a PDF document, not a picture", id="pdf"),
        pytest.param(b"II*\0" + bytes(4), "broken", id="tiff of nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a readable picture", id="svg"),
        pytest.param(
            b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a readable picture", id="eps runs no interpreter"
        ),
        pytest.param(encoded(NOISE, "JPEG")[:3000], "broken", id="truncated jpeg"),
        pytest.param(encoded(NOISE)[:3000], "broken", id="truncated png"),
        pytest.param(encoded(NOISE, "TIFF")[:3000], "not a readable picture|broken", id="truncated tiff"),
        pytest.param(encoded(NOISE, "WEBP")[:300], "not a readable picture|broken", id="truncated webp"),
        pytest.param(encoded(NOISE, "GIF")[:300], "not a readable picture|broken", id="truncated gif"),
        pytest.param(b"\xff\xd8\xff\xe0" + b"\0" * 50, "not a readable picture|broken", id="jpeg without a picture"),
        pytest.param(png_claiming(100_000, 100_000), "million pixels", id="bomb"),
        pytest.param(png_claiming(14_000, 13_000), "million pixels", id="just too big"),
        pytest.param(png_claiming(5000, 5000), "broken", id="claims more than it has"),
    ],
)
def test_hostile_bytes_end_in_a_sentence(data, sentence):
    with pytest.raises(UnreadableImageError, match=sentence):
        decode(data)


def test_files_too_big_are_not_read(monkeypatch, tmp_path):
    monkeypatch.setattr(decoding, "MAX_FILE_BYTES", 2**20)
    path = tmp_path / "big.png"
    path.write_bytes(encoded(corners()) + b"\0" * 2**20)
    with pytest.raises(UnreadableImageError, match="bigger than 1 MB"):
        decode(path)


def test_random_damage_never_escapes_as_another_error():
    rng = np.random.default_rng(3)
    for form in ("JPEG", "PNG", "TIFF", "GIF", "WEBP", "BMP"):
        whole = encoded(corners(), form)
        for _ in range(60):
            data = bytearray(whole)
            for place in rng.integers(0, len(data), 6):
                data[place] = rng.integers(256)
            try:
                assert decode(bytes(data)).gray.dtype == np.uint8
            except UnreadableImageError as error:
                assert str(error).endswith(".")
