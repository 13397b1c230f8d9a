"""Everything that can be wrong with a Parquet file: a fault of its row, or one sentence."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from fercore.emotions import EMOTIONS
from fercore.errors import Fault, UnknownEmotionError, UnreadableSourceError
from fercore.exports import parquet as writing
from fercore.exports.face import png
from fercore.sources import parquet
from tests.conftest import noise
from tests.sources.generated.parquet import bomb, changed, face, foreign, own


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        pytest.param({"source_emotion": -1}, "source_emotion is -1, expected", id="source's label"),
        pytest.param({"split": "dev"}, "split is 'dev', expected train, validation or test", id="split"),
        pytest.param({"state": "maybe"}, "state is 'maybe', expected undecided, confirmed", id="state"),
        pytest.param(
            {"state": "confirmed", "label": None}, "state is 'confirmed' and there is no label", id="no label"
        ),
        pytest.param({"state": "rejected", "reason": "ugly"}, "reason is 'ugly', expected one of", id="reason"),
        pytest.param({"identity": ""}, "identity is empty", id="identity"),
        pytest.param({"gender": "x" * 50}, f"gender is '{'x' * 40}', expected", id="gender"),
        pytest.param({"age": -3}, "age is -3, expected a decade", id="age"),
        pytest.param({"box": [1, 2, 3]}, "box is not a list of four", id="box"),
        pytest.param({"annotators": ["a", None]}, "annotators is not a list of words", id="annotators"),
        pytest.param({"source_word": "x" * 1001}, "source_word is longer than 1000", id="long text"),
        pytest.param({"detector": "x" * 21}, "detector is longer than 20 characters", id="long detector"),
        pytest.param({"reason": "x" * 21}, "reason is longer than 20 characters", id="long reason, of no rejection"),
        pytest.param({"gender": "x" * 11}, "gender is 'xxxxxxxxxxx', expected", id="long gender"),
        pytest.param({"identity": "기" * 700}, "identity is longer than 2000 bytes", id="long identity"),
        pytest.param({"subject": "기" * 700}, "subject is longer than 2000 bytes", id="long subject"),
        pytest.param({"photo": "기" * 700}, "photo is longer than 2000 bytes", id="long photo"),
    ],
)
def test_a_bad_row_is_a_fault_and_the_rest_is_read(tmp_path, message, sentence):
    file = tmp_path / f"{message.get('split', 'train')}.parquet"
    writing.write(iter([face(0), face(1, **message), face(2)]), file)
    first, fault, last = parquet.read(file)
    assert (first.identity, last.identity) == ("i/0", "i/2")
    assert fault.where == f"{file.name}, row 2" and fault.why.startswith(sentence)


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        pytest.param(None, "the picture is not in the file", id="null"),
        pytest.param({"bytes": None, "path": "/etc/passwd"}, "the picture is not in the file", id="only a path"),
        pytest.param({"bytes": b"", "path": None}, "The file is empty", id="empty"),
        pytest.param({"bytes": b"MZ" * 50, "path": None}, "This file is not a readable picture", id="no picture"),
        pytest.param({"bytes": png(noise(0).tobytes())[:300], "path": None}, "The picture is broken", id="broken"),
        pytest.param({"bytes": bomb(), "path": None}, "The picture has more than 178 million pixels", id="bomb"),
    ],
)
def test_a_bad_picture_is_a_fault(tmp_path, image, sentence):
    kind = writing.schema().field("image").type
    own_file = changed(tmp_path, image=pa.array([image], kind))
    foreign_file = foreign(tmp_path / "f.parquet", ["happy"], images=pa.array([image], kind))
    for file in (own_file, foreign_file):
        (fault,) = parquet.read(file)
        assert fault.where == f"{file.name}, row 1" and fault.why.startswith(sentence)


def test_labels_beyond_the_names_are_faults(tmp_path):
    (own_fault,) = parquet.read(changed(tmp_path, label=pa.array([7])))
    assert own_fault.why == "label is 7, expected a number from 0 to 6, or null"
    first, two = parquet.read(foreign(tmp_path / "x.parquet", [-2, 2], ["happy", "sad"]))
    assert (first.why, two.why) == (
        "label -2, expected a number from 0 to 1",
        "label 2, expected a number from 0 to 1",
    )


@pytest.mark.parametrize(
    ("name", "array", "kind"),
    [
        pytest.param("age", pa.array(["20"]), "string", id="text for a number"),
        pytest.param("identity", pa.array([7]), "int64", id="number for a text"),
        pytest.param("box", pa.array([{"a": 1}]), "struct<a: int64>", id="struct for a list"),
        pytest.param("doubtful", pa.array([1.5]), "double", id="number for yes or no"),
        pytest.param("label", pa.array(["happy"]), "string", id="word for a label"),
    ],
)
def test_columns_of_another_type_are_refused(tmp_path, name, array, kind):
    with pytest.raises(UnreadableSourceError, match=f"the column '{name}' is of type {kind}"):
        next(parquet.read(changed(tmp_path, **{name: array})))


@pytest.mark.parametrize(
    ("columns", "metadata", "sentence"),
    [
        pytest.param({"x": [1]}, None, r"has the columns x; expected a column 'image'", id="other columns"),
        pytest.param({"image": ["a"], "label": ["b"]}, None, r"column 'image' is of type string", id="image"),
        pytest.param({"image": [b"a"], "label": [1.5]}, None, r"column 'label' is of type double", id="label"),
        pytest.param({"image": [b"a"], "label": [1]}, None, r"no names go with it", id="no names"),
        pytest.param({"image": [b"a"], "label": [1]}, b"{" * 99, r"no names go with it", id="no JSON"),
        pytest.param(
            {"image": [b"a"], "label": [1]},
            b'{"info": {"features": {"label": {"names": [1]}}}}',
            r"no names go with it",
            id="names that are none",
        ),
    ],
)
def test_other_forms_are_refused(tmp_path, columns, metadata, sentence):
    table = pa.table(columns).replace_schema_metadata({"huggingface": metadata} if metadata else None)
    pq.write_table(table, tmp_path / "x.parquet")
    with pytest.raises(UnreadableSourceError, match=rf"'x.parquet'.*{sentence}"):
        next(parquet.read(tmp_path / "x.parquet"))


def test_an_unknown_class_is_refused_before_anything_is_yielded(tmp_path):
    with pytest.raises(UnknownEmotionError, match=r"'x.parquet': 'bored'.*Rename it.*Known words are"):
        next(parquet.read(foreign(tmp_path / "x.parquet", [0], ["happy", "bored"])))


def test_a_class_that_is_none_of_the_seven_is_left_out_with_a_notice(tmp_path):
    face, notice = parquet.read(foreign(tmp_path / "x.parquet", [0, 1], ["happy", "contempt"]))
    assert (face.word, notice.why) == ("happy", "Left out, not one of the seven emotions: 'contempt' (1 face).")


def test_what_is_no_parquet_is_refused(tmp_path):
    (tmp_path / "d").mkdir()
    for place, data, sentence in (
        ("a.parquet", b"emotion,pixels\n" * 9, "'a.parquet' is not a readable Parquet file"),
        ("b.parquet", b"", "'b.parquet' is not a readable Parquet file"),
        ("d/a.txt", b"x", "'d' contains no .parquet file"),
    ):
        (tmp_path / place).write_bytes(data)
        with pytest.raises(UnreadableSourceError, match=sentence):
            next(parquet.read((tmp_path / place) if place.endswith("parquet") else tmp_path / "d"))
    with pytest.raises(UnreadableSourceError, match="does not exist"):
        next(parquet.read(tmp_path / "nowhere"))


@pytest.mark.parametrize("seed", range(40))
def test_damaged_files_are_refused_or_have_faults(tmp_path, seed):
    rng = np.random.default_rng(seed)
    data = bytearray(own(tmp_path, *(face(n) for n in range(3))).read_bytes())
    for place in rng.integers(4, len(data) - 8, 1 + seed % 5):
        data[place] = rng.integers(0, 256)
    del data[len(data) - (0 if seed % 4 else 500) :]
    (tmp_path / "x.parquet").write_bytes(data)
    try:
        for item in parquet.read(tmp_path / "x.parquet"):
            assert isinstance(item, Fault) or item.pixels.shape == (48, 48)
    except UnreadableSourceError as error:
        assert "x.parquet" in str(error) and "\n" not in str(error)


def test_progress_and_one_order_of_names(tmp_path):
    seen = []
    list(parquet.read(own(tmp_path, face()), on_progress=lambda *step: seen.append(step)))
    assert seen == [(1, 1)]
    assert list(EMOTIONS) == writing.FEATURES["label"]["names"]
