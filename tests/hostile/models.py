"""Forged model files and archives of photos."""

import io
import json
import pickle
import stat
import struct
import warnings
import zipfile
from collections.abc import Iterator

from tests.hostile.case import Case, Verdict, damaged, good
from tests.prediction import onnx_models as onnx

REFUSED, EITHER = Verdict.REFUSED, Verdict.EITHER


def onnx_files() -> Iterator[Case]:
    table = {
        **{"text": onnx.text, "domain of its own": onnx.custom_domain, "hidden domain": onnx.hidden_domain},
        **{
            "branches": onnx.loop,
            "graph in an attribute": onnx.subgraph_in_a_known_operation,
            "function": onnx.function,
        },
        **{"numbers in a file": onnx.external, "constant in a file": onnx.external_in_a_constant},
        **{"more numbers than it holds": onnx.huge_claim, "fewer than none": onnx.negative_claim},
        **{"6 GB at work": onnx.padded_to_death, "4 GB at once": onnx.spread_to_death},
        **{"no probabilities": onnx.nonsense, "other labels": onnx.other_labels},
        "numbers behind a climb": lambda: onnx.external("../../../etc/passwd"),
        "of old": lambda: onnx.model(opset=9).SerializeToString(),
        "of one face at a time": lambda: onnx.model(
            ends=(("faces", [1, 48, 48]), ("emotions", [1, 7]))
        ).SerializeToString(),
        "half": lambda: onnx.sound()[: len(onnx.sound()) // 2],
        "nothing": lambda: b"",
        "lengths without end": lambda: b"\x3a" + b"\xff" * 99,
        "field 0": lambda: b"\x02\x01a" * 999,
        "graphs in graphs": lambda: nested(500),
        "a photo": good,
    }
    for name, make in table.items():
        yield Case(f"onnx: {name}", make, REFUSED)
    for seed in range(12):
        yield Case(f"onnx damaged {seed}", lambda seed=seed: damaged(onnx.sound(), seed), EITHER)


def nested(depth: int) -> bytes:
    data = b""
    for _ in range(depth):
        length = len(data)
        data = b"\x3a" + bytes([length & 127 | 128, length >> 7 & 127 | 128, length >> 14]) + data
    return data


def zipped(*parts: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:  # of one name twice, too
            archive.writestr(name, content)
    return buffer.getvalue()


def keras_files() -> Iterator[Case]:
    def model(config: object, weights: bytes = b"\x89HDF\r\n\x1a\n") -> bytes:
        meta = json.dumps({"keras_version": "3.15.1"}).encode()
        parts = ("metadata.json", meta), ("config.json", json.dumps(config).encode()), ("model.weights.h5", weights)
        return zipped(*parts)

    def layer(module: str, class_name: str, **config: object) -> dict[str, object]:
        return {"module": module, "class_name": class_name, "config": config, "registered_name": None}

    code = {"class_name": "__lambda__", "config": {"value": "4wEAAAA=", "defaults": None, "closure": None}}
    table = {
        "text": b"no model",
        "pickle": pickle.dumps({"a": 1}),
        "empty zip": zipped(),
        "zip of a photo": zipped(("photo.jpg", good())),
        "a function of its own": model(layer("keras.layers", "Lambda", function=code, name="a")),
        "a module of the system": model(layer("os", "system", command="true")),
        "a class of python": model(layer("builtins", "eval", source="1")),
        "a file beside it": model(layer("keras.models", "load_model", filepath="/etc/passwd")),
        "weights that climb": zipped(
            ("../../model.weights.h5", b"x"), ("config.json", b"{}"), ("metadata.json", b"{}")
        ),
        "config of 9 MB": zipped(("config.json", b"[" * 9_000_000), ("metadata.json", b"{}")),
        "no weights": model({"class_name": "Sequential", "config": {"layers": []}, "module": "keras"}, b""),
    }
    for name, data in table.items():
        yield Case(f"keras: {name}", lambda data=data: data, REFUSED, is_costly=True)


def archives() -> Iterator[Case]:
    def claiming(size: int) -> bytes:
        data = bytearray(zipped(("a.jpg", bytes(9999))))
        place = data.rindex(b"PK\x01\x02")
        data[place + 24 : place + 28] = struct.pack("<I", size)
        return bytes(data)

    def link() -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            entry = zipfile.ZipInfo("link.jpg")
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, "/etc/passwd")
        return buffer.getvalue()

    def encrypted() -> bytes:
        data = bytearray(zipped(("a.jpg", good())))
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.rindex(mark) + offset] |= 1
        return bytes(data)

    table = {
        "climbing": (lambda: zipped(("../../a.jpg", good())), REFUSED),
        "from the root": (lambda: zipped(("/etc/a.jpg", good())), REFUSED),
        "of a drive": (lambda: zipped(("C:\\a.jpg", good())), REFUSED),
        "climbing backwards": (lambda: zipped(("..\\..\\a.jpg", good())), REFUSED),
        "a link": (link, EITHER),
        "locked": (encrypted, EITHER),
        "claims 4 GB": (lambda: claiming(2**32 - 2), EITHER),
        "claims nothing": (lambda: claiming(0), EITHER),
        "one name twice": (lambda: zipped(("a.jpg", good()), ("a.jpg", b"x")), EITHER),
        "in a zip": (lambda: zipped(("a.zip", zipped(("a.jpg", good())))), EITHER),
        "300 MB of zeros": (lambda: zipped(("a.png", bytes(300_000_000))), EITHER),
        "60,000 files": (lambda: zipped(*((f"{number}.jpg", b"") for number in range(60_000))), EITHER),
        "cut off": (lambda: zipped(("a.jpg", good()))[:-30], REFUSED),
        "a document": (lambda: zipped(("word/document.xml", b"<a/>")), REFUSED),
    }
    for name, (make, verdict) in table.items():
        is_costly = name in ("300 MB of zeros", "60,000 files")
        yield Case(f"zip: {name}", make, verdict, is_costly=is_costly)
