"""Parquet with the pictures in it and everything known of each face: an image dataset to Hugging Face `datasets`.

A folder of one file for each split, named as `load_dataset` finds them, or one `.parquet` file of all.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fercore.emotions import EMOTIONS
from fercore.exports.face import ExportFace, png
from fercore.faces.attributes import kinds

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP: Final = 2000
# "Sequence" with a length is read by every version of `datasets`; its successor "List" only from 4 on.
_LIST: Final = {"length": -1, "_type": "Sequence"}
_LABEL: Final = {"names": list(EMOTIONS), "_type": "ClassLabel"}
_DTYPES: Final[dict[type, str]] = {str: "string", int: "int32", float: "float64", bool: "bool"}


def _feature(kind: type, several: bool = False) -> dict[str, Any]:
    value = {"dtype": _DTYPES[kind], "_type": "Value"}
    return {"feature": value, **_LIST} if several else value


# Column → what Hugging Face calls it; everything but the picture is an attribute of `ExportFace`.
FEATURES: Final[dict[str, dict[str, Any]]] = {
    "image": {"_type": "Image"},
    "label": _LABEL,
    "split": _feature(str),
    "dataset": _feature(str),
    "identity": _feature(str),
    "pixel_hash": _feature(str),
    "source_word": _feature(str),
    "source_emotion": _LABEL,
    "state": _feature(str),
    "reason": _feature(str),
    **{name: _feature(*kind) for name, kind in kinds().items()},
    **{name: _feature(float) for name in ("sharpness", "brightness", "contrast", "weight")},
    "photo": _feature(str),
    "flagged": _feature(bool),
    "notes": _feature(str, several=True),
    "noted_by": _feature(str, several=True),
}


def write(faces: Iterable[ExportFace], target: Path) -> int:
    """Write faces that come split by split; returns how many files that is."""
    if target.suffix.lower() == ".parquet":
        _write_file(iter(faces), target)
        return 1
    target.mkdir()
    files = 0
    for split, of_split in groupby(faces, key=lambda face: face.split):
        _write_file(of_split, target / f"{split}-00000-of-00001.parquet")
        files += 1
    return files


def schema() -> "pa.Schema":
    """The columns and, under the key `huggingface`, what `datasets` reads its features from."""
    import pyarrow as pa

    known = json.dumps({"info": {"features": FEATURES}})
    fields = [pa.field(name, _type(feature)) for name, feature in FEATURES.items()]
    return pa.schema(fields, metadata={"huggingface": known})


def _type(feature: dict[str, Any]) -> "pa.DataType":
    import pyarrow as pa

    match feature["_type"]:
        case "Image":
            return pa.struct([("bytes", pa.binary()), ("path", pa.string())])
        case "ClassLabel":
            return pa.int64()
        case "Sequence":
            return pa.list_(_type(feature["feature"]))
    return pa.type_for_alias(feature["dtype"])


def _write_file(faces: Iterator[ExportFace], file: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    columns = schema()
    # Small columns repeat themselves; pictures and hashes do not, and are stored as they are.
    repeating = [name for name in columns.names if name not in ("image", "identity", "pixel_hash")]
    with ExitStack() as stack:
        stream = stack.enter_context(file.open("xb"))
        writer = stack.enter_context(
            parquet.ParquetWriter(stream, columns, compression="zstd", use_dictionary=repeating, version="2.6")
        )
        while rows := [_row(face) for face in islice(faces, ROW_GROUP)]:
            writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=columns))


def _row(face: ExportFace) -> dict[str, Any]:
    row: dict[str, Any] = {"image": {"bytes": png(face.gray), "path": face.place}}
    return row | {name: getattr(face, name) for name in FEATURES if name != "image"}
