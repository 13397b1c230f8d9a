"""Picture bytes of all kinds to upright 8-bit pixels."""

import hashlib
import sys

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from fercore.errors import UnreadableImageError
from fercore.faces import formats
from fercore.faces.decoding import decode, scale_for
from fercore.faces.reduction import eight_bits, gray_range
from tests.faces.pictures import corners, encoded, quarters

# Clockwise from the top left, as the picture must look once it is upright.
UPRIGHT = {
    1: [0, 80, 240, 160],
    2: [80, 0, 160, 240],
    3: [240, 160, 0, 80],
    4: [160, 240, 80, 0],
    5: [0, 160, 240, 80],
    6: [160, 0, 80, 240],
    7: [240, 80, 0, 160],
    8: [80, 240, 160, 0],
}


@pytest.mark.parametrize(("orientation", "expected"), list(UPRIGHT.items()))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_exif_orientation(orientation, expected, form):
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"lossless": True} if form == "WEBP" else {}
    photo = decode(encoded(corners(), form, exif=exif, **options))
    assert np.allclose(quarters(photo.gray), expected, atol=3)
    assert photo.size == ((60, 40) if orientation < 5 else (40, 60))
    assert photo.gray.shape == photo.size[::-1]


@pytest.mark.parametrize("exif", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", b""])
def test_broken_exif_is_ignored(exif):
    assert decode(encoded(corners(), "JPEG", exif=exif)).size == (60, 40)


def deep(values):
    return Image.fromarray(values)


GRADIENT = np.tile(np.arange(0, 256, dtype=np.uint8), (64, 1))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(encoded(Image.fromarray(GRADIENT)), GRADIENT, id="gray"),
        pytest.param(encoded(deep(GRADIENT.astype(np.uint16) * 257)), GRADIENT, id="16 bits"),
        pytest.param(encoded(deep(GRADIENT.astype(np.uint16) * 257), "TIFF"), GRADIENT, id="16-bit tiff"),
        pytest.param(encoded(deep(GRADIENT.astype(np.float32)), "TIFF"), GRADIENT, id="float tiff"),
        pytest.param(encoded(deep(GRADIENT.astype(np.int32) * 1000), "TIFF"), GRADIENT, id="32-bit tiff"),
        pytest.param(encoded(Image.fromarray(GRADIENT).quantize(256)), GRADIENT, id="palette"),
        pytest.param(encoded(Image.fromarray(GRADIENT).convert("RGB"), "BMP"), GRADIENT, id="bmp"),
        pytest.param(encoded(Image.fromarray(GRADIENT).convert("CMYK"), "JPEG", quality=95), GRADIENT, id="cmyk"),
        pytest.param(encoded(Image.fromarray(GRADIENT).convert("CMYK"), "TIFF"), GRADIENT, id="cmyk tiff"),
        pytest.param(encoded(Image.fromarray(GRADIENT).convert("LA")), GRADIENT, id="gray with alpha"),
        pytest.param(encoded(Image.fromarray(GRADIENT), "GIF"), GRADIENT, id="gif"),
        pytest.param(encoded(Image.fromarray(GRADIENT > 127)), (GRADIENT > 127) * 255, id="1 bit"),
    ],
)
def test_modes_keep_their_gray_values(data, expected):
    photo = decode(data)
    assert np.abs(photo.gray.astype(int) - expected).max() <= 3
    assert photo.colour.shape == (64, 256, 3)


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
@pytest.mark.parametrize(
    ("highest", "expected"),
    [(200, 200), (255, 255), (1023, 255), (700, 174), (4095, 255), (2048, 127), (16383, 255), (40000, 155)],
)
def test_gray_of_fewer_than_16_bits_is_as_bright_as_its_bits_say(highest, expected, form):
    values = np.linspace(0, highest, 64).astype(np.uint16).reshape(8, 8)
    assert abs(int(decode(encoded(deep(values), form)).gray.max()) - expected) <= 1


def test_what_is_transparent_lies_on_white():
    pixels = np.zeros((10, 10, 4), np.uint8)
    pixels[:5, :, 3] = 255
    gray = decode(encoded(Image.fromarray(pixels))).gray
    assert (gray[:5] == 0).all()
    assert (gray[5:] == 255).all()


@pytest.mark.parametrize("form", ["BMP", "PNG", "TIFF", "WEBP"])
def test_a_channel_that_is_transparent_everywhere_hides_nothing(form):
    image = corners().convert("RGBA")
    image.putalpha(0)
    options = {"lossless": True, "exact": True} if form == "WEBP" else {}
    assert quarters(decode(encoded(image, form, **options)).gray) == UPRIGHT[1]


