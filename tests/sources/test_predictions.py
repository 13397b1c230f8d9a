"""Files of predictions from elsewhere: which columns mean what, and what is wrong with a row."""

import gzip
import io
import zipfile

import numpy as np
import pandas as pd
import pytest

from fercore.emotions import EMOTIONS
from fercore.errors import UnreadableSourceError
from fercore.sources import predictions
from fercore.sources.prediction_rows import NamedFace

SEVEN = "Angry,Disgust,Fear,Happy,Neutral,Sad,Surprise"
DEEPFACE = "angry,disgust,fear,happy,sad,surprise,neutral"
HASH = "ab" * 32


def read(tmp_path, text, name="p.csv", encoding="utf-8"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return predictions.read(file)


@pytest.mark.parametrize(
    ("header", "row", "emotion", "share"),
    [
        (f"face,{SEVEN}", "5,0,0,0,0.75,0.25,0,0", "Happy", 0.75),
        (f"{DEEPFACE},file", "0.5,0,1.5,92,3,1,2,5", "Happy", 0.92),
        ("face,neutral,sad,surprise,happy,fear,disgust,angry", "5,0,0,0.1,0.2,0,0,0.7", "Angry", 0.7),
        (
            "face,emotion.angry,emotion.disgust,emotion.fear,emotion.happy,emotion.sad,emotion.surprise,emotion.neutral",
            "5,1,2,3,4,80,4,6",
            "Sad",
            0.8,
        ),
        ("Face,P_Angry,P_Disgust,P_Fear,P_Happy,P_Neutral,P_Sad,P_Surprise", "5,0,0,0,0,1,0,0", "Neutral", 1.0),
        (
            "face,Anger (%),Disgust (%),Fear (%),Happiness (%),Neutral (%),Sadness (%),Surprise (%)",
            "5,10%,0%,0%,20%,0%,70%,0%",
            "Sad",
            0.7,
        ),
        ("얼굴,분노,혐오,공포,행복,중립,슬픔,놀람", "5,0,0,0,0,0,0.1,0.9", "Surprise", 0.9),
        ("face,prediction", "5,happy", "Happy", 1.0),
        ("face,dominant_emotion,label", "5,surprise,angry", "Surprise", 1.0),
        ("face,예측", "5,슬픔", "Sad", 1.0),
        ("face,emotion", "5, Fearful ", "Fear", 1.0),
        (f"face,label,prediction,{SEVEN}", "5,Sad,Sad,1,0,0,0,0,0,0", "Angry", 1.0),
    ],
)
def test_columns_in_any_order_and_language(tmp_path, header, row, emotion, share):
    rows = read(tmp_path, f"{header}\n{row}\n")
    assert not rows.faults and len(rows.faces) == 1
    assert EMOTIONS[rows.shares[0].argmax()] == emotion and rows.shares[0].max() == pytest.approx(share)
    assert rows.shares.sum() == pytest.approx(1) and rows.words_only == (header.count(",") < 7)


@pytest.mark.parametrize(
    ("header", "value", "face"),
    [
        ("face", "12", NamedFace(12)),
        ("face_id", "12.0", NamedFace(12)),
        ("face", HASH.upper(), NamedFace(pixels=HASH)),
        ("face", "a/b.png", NamedFace(path="a/b.png")),
        ("file", "007.png", NamedFace(path="007.png")),
        ("img_path", "12", NamedFace(path="12")),
        ("pixels", HASH, NamedFace(pixels=HASH)),
        ("파일", "여_20_기쁨.jpg", NamedFace(path="여_20_기쁨.jpg")),
        ("id", "12", NamedFace(12)),
        ("id,file", "12,a.png", NamedFace(path="a.png")),
        ("face,path", "12,a.png", NamedFace(12, "a.png")),
    ],
)
def test_names_of_faces(tmp_path, header, value, face):
    assert read(tmp_path, f"{header},prediction\n{value},sad\n").faces == [face]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("face,prediction\r\n1,happy\r\n", "utf-8-sig"),
        ("face;prediction\n1;happy\n", "utf-8"),
        ("face\tprediction\n1\thappy\n", "utf-16"),
        ("sep=;\nface;prediction\n1;happy\n", "utf-8-sig"),
        ('"face","prediction"\n"1","happy"\n\n,\n', "utf-8"),
    ],
)
def test_what_spreadsheets_write(tmp_path, content, encoding):
    rows = read(tmp_path, content, encoding=encoding)
    assert (rows.faces, rows.faults) == ([NamedFace(1)], {})


