"""Faces on their way into the store: every column arrives, and only new ones are stored."""

import numpy as np
import pytest
from sqlalchemy import select

from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace
from fercore.store.tables import Face, FaceContext, Pixels
from tests.conftest import noise

FULL = {
    "subject": "S1",
    "box": (1, 2, 30, 31),
    "detector": "haar",
    "score": 7.5,
    "gender": "female",
    "age": 30,
    "professional": False,
    "annotators": ("기쁨", "중립"),
    "eyes": 2,
    "skin": 0.25,
    "inside": 1.0,
    "covered": 0.0,
    "doubtful": False,
}


def new(identity, emotion=3, **more):
    return NewFace(
        identity=identity,
        split="test",
        emotion=emotion,
        word="happy",
        pixel_hash=f"hash of {identity}",
        gray=noise(1),
        **more,
    )


def add(store, *given):
    with store.database.writing() as session:
        begun = datasets.begin_import(session, "D", "folder", "p")
        return faces.add(session, begun.dataset_id, begun.id, given)


def stored(store, face_id):
    with store.database.reading() as session:
        return session.get_one(Face, face_id)


def test_every_column_arrives(store):
    [number] = add(store, new("a", **FULL, context=b"a picture")).values()
    face = stored(store, number)
    expected = FULL | {"box": [1, 2, 30, 31], "annotators": ["기쁨", "중립"]}
    assert {name: getattr(face, name) for name in FULL} == expected
    assert (face.identity, face.split, face.source_word, face.pixel_hash) == ("a", "test", "happy", "hash of a")
    assert (face.emotion, face.source_emotion, face.state) == (3, 3, "undecided")
    with store.database.reading() as session:
        assert session.get_one(Pixels, number).gray == noise(1).tobytes()
        assert session.get_one(FaceContext, number).jpeg == b"a picture"


def test_what_a_source_does_not_say_stays_empty(store):
    [number] = add(store, new("a", emotion=None)).values()
    face = stored(store, number)
    assert {name: getattr(face, name) for name in FULL} == dict.fromkeys(FULL)
    assert face.emotion is None and face.source_emotion is None
    with store.database.reading() as session:
        assert session.get(FaceContext, number) is None


def test_columns_that_only_some_faces_have(store):
    ids = add(store, new("a", subject="S1"), new("b", annotators=("Happy",)))
    result = {name: stored(store, number) for name, number in ids.items()}
    assert [(face.subject, face.annotators) for face in result.values()] == [("S1", None), (None, ["Happy"])]


def test_only_new_faces_are_stored_and_each_once(store):
    first = add(store, new("a"), new("a", emotion=5))
    assert list(first) == ["a"] and stored(store, first["a"]).emotion == 5, "the last of equals"
    again = add(store, new("a", emotion=1), new("b"))
    assert list(again) == ["b"] and stored(store, first["a"]).emotion == 5
    assert add(store, new("a")) == {}


def test_qualities_are_measured(store):
    dark = NewFace(identity="dark", split="test", emotion=3, word="", pixel_hash="h", gray=np.zeros((48, 48), np.uint8))
    ids = add(store, dark, new("noise"))
    flat, rough = (stored(store, ids[name]) for name in ("dark", "noise"))
    assert (flat.sharpness, flat.brightness, flat.contrast) == (0, 0, 0)
    assert rough.brightness == pytest.approx(noise(1).mean(), abs=0.01)
    assert rough.contrast == pytest.approx(noise(1).std(), abs=0.01) and rough.sharpness > 1000


@pytest.mark.parametrize(
    ("identity", "name"),
    [("happy/a.png#12ab", "happy/a.png"), ("a#b.png#12ab", "a#b.png"), ("train/17", ""), ("", "")],
)
def test_the_file_name_of_a_face(identity, name):
    assert faces.file_name(identity) == name


def test_the_files_of_a_dataset(store, tmp_path):
    ids = add(store, new("x/a.png#1"), new("x/a.png#2"), new("x/b.png#1"), new("train/7"))
    with store.database.reading() as session:
        dataset_id = session.scalars(select(Face.dataset_id).where(Face.id == ids["train/7"])).one()
        assert faces.file_names(session, dataset_id) == {"x/a.png", "x/b.png"}
        assert faces.file_names(session, dataset_id + 1) == set()
