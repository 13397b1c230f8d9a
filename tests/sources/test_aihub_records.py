"""AI Hub's records: what is taken, and the sentence for each way to be wrong."""

import pytest

from fercore.emotions import EMOTIONS
from fercore.sources.aihub_records import BadRecordError, key_of, label_of, picture_of
from fercore.sources.emotion_map import word_map
from tests.sources.generated.aihub import CASES, CORNERS, annotation, three

WORDS = word_map()
GOOD = CASES[0].record
DEEP = [[[[[[[[["x" * 500]]]]]]]]]


def label(**fields):
    return label_of(GOOD | fields, WORDS)


@pytest.mark.parametrize(
    ("words", "emotion"),
    [
        pytest.param(["기쁨", "기쁨", "기쁨"], "Happy", id="all"),
        pytest.param(["당황", "불안", "불안"], "Fear", id="two of three"),
        pytest.param(["당황", "불안", "슬픔"], None, id="no majority"),
        pytest.param(["알수없음", "알수없음", "슬픔"], None, id="cannot tell"),
        pytest.param(["상처", "알수없음", "상처"], "Sad", id="one cannot tell"),
        pytest.param([" 분노 ", "분노", "중립"], "Angry", id="white space"),
        pytest.param(["상처", "슬픔", "슬픔"], "Sad", id="two words for one emotion"),
        pytest.param(["상처", "슬픔", "불안"], None, id="a majority is one of words, not of emotions"),
    ],
)
def test_the_majority_of_the_annotators_is_the_emotion(words, emotion):
    result = label(**three(*words))
    assert result.emotion == (None if emotion is None else EMOTIONS.index(emotion))
    assert result.about.annotators == tuple(word.strip() for word in words)
    assert result.word == "기쁨", "the uploader's word is kept beside"


@pytest.mark.parametrize(
    ("fields", "annotators", "emotion"),
    [
        pytest.param({"annot_A": None, "annot_B": None, "annot_C": None}, (), None, id="nobody"),
        pytest.param({"annot_B": None}, ("기쁨", "기쁨"), "Happy", id="two who agree"),
        pytest.param({"annot_A": annotation(None), "annot_C": annotation("")}, ("기쁨",), None, id="one with a word"),
    ],
)
def test_missing_annotators_are_skipped(fields, annotators, emotion):
    result = label(**fields)
    assert (result.about.annotators, result.emotion) == (annotators, emotion and EMOTIONS.index(emotion))


@pytest.mark.parametrize(
    ("age", "decade"),
    [(20, 20), ("20", 20), (27, 20), (30.0, 30), ("40대", 40), (" 50 ", 50), (7, 0), (None, None), ("", None)],
)
def test_ages(age, decade):
    assert label(age=age).about.age == decade


@pytest.mark.parametrize(
    ("box", "corners"),
    [
        pytest.param({"minX": 1, "minY": 2, "maxX": 3, "maxY": 4}, (1, 2, 3, 4), id="whole"),
        pytest.param({"minX": 1.5, "minY": "2", "maxX": "3.5", "maxY": 4.0}, (1.5, 2, 3.5, 4), id="floats and text"),
        pytest.param({"minX": -9, "minY": -1.5, "maxX": 3, "maxY": 4}, (0, 0, 3, 4), id="negative"),
        pytest.param({"minX": 3, "minY": 2, "maxX": 3, "maxY": 4}, None, id="no width"),
        pytest.param({"minX": 1, "minY": 9, "maxX": 3, "maxY": 4}, None, id="upside down"),
        pytest.param({"minX": -9, "minY": 2, "maxX": -3, "maxY": 4}, None, id="outside"),
        pytest.param({}, None, id="empty"),
        pytest.param([], None, id="an empty list"),
        pytest.param(None, None, id="null"),
    ],
)
def test_boxes_are_clipped_or_dropped_and_counted(box, corners):
    result = label(annot_B=annotation("기쁨", box))
    assert result.boxes == ((CORNERS, corners, CORNERS) if corners else (CORNERS, CORNERS))
    assert result.dropped == (corners is None)


def name(head="a" * 64, tail="_여_20_기쁨.jpg"):
    return {"filename": head + tail}