def test_decimal_commas_between_semicolons(tmp_path):
    rows = read(tmp_path, f"face;{SEVEN.replace(',', ';')}\n1;0,5;0;0;0,5;0;0;0\n")
    assert not rows.faults and rows.shares[0].tolist() == [0.5, 0, 0, 0.5, 0, 0, 0]


def test_other_classes_are_left_out_and_the_seven_scaled(tmp_path):
    rows = read(tmp_path, f"file,Contempt,{SEVEN}\na,0.5,0.3,0,0,0.2,0,0,0\n")
    assert rows.others == ("contempt",) and rows.shares[0][:4].tolist() == pytest.approx([0.6, 0, 0, 0.4])


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1,0.5,0,0,0.2,0,0,0", "the probabilities sum to 0.7, expected 1"),
        ("1,nan,0,0,1,0,0,0", "a probability is missing or not finite"),
        ("1,inf,0,0,1,0,0,0", "a probability is missing or not finite"),
        ("1,,0,0,1,0,0,0", "a probability is missing or not finite"),
        ("1,-0.1,0,0,1.1,0,0,0", "a probability is negative (-0.1); logits need softmax first"),
        ("1,=1+1,0,0,1,0,0,0", "'=1+1' is no number, expected a probability"),
        ("1,10,0,0,90,0,0,0", "the probabilities sum to 100, expected 1"),
        ("1,0,0,0,0,0,0,0", "the probabilities sum to 0, expected 1"),
        ("1,0,0,0,1,0,0", "it has 7 cells, and the header has 8"),
        (",0,0,0,1,0,0,0", "it names no face"),
    ],
)
def test_rows_that_cannot_be_used_are_told_by_line(tmp_path, row, why):
    good = "".join(f"{number},0,0,0,1,0,0,0\n" for number in range(10, 13))
    rows = read(tmp_path, f"face,{SEVEN}\n{good}{row}\n")
    assert rows.faults == {5: why} and len(rows.faces) == len(rows.shares) == 3


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("joyful", "'joyful' is not a known emotion"),
        ("", "it names no emotion"),
        ("3", "'3' is not a known emotion"),
        ("contempt", "'contempt' is none of the seven emotions: give the seven probabilities"),
        ("=HYPERLINK(0)", "'=HYPERLINK(0)' is not a known emotion"),
    ],
)
def test_words_that_cannot_be_used(tmp_path, word, why):
    assert read(tmp_path, f"face,prediction\n1,{word}\n2,sad\n").faults == {2: why}


def test_a_hash_has_64_digits(tmp_path):
    assert read(tmp_path, "pixels,prediction\n70 80 82,happy\n").faults == {
        2: "'70 80 82' is no hash of pixels: expected 64 hex digits"
    }


