"""What exports and their way back are tried with: faces with decisions, and all that is known of them."""

import hashlib
from collections import Counter

import pytest
from sqlalchemy import select

from fercore.faces.pixels import pixel_hash
from fercore.services.datasets import exports, imports
from fercore.services.datasets.exports import ExportRequest
from fercore.services.datasets.imports import ImportRequest
from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace
from fercore.store.tables import Dataset, Face, Photo
from tests.conftest import fill, noise, photograph
from tests.services.datasets.test_imports import csv_file, row, take
from tests.store.review.test_decisions import decide

SOURCE = {"folder": "folder", "csv": "fer2013", "parquet": "parquet"}


def export(store, to, form, kind="dataset", name="D"):
    return exports.export(store, ExportRequest(kind, name, form, to))


def back(store, path, form, name="back"):
    return imports.import_source(store, ImportRequest(SOURCE[form], path, name))


def content(store, name):
    """How often the dataset has each (pixel hash, label, split), rejected faces apart."""
    with store.database.reading() as session:
        query = select(Face.pixel_hash, Face.emotion, Face.split, Face.state == "rejected").join(Dataset)
        return Counter(tuple(face) for face in session.execute(query.where(Dataset.name == name)))


def everything(store, name):
    """All that is known of each face of a dataset, by its identity."""
    skipped = {"id", "dataset_id", "import_id", "photo_id", "disputed"}  # votes do not travel with faces
    columns = [column for column in Face.__table__.columns if column.name not in skipped]
    with store.database.reading() as session:
        query = select(*columns, Photo.name.label("photo")).join(Dataset, Dataset.id == Face.dataset_id)
        rows = session.execute(query.outerjoin(Photo, Photo.id == Face.photo_id).where(Dataset.name == name))
        return {face.identity: dict(face._mapping) for face in rows}


def tree_of(path):
    """The hash of each file below a place, by its name."""
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    return {
        file.relative_to(path).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.is_file() and "data" not in file.relative_to(path).parts[:1]
    }


@pytest.fixture
def decided(store, tmp_path):
    """FER2013 rows in all splits with an exact copy; one relabelled, one confirmed, one rejected."""
    rows = [row(code, code) for code in range(7)] + [row(3, 3), row(3, 3), row(4, 10, "PublicTest")]
    take(store, csv_file(tmp_path, [*rows, row(6, 11, "PrivateTest"), row(6, 12)]), "D")
    with store.database.reading() as session:
        ids = list(session.scalars(select(Face.id).order_by(Face.id)))
    decide(store, "a", ids[0], emotion=5)
    decide(store, "a", ids[1], emotion=1)
    decide(store, "a", ids[-1], reason="blurred")
    return store


@pytest.fixture
def rich(store):
    """Faces with every kind of provenance and of decision."""
    with store.database.writing() as session:
        begun = datasets.begin_import(session, "D", "photos", "p")
        photo = Photo(
            dataset_id=begun.dataset_id,
            import_id=begun.id,
            name="여_20_기쁨.jpg",
            sha256="0" * 64,
            path="p",
            width=9,
            height=9,
            faces=1,
        )
        session.add(photo)
        session.flush()
        message = {"subject": "S1", "gender": "female", "age": 20, "professional": True, "annotators": ("기쁨", "중립")}
        result = {"box": (1, 2, 30, 40), "detector": "haar", "score": 0.25, "eyes": 2, "doubtful": False}
        result |= {"skin": 0.75, "inside": 0.5, "covered": 0.125}
        plain = [
            NewFace(
                identity=f"f/{n}",
                split=split,
                emotion=emotion,
                word="word",
                pixel_hash=pixel_hash(noise(n)),
                gray=noise(n),
            )
            for n, (split, emotion) in enumerate(
                [("train", 3), ("train", None), ("test", 0), ("train", 4), ("train", 4), ("train", None), ("test", 6)]
            )
        ]
        full = NewFace(
            identity="full",
            split="train",
            emotion=3,
            word="기쁨",
            pixel_hash=pixel_hash(noise(50)),
            gray=noise(50),
            photo_id=photo.id,
            **message,
            **result,
        )
        faces.add(session, begun.dataset_id, begun.id, [*plain, full])
        datasets.finish_import(session, begun.id)
    with store.database.reading() as session:
        ids = {f.identity: f.id for f in session.scalars(select(Face))}
    for who, face, emotion, reason in (
        ("a", "f/0", 3, None),
        ("a", "f/1", 5, None),
        ("b", "f/1", 5, None),
        ("a", "f/2", None, "occluded"),
        ("a", "f/3", 1, None),
        ("b", "f/3", None, "not a face"),
        ("a", "f/4", 1, None),
        ("b", "f/4", 4, None),
    ):
        decide(store, who, ids[face], emotion, reason)
    return store


@pytest.fixture
def on_photo(store, tmp_path):
    """Three faces, the first two of one photo, the third without any."""
    ids = fill(store, "D", [3, 5, 1])
    photograph(store, ids[:2], tmp_path / "사진.png", (10, 10, 48, 48))
    return ids
