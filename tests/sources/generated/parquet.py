"""Parquet files: exports of one's own, image datasets of others, and what is wrong with them."""

import json
import struct
import zlib

import pyarrow as pa
from pyarrow import parquet as pq

from fercore.exports import parquet as writing
from fercore.exports.face import ExportFace
from fercore.faces.pixels import pixel_hash
from tests.conftest import noise
from tests.sources.test_folder import png as any_png


def face(number=0, **message):
    gray = noise(number)
    given = {"label": 3, "split": "train", "dataset": "D", "source_word": "happy", "source_emotion": 3}
    given |= {"identity": f"i/{number}", "pixel_hash": pixel_hash(gray), "state": "undecided"}
    return ExportFace(number=number, gray=gray.tobytes(), **given | message)


def own(tmp_path, *faces):
    writing.write(iter(faces), tmp_path / "own.parquet")
    return tmp_path / "own.parquet"


def bomb():
    """A small PNG whose header claims 65,536 x 65,536 pixels."""
    header = b"IHDR" + struct.pack(">II", 1 << 16, 1 << 16) + any_png()[24:29]
    return any_png()[:12] + header + struct.pack(">I", zlib.crc32(header)) + any_png()[33:]


def changed(tmp_path, **columns):
    """An export of one face in which some columns hold something else."""
    table = pq.read_table(own(tmp_path, face()))
    for name, array in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, array)
    pq.write_table(table, tmp_path / "changed.parquet")
    return tmp_path / "changed.parquet"


def foreign(file, labels, names=None, images=None, **columns):
    """An image dataset as `datasets` writes it."""
    images = [{"bytes": any_png(noise(n)), "path": None} for n in range(len(labels))] if images is None else images
    table = pa.table({"image": images, "label": labels, **columns})
    if names:
        features = {"image": {"_type": "Image"}, "label": {"names": names, "_type": "ClassLabel"}}
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, file)
    return file
