"""What a source and a dataset hold: words, splits, examples, people."""

from types import SimpleNamespace

import numpy as np
import pytest
from sqlalchemy import update

from fercore.errors import Fault, UnreadableImageError
from fercore.faces.pixels import pixel_hash
from fercore.services.datasets import catalogue, preview, statistics
from fercore.services.datasets.preview import Preview
from fercore.sources.record import FaceRecord, Notice, PhotoRecord
from fercore.store.tables import Face
from tests.conftest import fill, noise
from tests.store.review.test_decisions import decide


def face(number, word="happy", emotion=3, split="train"):
    message = {"identity": f"f/{number}", "split": split, "emotion": emotion, "word": word, "where": f"row {number}"}
    return FaceRecord(pixels=noise(number), pixel_hash=pixel_hash(noise(number)), **message)


def looked(items, worker=None):
    return preview._look(iter(items), worker, float("inf"))


def test_words_splits_and_problems_are_counted():
    items = [face(n) for n in range(5)] + [face(n, "sad", 5, "test") for n in range(5, 7)] + [face(9, "odd", None)]
    result = looked([*items, Fault("row 9", "bad"), Notice("row 1", "told"), Fault("row 10", "bad")])
    assert result.table == [("happy", "Happy", 5), ("sad", "Sad", 2), ("odd", None, 1)]
    assert result.splits == {"train": 6, "test": 2}
    assert (result.faces, result.photos, result.problems, result.faults, len(result.listed)) == (8, 0, 3, 2, 3)
    assert result.complete and not result.listing
    assert [(example.word, example.emotion) for example in result.examples] == [("happy", 3)] * 3 + [("sad", 5)] * 2 + [
        ("odd", None)
    ]
    assert result.examples[0].gray == noise(0).tobytes()


@pytest.mark.parametrize(("words", "examples"), [(1, 3), (7, 21), (8, 24), (12, 24)])
def test_no_more_examples_are_shown_than_can_be_looked_at(words, examples):
    result = looked([face(n, f"word {n % words}") for n in range(4 * words)])
    assert len(result.examples) == examples and result.faces == 4 * words


def photo(name, content):
    file = SimpleNamespace(read=lambda: content)
    message = {"which": None, "boxes": (), "fallback": False}
    item = object.__new__(PhotoRecord)
    for key, value in {
        "identity": name,
        "split": "train",
        "emotion": 3,
        "word": "기쁨",
        "file": file,
        **message,
    }.items():
        object.__setattr__(item, key, value)
    return item


def test_photos_show_their_first_faces_and_broken_ones_are_named():
    def extract(content, _wanted):
        if content == b"broken":
            raise UnreadableImageError("no picture")
        return SimpleNamespace(faces=[SimpleNamespace(pixels=np.full((2, 2), n, np.uint8)) for n in range(content[0])])

    worker = SimpleNamespace(extract=extract)
    result = looked([photo("a.jpg", b"\x01"), photo("b.jpg", b"broken"), photo("c.jpg", b"\x05")], worker)
    assert (result.photos, result.faces, result.problems, result.faults) == (3, 0, 1, 0)
    assert [(item.where, item.why) for item in result.listed] == [("b.jpg", "no picture")]
    assert [example.gray[0] for example in result.examples] == [0, 0, 1, 2], "at most three of a photo"


@pytest.mark.parametrize(("count", "listed"), [(0, 0), (199, 199), (200, 200), (201, 200)])
def test_problems_are_listed_while_there_is_room(count, listed):
    result = Preview()
    for number in range(count):
        result.note(Notice(f"row {number}", "told"))
    assert (result.problems, len(result.listed)) == (count, listed)


@pytest.fixture
def people(store):
    """Two women and a man of two decades, one of them on two faces, one rejected; one of whom nothing is known."""
    ids = fill(store, "D", [3, 3, 5, 3, None])
    known = [("A", "female", 20), ("A", "female", 20), ("B", "female", 30), ("C", "male", 30), (None, None, None)]
    with store.database.writing() as session:
        for number, (subject, gender, age) in zip(ids, known, strict=True):
            values = {"subject": subject, "gender": gender, "age": age, "source_word": "기쁨" if age == 20 else "w"}
            session.execute(update(Face).where(Face.id == number).values(**values))
    decide(store, "Kim", ids[3], reason="blurred")
    return store, ids


def test_the_portrait_of_a_dataset(people):
    store, _ = people
    [summary] = catalogue.summaries(store)
    result = statistics.describe(store, summary)
    assert result.persons == 3
    assert result.genders == {"female": 3, "male": 1, None: 1}
    assert result.ages == {20: 2, 30: 2, None: 1}
    assert result.words[0] == ("기쁨", 3, 2)
    assert sorted(result.words[1:], key=str) == [("w", 5, 1), ("w", None, 1)], "a rejected face says nothing"


def test_examples_of_each_emotion(people, monkeypatch):
    store, ids = people
    [summary] = catalogue.summaries(store)
    result = statistics.examples(store, summary)
    assert {emotion: sorted(faces) for emotion, faces in result.items()} == {3: ids[:2], 5: [ids[2]], None: [ids[4]]}
    monkeypatch.setattr(statistics, "EXAMPLES", 1)
    assert {emotion: len(faces) for emotion, faces in statistics.examples(store, summary).items()} == {
        3: 1,
        5: 1,
        None: 1,
    }


def test_a_dataset_as_json(people):
    store, _ = people
    [summary] = catalogue.summaries(store)
    printed = catalogue.as_json(summary)
    counts = printed.pop("counts")
    assert printed == {
        **{"name": "D", "source": "folder", "faces": 5, "reviewed": 1},
        **{"rejected": 1, "unlabelled": 1, "unsure": 0, "disputed": 0},
        "rejected_in": {"train": 1, "validation": 0, "test": 0},
        "unlabelled_in": {"train": 1, "validation": 0, "test": 0},
        "unsure_in": {"train": 0, "validation": 0, "test": 0},
        "disputed_in": {"train": 0, "validation": 0, "test": 0},
        "population": None,
    }
    assert {split: {name: n for name, n in row.items() if n} for split, row in counts.items() if any(row.values())} == {
        "train": {"Happy": 2, "Sad": 1}
    }