def box(value):
    return {"annot_A": annotation("기쁨", {"minX": 0, "minY": 0, "maxX": value, "maxY": 9})}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        pytest.param({"filename": None}, "it names no picture", id="no name"),
        pytest.param({"filename": "folder/"}, "it names no picture", id="a folder's name"),
        pytest.param({"filename": {"a": 1}}, "filename is {'a': 1}, expected text", id="name no text"),
        pytest.param({"filename": "x" * 300}, "filename is 'xxx", id="endless name"),
        pytest.param({"filename": "a\0b.jpg"}, "filename is 'a�b.jpg', which is too long or holds", id="nul"),
        pytest.param({"filename": "\ud800.jpg"}, "filename is '�.jpg', which", id="half a character"),
        pytest.param(name("a" * 63), "its picture 'aaa", id="hash too short"),
        pytest.param(name("g" * 64), "its picture 'ggg", id="hash not hexadecimal"),
        pytest.param(name("a" * 65), "its picture 'aaa", id="hash too long"),
        pytest.param({"gender": "F"}, "gender is 'F', expected 여 or 남", id="gender"),
        pytest.param({"gender": 1}, "gender is 1, expected text", id="gender no text"),
        pytest.param({"isProf": "배우"}, "isProf is '배우', expected 전문인 or 일반인", id="profession"),
        pytest.param({"age": "young"}, "age is 'young', expected a decade such as 20", id="age"),
        pytest.param({"age": -20}, "age is -20", id="negative age"),
        pytest.param({"age": True}, "age is True", id="age true"),
        pytest.param({"age": float("nan")}, "age is nan", id="age nan"),
        pytest.param({"age": 10**4000}, "age is 1000000", id="endless age"),
        pytest.param({"age": DEEP}, "age is [[[[[[", id="age of lists"),
        pytest.param({"faceExp_uploader": "놀람"}, "faceExp_uploader is '놀람', expected one of 기쁨, 당", id="word"),
        pytest.param({"faceExp_uploader": []}, "faceExp_uploader is [], expected text", id="word no text"),
        pytest.param({"annot_A": []}, "annot_A is a list, expected an object in braces", id="annotator a list"),
        pytest.param({"annot_C": annotation("놀람")}, "annot_C.faceExp is '놀람', expected one of", id="word of C"),
        pytest.param({"annot_B": annotation(3)}, "annot_B.faceExp is 3, expected text", id="word of B no text"),
        pytest.param({"annot_B": annotation("기쁨", [1])}, "annot_B.boxes is a list, expected an", id="boxes a list"),
        pytest.param({"annot_B": annotation("기쁨", {"minX": 1})}, "annot_B.boxes.minY is None", id="half a box"),
        pytest.param(box("wide"), "annot_A.boxes.maxX is 'wide', expected a number of pixels", id="box no number"),
        pytest.param(box(True), "annot_A.boxes.maxX is True", id="box true"),
        pytest.param(box(float("nan")), "annot_A.boxes.maxX is nan", id="box nan"),
        pytest.param(box("inf"), "annot_A.boxes.maxX is 'inf'", id="box infinite"),
        pytest.param(box(10**400), "annot_A.boxes.maxX is 1000", id="box too big"),
        pytest.param(box([1]), "annot_A.boxes.maxX is [1]", id="box of lists"),
    ],
)
def test_wrong_records_say_why(fields, why):
    with pytest.raises(BadRecordError) as caught:
        picture_of(GOOD | fields)
        label(**fields)
    assert str(caught.value).startswith(why)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("record", [None, 3, "x", [], [GOOD], True])
def test_records_that_are_no_objects(record):
    with pytest.raises(BadRecordError, match="expected an object in braces"):
        picture_of(record)


@pytest.mark.parametrize(
    ("base", "key"),
    [("a.jpg", "a"), ("a.JPEG", "a"), ("a.b.png", "a.b"), ("a", "a"), ("a.v2", "a.v2"), (".jpg", "")],
)
def test_records_and_pictures_meet_without_their_endings(base, key):
    assert key_of(base) == key


def test_folders_in_a_records_name_are_ignored():
    assert picture_of({"filename": "D:\\사진\\기쁨/a.jpg"}) == "a.jpg"