@pytest.mark.parametrize("chunk", ["zTXt", "iTXt", "iCCP"])
def test_a_png_with_a_long_text_or_profile_is_read(chunk):
    """As drawing programs keep their drawing in the picture; a limit of Pillow's is no limit of the pixels."""
    long = b"0123456789" * 700_000
    options = {"icc_profile": long} if chunk == "iCCP" else {"pnginfo": PngInfo()}
    if chunk != "iCCP":
        add = options["pnginfo"].add_text if chunk == "zTXt" else options["pnginfo"].add_itxt
        add("drawing", long.decode(), zip=True)
    data = encoded(corners(), **options)
    photo = decode(data)
    assert quarters(photo.gray) == UPRIGHT[1]
    assert (photo.data, photo.sha256) == (data, hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(("form", "orientation"), [("AVIF", 6), ("AVIF", 3), ("MPO", 8), ("HEIF", 6), ("HEIF", 3)])
def test_formats_of_phones_and_cameras_are_upright(form, orientation):
    if form == "HEIF":
        pytest.importorskip("pillow_heif").register_heif_opener()
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = corners()
    image.info["exif"] = exif.tobytes()
    photo = decode(encoded(image, form, **({} if form == "HEIF" else {"exif": exif}), quality=95))
    assert np.allclose(quarters(photo.gray), UPRIGHT[orientation], atol=6)


@pytest.mark.parametrize("form", ["PPM", "JPEG2000"])
def test_portable_bitmaps_are_read_and_rare_formats_named(form):
    if form == "PPM":
        assert quarters(decode(encoded(corners().convert("L"), form)).gray) == UPRIGHT[1]
        return
    with pytest.raises(UnreadableImageError, match="This is a JPEG 2000 picture, which cannot be read here"):
        decode(b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100))


def test_without_its_library_a_heic_picture_is_named_with_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    formats.has_heif.cache_clear()
    with pytest.raises(UnreadableImageError, match=r"This is a HEIC picture.*pip install pillow-heif"):
        decode(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    formats.has_heif.cache_clear()


def test_transparent_palette():
    image = Image.fromarray(np.repeat([[0, 200]], 4, axis=0).astype(np.uint8)).quantize(2)
    gray = decode(encoded(image, transparency=bytes([0, 255]))).gray
    assert {int(value) for value in np.unique(gray)} in ({0, 255}, {200, 255}, {255})


@pytest.mark.parametrize("form", ["GIF", "TIFF", "WEBP"])
def test_the_first_frame_counts(form):
    first, second = (Image.fromarray(np.full((10, 10, 3), value, np.uint8)) for value in (200, 20))
    photo = decode(encoded(first, form, save_all=True, append_images=[second]))
    assert abs(int(photo.gray.mean()) - 200) <= 3


@pytest.mark.parametrize(
    ("size", "scale"),
    [
        ((640, 480), 1),
        ((1199, 900), 1),
        ((1200, 900), 2),
        ((3464, 2600), 4),
        ((6000, 4000), 8),
        ((90000, 9), 1),
        ((30000, 600), 2),
    ],
)
def test_scale_follows_from_the_longer_side_as_far_as_it_counts(size, scale):
    assert scale_for(*size) == scale


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("scale", [2, 4, 8])
def test_reduced_pictures_are_the_whole_picture(form, scale):
    photo = decode(encoded(corners(601, 403), form), scale)
    assert photo.size == (601, 403)
    assert photo.gray.shape == (-(-403 // scale), -(-601 // scale))
    assert np.allclose(quarters(photo.gray), UPRIGHT[1], atol=3)


def test_korean_path_and_hash(tmp_path):
    path = tmp_path / "얼굴 사진.png"
    path.write_bytes(encoded(corners()))
    assert decode(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("values", "mode", "expected"),
    [
        pytest.param([0, 200], "I", [0, 200], id="whole numbers of 8 bits from nought on"),
        pytest.param([100, 200], "I", [100, 200], id="whole numbers of 8 bits"),
        pytest.param([0, 1023], "I", [0, 255], id="of 10 bits"),
        pytest.param([0, 2048], "I", [0, 127], id="of 12 bits"),
        pytest.param([0, 65535], "I", [0, 255], id="of 16 bits"),
        pytest.param([32768, 65536], "I", [0, 255], id="beyond 16 bits: stretched"),
        pytest.param([-1, 99], "I", [0, 255], id="below nought: stretched"),
        pytest.param([0, 1], "F", [0, 255], id="shares: stretched"),
        pytest.param([0.5, 1], "F", [0, 255], id="shares from a half on: stretched"),
        pytest.param([0, 127.5], "F", [0, 127], id="floats of 8 bits"),
        pytest.param([7, 7], "I", [7, 7], id="all alike"),
        pytest.param([0, 1], "I;16", [0, 1], id="16 bits, nearly black"),
        pytest.param([-5, -5], "F", [0, 0], id="all alike, below nought"),
        pytest.param([float("nan"), 200], "F", [0, 200], id="not a number is black"),
    ],
)
def test_deep_gray_becomes_eight_bits(values, mode, expected):
    finite = np.nan_to_num(np.array([values], np.float32))
    assert eight_bits(finite, *gray_range(finite.min(), finite.max(), mode)).tolist() == [expected]