def zipped():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("p.csv", b"\0" * 50_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "'p.csv' is empty"),
        (b"\xef\xbb\xbf", "'p.csv' is empty"),
        (b"face,prediction\n", "'p.csv' has a header and no rows"),
        (b"1,happy\n2,sad\n", "has no column that names a face"),
        (b"face,label\n1,happy\n", "'label' is not read as one"),
        (b"face,answer\n1,happy\n", "has no column with predictions"),
        (b"face,angry,happy\n1,0,1\n", "has no probabilities of Disgust, Fear, Neutral, Sad, Surprise"),
        (f"face,{SEVEN},joy\n1,0,0,0,1,0,0,0,0\n".encode(), "two columns for Happy: 'Happy' and 'joy'"),
        ("face,prediction\n1,슬픔\n".encode("cp949"), "'p.csv', line 2: not UTF-8"),
        (b"\x89PNG\0\0\0", "not UTF-8"),
        (b"face\0,prediction\n1,sad", "not a text file"),
        (b'face,prediction\n1,"sad\n', "line 2: "),
        (b"face,prediction\n" + b"1" * 70_000, "line 2: longer than 64 KB"),
        (zipped(), "is an archive or a spreadsheet"),
        (gzip.compress(b"\0" * 50_000_000), "is an archive or a spreadsheet"),
        (b"PAR1 and nothing else", "not a readable Parquet file"),
    ],
)
def test_files_that_are_no_table_of_predictions(tmp_path, content, why):
    with pytest.raises(UnreadableSourceError) as refusal:
        read(tmp_path, content)
    assert why in str(refusal.value)


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(predictions, "MOST_ROWS", 3)
    with pytest.raises(UnreadableSourceError, match="more than 3 rows"):
        read(tmp_path, "face,prediction\n" + "1,sad\n" * 4)


@pytest.mark.parametrize("kind", ["float32", "percent", "words", "categories", "texts"])
def test_parquet_gives_the_same(tmp_path, kind):
    shares = np.eye(7)[[3, 5]] * 0.7 + 0.3 / 7
    frame = pd.DataFrame(
        {"face": [4, 9], **{f"emotion.{name.lower()}": shares[:, i] for i, name in enumerate(EMOTIONS)}}
    )
    if kind == "float32":
        frame = frame.astype(dict.fromkeys(frame.columns[1:], "float32"))
    elif kind == "percent":
        frame.iloc[:, 1:] *= 100
    elif kind == "texts":
        frame = frame.astype(str)
    else:
        words = pd.Series(["happy", "sad"], dtype="category" if kind == "categories" else object)
        frame = pd.DataFrame({"face": [4, 9], "prediction": words})
    file = tmp_path / "p.parquet"
    frame.to_parquet(file)
    rows = predictions.read(file)
    assert rows.faces == [NamedFace(4), NamedFace(9)] and not rows.faults
    assert rows.shares.argmax(1).tolist() == [3, 5] and rows.words_only == (kind in ("words", "categories"))
    assert rows.shares.max() == pytest.approx(1.0 if rows.words_only else 0.7 + 0.3 / 7)


def test_faults_of_parquet_are_told_by_row(tmp_path):
    file = tmp_path / "p.parquet"
    pd.DataFrame({"face": [4.0, None], "prediction": ["happy", "sad"]}).to_parquet(file)
    rows = predictions.read(file)
    assert [str(rows.fault(*each)) for each in rows.faults.items()] == ["row 2: it names no face"]


@pytest.mark.parametrize("first", [1, 40])
def test_an_index_that_pandas_writes_as_a_range_names_faces(tmp_path, first):
    frame = pd.DataFrame({"face": range(first, first + 3), "prediction": ["happy", "sad", "sad"]}).set_index("face")
    frame.to_parquet(tmp_path / "p.parquet")
    assert [face.number for face in predictions.read(tmp_path / "p.parquet").faces] == [first, first + 1, first + 2]


@pytest.mark.parametrize(
    "metadata",
    [
        *(b"{", b"[]", b"\xff", b'{"index_columns": 3}'),
        b'{"index_columns": [{"name": "face", "start": 1, "stop": 9, "step": 0}]}',
        b'{"index_columns": [{"name": "face", "start": 1, "stop": 99999999999, "step": 1}]}',
    ],
)
def test_odd_metadata_of_an_index_are_passed_over(tmp_path, metadata):
    import pyarrow as pa
    from pyarrow import parquet

    table = pa.table({"prediction": ["happy"]}).replace_schema_metadata({b"pandas": metadata})
    parquet.write_table(table, tmp_path / "p.parquet")
    with pytest.raises(UnreadableSourceError, match="no column that names a face"):
        predictions.read(tmp_path / "p.parquet")
