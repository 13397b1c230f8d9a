"""The job that maps faces: made once, kept by its content, and gone with its datasets."""

import numpy as np
import pytest

from fercore.curation import embedding_map
from fercore.errors import Cancelled, InputError, NotFoundError
from fercore.services.audit import face_map, map_view
from fercore.services.audit.face_map import MapChoice
from fercore.services.datasets import catalogue, erasure
from fercore.services.jobs import KINDS
from fercore.services.system import backup
from fercore.services.training import snapshots
from fercore.store.audit import map_files
from fercore.store.tables import Face
from tests.conftest import fill
from tests.services.comparison.conftest import run

CHOICE = MapChoice(("D", "E"))


@pytest.fixture
def two(lite):
    """Twelve faces in D, one of them rejected, and four in E."""
    ids = fill(lite, "D", [number % 7 for number in range(12)]) + fill(lite, "E", [1, 2, 3, None], "test", 50)
    with lite.database.writing() as session:
        session.get_one(Face, ids[4]).state = "rejected"
    return lite, ids


def test_a_map_is_made_once(two, monkeypatch):
    store, ids = two
    steps = []
    made = face_map.make(store, CHOICE, lambda *step: steps.append(step))
    assert (made.faces, made.was_there) == (15, False)
    assert {message for *_, message in steps} == {"Reading faces", "Measuring faces", "Arranging faces"}
    known = map_files.read(store.maps, made.hash)
    assert known.ids.tolist() == [face for face in ids if face != ids[4]], "rejected faces are left out"
    assert np.abs(known.points).max() == 1
    monkeypatch.setattr(embedding_map, "fit", None)
    assert face_map.make(store, MapChoice(("E", "D"))) == face_map.MadeMap(made.hash, 15, True)


@pytest.mark.parametrize(
    "change", ["seed", "a rejected face", "other pixels", "the version"], ids=lambda name: name.replace(" ", "-")
)
def test_another_content_is_another_map(two, monkeypatch, change):
    store, ids = two
    monkeypatch.setattr(face_map, "_points", lambda store, origin, mapped, _: np.zeros((len(mapped), 2), np.float32))
    before = face_map.make(store, CHOICE).hash
    choice = CHOICE
    with store.database.writing() as session:
        face = session.get_one(Face, ids[0])
        if change == "a rejected face":
            face.state = "rejected"
        elif change == "other pixels":
            face.pixel_hash = "ab" * 32
    if change == "seed":
        choice = MapChoice(CHOICE.datasets, seed=1)
    elif change == "the version":
        monkeypatch.setattr(face_map, "VERSION", 99)
    after = face_map.make(store, choice)
    assert after.hash != before and not after.was_there


def test_many_faces_are_placed_beside_the_fitted_ones(two, monkeypatch):
    store, _ = two
    monkeypatch.setattr(embedding_map, "MOST_FITTED", 11)
    steps = []
    made = face_map.make(store, CHOICE, lambda *step: steps.append(step))
    assert "Placing the other faces" in {message for *_, message in steps}
    known = map_files.read(store.maps, made.hash)
    assert known.points.shape == (15, 2) and np.isfinite(known.points).all()
    fitted = embedding_map.drawn(15, 0, 11)
    low, high = known.points[fitted].min(axis=0), known.points[fitted].max(axis=0)
    assert ((known.points >= low) & (known.points <= high)).all(), "none lies outside of the fitted faces"


def test_a_run_describes_faces_by_its_last_but_one_layer(two, monkeypatch):
    store, _ = two
    asked = []

    def layer(_store, run, _progress):
        asked.append(run)
        return lambda pixels: pixels.reshape(len(pixels), -1)[:, :40].astype(np.float32)

    monkeypatch.setattr(face_map, "_description", layer)
    monkeypatch.setattr(face_map, "origin_of", lambda store, choice: map_files.MapOrigin((1, 2), choice.run, 0))
    made = face_map.make(store, MapChoice(("D", "E"), run=7))
    assert asked == [7] and map_files.read(store.maps, made.hash).origin.run == 7
    assert made.hash != face_map.make(store, CHOICE).hash


@pytest.mark.slow
def test_a_trained_run_makes_a_map_of_its_own(two):
    import keras

    store, ids = two
    snapshots.freeze(store, "S", ["D"])
    number = run(store)
    faces = keras.Input((48, 48), name="faces")
    layer = keras.layers.Dense(6, activation="relu")(keras.layers.Flatten()(faces))
    keras.Model(faces, keras.layers.Dense(7, activation="softmax")(layer)).save(
        store.run_folder(number) / "model.keras"
    )
    made = face_map.make(store, MapChoice(("D", "E"), run=number))
    known = map_files.read(store.maps, made.hash)
    assert known.origin.run == number and len(known.ids) == len(ids) - 1 and np.ptp(known.points) > 0


@pytest.mark.parametrize(
    ("choice", "error", "words"),
    [
        pytest.param(MapChoice(()), InputError, "Choose a dataset", id="no dataset"),
        pytest.param(MapChoice(("Z",)), NotFoundError, "'Z'", id="unknown dataset"),
        pytest.param(MapChoice(("D",), run=9), NotFoundError, "9", id="unknown run"),
        pytest.param(MapChoice(("E",)), InputError, "There are 4 faces to map", id="too few faces"),
    ],
)
def test_refusals(two, choice, error, words):
    with pytest.raises(error, match=words):
        face_map.make(two[0], choice)


def test_the_job_gives_its_map_and_can_be_cancelled(two):
    store, _ = two
    kind = KINDS["map"]
    arguments = kind.arguments(face_map.request(CHOICE))
    result = kind.work(store, arguments, lambda *_: None)
    assert map_files.path_of(store.maps, result["map"]).is_file() and result["faces"] == 15
    assert kind.summary(result) == "15 faces are on the map."

    def stop(_done, _total, message):
        if message == "Arranging faces":
            raise Cancelled

    with pytest.raises(Cancelled):
        face_map.make(store, MapChoice(("D",), seed=5), stop)
    assert map_view.opened(store, MapChoice(("D",), seed=5)) is None


def test_maps_go_with_their_datasets_and_into_no_backup(two, tmp_path):
    store, _ = two
    made = face_map.make(store, CHOICE)
    assert store.maps not in backup.folders(store).values()
    catalogue.remove(store, "E")
    assert not map_files.path_of(store.maps, made.hash).exists()


def test_a_person_who_is_deleted_is_on_no_map(two):
    store, ids = two
    made = face_map.make(store, CHOICE)
    with store.database.writing() as session:
        session.get_one(Face, ids[2]).subject = "p1"
    erasure.purge(store, "p1")
    assert map_files.read(store.maps, made.hash).ids.tolist() == [face for face in ids if face not in (ids[2], ids[4])]
