"""Files that are no pictures, two things at once, or pictures built to mislead a reader."""

import gzip
import io
import pickle
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial

import numpy as np
from PIL import Image

from tests.hostile.case import FORMS, Case, Verdict, blank, encoded, face, good
from tests.hostile.pictures import chunk, png

READ, REFUSED = Verdict.READ, Verdict.REFUSED
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"
LAUGHS = b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><svg>&b;</svg>"


def zipped(name: str = "a.jpg", content: bytes = b"x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def tarred() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.jpg"))
    return buffer.getvalue()


def no_pictures() -> Iterator[Case]:
    table = {
        "nothing": b"",
        "one byte": b"\xff",
        "a zero": b"\0",
        "a megabyte of zeros": bytes(2**20),
        "text": b"hello there, I am no picture",
        "UTF-16": "그림이 아닙니다".encode("utf-16"),
        "html": b"<!doctype html><script>alert(1)</script>",
        "svg": SVG,
        "svg with entities": LAUGHS,
        "json": b'{"photo": "http://localhost/"}',
        "address": b"http://localhost:8501/_stcore/health",
        "path": b"/etc/passwd",
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n",
        "binary postscript": b"\xc5\xd0\xd3\xc6" + bytes(26) + b"%!PS",
        "pdf": b"%PDF-1.7\n" + bytes(99),
        "program": b"\x7fELF" + bytes(99),
        "windows program": b"MZ" + bytes(99),
        "script": b"#!/bin/sh\nrm -rf /\n",
        "zip": zipped(),
        "zip bomb": zipped("a.jpg", bytes(9_000_000)),
        "gzip": gzip.compress(good()),
        "tar": tarred(),
        "pickle": pickle.dumps({"a": 1}),
        "hdf5": b"\x89HDF\r\n\x1a\n" + bytes(99),
        "numpy": b"\x93NUMPY" + bytes(99),
        "mp4": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41",
        "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(99),
        "jpeg xl": b"\xff\x0a" + bytes(99),
        "photoshop": b"8BPS" + bytes(99),
        "icon": encoded(blank((16, 16)), "ICO"),
        "targa": encoded(blank((16, 16)), "TGA"),
        "sgi": encoded(blank((16, 16)), "SGI"),
        "pcx": encoded(blank((16, 16)), "PCX"),
        "windows metafile": b"\xd7\xcd\xc6\x9a" + bytes(99),
        "fli": bytes(4) + b"\x11\xaf" + bytes(120),
        "dds": b"DDS " + bytes(124),
        "fits": b"SIMPLE  =                    T" + bytes(99),
        "x bitmap": b"#define a_width 9999\n#define a_height 9999\nstatic char a_bits[] = {0};",
    }
    for name, data in table.items():
        yield Case(name, lambda data=data: data, REFUSED)
    for exponent in range(0, 22, 3):
        yield Case(
            f"noise of {2**exponent} bytes", lambda size=2**exponent: np.random.default_rng(size).bytes(size), REFUSED
        )


def polyglots() -> Iterator[Case]:
    for name, make in FORMS.items():
        yield Case(f"{name} and a zip", lambda make=make: make() + zipped())
        yield Case(f"{name} behind a page", lambda make=make: b"<html><!--" + make() + b"-->", REFUSED)
    yield Case("gif and a script", lambda: FORMS["gif"]() + b"\n*/=1;alert(1);//")
    yield Case(
        "jpeg in a comment of a jpeg",
        lambda: good()[:2] + b"\xff\xfe" + struct.pack(">H", 9002) + good()[:9000] + good()[2:],
    )
    yield Case("pdf and a jpeg", lambda: b"%PDF-1.4\n" + good(), REFUSED)
    yield Case("zip and a jpeg", lambda: zipped() + good(), REFUSED)


def built_png() -> Iterator[Case]:
    rows = b"".join(b"\0" + bytes(30) for _ in range(10))
    idat = chunk(b"IDAT", zlib.compress(rows))
    table = {
        "depth 3": png(10, 10, depth=3, body=rows),
        "colour 7": png(10, 10, colour=7, body=rows),
        "palette missing": png(10, 10, colour=3, body=rows),
        "body too long": png(10, 10, body=rows * 99_999),
        "wrong checksum": png(10, 10, body=rows)[:-20] + b"abcd" + png(10, 10, body=rows)[-16:],
        "two heads": png(
            10, 10, body=rows, more=chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
        ),
        "10,000 empty chunks": png(10, 10, body=rows, more=chunk(b"IDAT", b"") * 10_000),
        "chunk of 2 GB": png(10, 10, body=rows)[:33] + b"\x7f\xff\xff\xffIDAT",
        "animation control": png(10, 10, body=rows, more=chunk(b"acTL", struct.pack(">II", 2**31, 0))),
        "animation of a huge frame": png(
            10, 10, body=rows, more=chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 60_000, 60_000, 0, 0, 1, 1, 0, 0))
        ),
        "transparency too long": png(10, 10, body=rows, more=chunk(b"tRNS", bytes(999))),
        "gamma 0": png(10, 10, body=rows, more=chunk(b"gAMA", bytes(4))),
        "no end": png(10, 10, body=rows)[:-12],
        "data twice": png(10, 10, body=rows)[:-12] + idat + chunk(b"IEND", b""),
    }
    for name, data in table.items():
        yield Case(f"png: {name}", lambda data=data: data)


