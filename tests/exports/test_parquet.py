"""The Parquet that others read: columns, types and the metadata that Hugging Face `datasets` reads."""

import json

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from fercore.exports import parquet
from fercore.faces.decoding import decode
from tests.conftest import noise
from tests.sources.generated.parquet import face


@pytest.fixture
def folder(tmp_path):
    faces = [face(0), face(1, label=None, source_emotion=None), face(2, split="validation", box=[1, 2, 3, 4])]
    assert parquet.write(iter(faces), tmp_path / "out") == 2
    return tmp_path / "out"


def test_one_file_for_each_split(folder):
    assert sorted(path.name for path in folder.iterdir()) == [
        "train-00000-of-00001.parquet",
        "validation-00000-of-00001.parquet",
    ]


def test_the_metadata_is_what_datasets_reads(folder):
    """As datasets 2 and 3 give it for the same features, which 4 and 5 read, too; not the other way round."""
    schema = pq.read_schema(folder / "train-00000-of-00001.parquet")
    known = json.loads(schema.metadata[b"huggingface"])
    assert list(known) == ["info"] and list(known["info"]) == ["features"]
    features = known["info"]["features"]
    assert list(features) == schema.names
    assert features["image"] == {"_type": "Image"}
    assert features["label"] == {
        "names": ["Angry", "Disgust", "Fear", "Happy", "Neutral", "Sad", "Surprise"],
        "_type": "ClassLabel",
    }
    assert features["age"] == {"dtype": "int32", "_type": "Value"}
    assert features["box"] == {"feature": {"dtype": "int32", "_type": "Value"}, "length": -1, "_type": "Sequence"}
    assert "List" not in {feature["_type"] for feature in features.values()}


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
        ("label", pa.int64()),
        ("source_emotion", pa.int64()),
        ("annotators", pa.list_(pa.string())),
        ("box", pa.list_(pa.int32())),
        ("score", pa.float64()),
        ("professional", pa.bool_()),
        ("age", pa.int32()),
        ("state", pa.string()),
    ],
)
def test_types(column, kind):
    assert parquet.schema().field(column).type.equals(kind)


def test_pictures_are_in_the_file(folder):
    first, second = pq.read_table(folder / "train-00000-of-00001.parquet").to_pylist()
    assert first["image"]["path"] == "train/happy/000000.png"
    assert second["image"]["path"] == "train/unlabelled/000001.png" and second["label"] is None
    assert np.array_equal(decode(first["image"]["bytes"]).gray, noise(0))
    (third,) = pq.read_table(folder / "validation-00000-of-00001.parquet").to_pylist()
    assert (third["split"], third["box"]) == ("validation", [1, 2, 3, 4])


def test_one_file_of_all(tmp_path):
    assert parquet.write(iter([face(0), face(1, split="test")]), tmp_path / "all.parquet") == 1
    assert pq.read_table(tmp_path / "all.parquet", columns=["split"])["split"].to_pylist() == ["train", "test"]