def built_jpeg() -> Iterator[Case]:
    def scans(count: int) -> bytes:
        data = encoded(face(), "JPEG", progressive=True)
        place = data.rindex(b"\xff\xda")
        return data[:place] + data[place:-2] * count + data[-2:]

    def inserted(part: bytes) -> bytes:
        return good()[:2] + part + good()[2:]

    yield Case("jpeg: 50 scans", partial(scans, 50))
    yield Case("jpeg: 5,000 scans", partial(scans, 5000), REFUSED)
    table = {
        "comments": b"\xff\xfe\xff\xff" + bytes(65_533),
        "empty application part": b"\xff\xe1\0\2",
        "part without length": b"\xff\xe1\0\0",
        "huffman table of nonsense": b"\xff\xc4\0\x13\0" + b"\xff" * 16,
        "quantisation by zero": b"\xff\xdb\0\x43\0" + bytes(64),
        "restart at once": b"\xff\xdd\0\4\0\1",
        "two frames": b"\xff\xc0\0\x11\x08\x75\x30\x75\x30\3\1\x22\0\2\x11\1\3\x11\1",
        "arithmetic coding": b"\xff\xcc\0\2",
        "adobe mark": b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\2",
        "multi-picture index": b"\xff\xe2\0\x0eMPF\0II*\0\xff\xff\xff\xff",
        "4 GB of pictures": b"\xff\xe2\0\x28MPF\0II*\0\x08\0\0\0\2\0\1\xb0\4\0\1\0\0\0\xff\xff\xff\x7f\2\xb0\7"
        + bytes(5),
        "profile": b"\xff\xe2\0\x12ICC_PROFILE\0\1\xff\0\0",
    }
    for name, part in table.items():
        yield Case(f"jpeg: {name}", partial(inserted, part))
    yield Case("jpeg: 99 comments", partial(inserted, table["comments"] * 99))


def built_others() -> Iterator[Case]:
    gif, tiff, bmp = FORMS["gif"](), FORMS["tiff"](), FORMS["bmp"]()
    frame = gif.index(b"\x2c", 13 + 3 * 2 ** ((gif[10] & 7) + 1))

    def patched(data: bytes, place: int, part: bytes) -> bytes:
        return data[:place] + part + data[place + len(part) :]

    table = {
        "gif: a frame beyond its canvas": patched(gif, frame + 1, struct.pack("<HHHH", 60_000, 60_000, 320, 240)),
        "gif: a huge frame": patched(gif, frame + 1, struct.pack("<HHHH", 0, 0, 60_000, 60_000)),
        "gif: an empty frame": patched(gif, frame + 1, bytes(8)),
        "gif: codes of 13 bits": patched(gif, frame + 10, b"\x0d"),
        "gif: codes of no bits": patched(gif, frame + 10, b"\0"),
        "gif: endless comments": gif[:-1] + b"\x21\xfe\xff" + b"c" * 255 * 999,
        "tiff: a directory of itself": struct.pack("<2sHIHI", b"II", 42, 8, 0, 8),
        "tiff: 65,535 tags": b"II*\0\x08\0\0\0\xff\xff" + bytes(12) * 999,
        "tiff: its directory elsewhere": b"II*\0\xff\xff\xff\x7f",
        "tiff: big": b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0" + b"\xff" * 64,
        "tiff: planar": tiff.replace(struct.pack("<HHII", 284, 3, 1, 1), struct.pack("<HHII", 284, 3, 1, 2)),
        "tiff: unknown packing": tiff.replace(struct.pack("<HHII", 259, 3, 1, 1), struct.pack("<HHII", 259, 3, 1, 777)),
        "tiff: strips of no rows": tiff.replace(struct.pack("<HH", 278, 3), struct.pack("<HH", 278, 0)),
        "bmp: upside down": patched(bmp, 22, struct.pack("<i", -240)),
        "bmp: run lengths": patched(bmp, 30, struct.pack("<I", 1)),
        "bmp: pixels elsewhere": patched(bmp, 10, struct.pack("<I", 2**31 - 1)),
        "bmp: 64 bits": patched(bmp, 28, struct.pack("<H", 64)),
        "bmp: a huge palette": patched(bmp, 46, struct.pack("<I", 2**31)),
        "ppm: in words": b"P3 40 40 255\n" + b"1 " * 4800,
        "ppm: many words": b"P3 3000 2600 255\n" + b"1 " * 99_999,
        "ppm: too many words": b"P3 30000 30000 255\n1 ",
        "ppm: words of bits": b"P1 2500 2500\n" + b"10" * 2_000_000,
        "ppm: odd depth": b"P5 900 900 1000\n" + bytes(2 * 900 * 900),
        "ppm: depth 0": b"P5 9 9 0\n" + bytes(99),
        "ppm: endless comment": b"P5\n#" + b"c" * 3_000_000,
        "ppm: a number of 9,000 digits": b"P5 " + b"9" * 9000 + b" 9 255\n",
        "webp: no picture": b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\0\0\x3f\0\0",
        "webp: 4 GB": b"RIFF\xff\xff\xff\xffWEBPVP8L\xff\xff\xff\xff" + bytes(99),
        "avif: of nothing": b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf" + bytes(99),
        "avif: boxes in boxes": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + b"\0\0\x10\0meta" * 999,
    }
    for name, data in table.items():
        yield Case(name, lambda data=data: data)


def crowds() -> Iterator[Case]:
    tile = face().resize((96, 72))

    def crowd(columns: int, rows: int, form: str) -> bytes:
        picture = Image.new("RGB", (96 * columns, 72 * rows))
        for column in range(columns):
            for row in range(rows):
                picture.paste(tile, (96 * column, 72 * row))
        return encoded(picture, form)

    yield Case("200 faces", partial(crowd, 20, 10, "JPEG"), READ, is_costly=True)
    yield Case("900 faces", partial(crowd, 30, 30, "PNG"), READ, is_costly=True)


def listed() -> list[Case]:
    """All files."""
    groups = (no_pictures, polyglots, built_png, built_jpeg, built_others, crowds)
    return [case for group in groups for case in group()]
