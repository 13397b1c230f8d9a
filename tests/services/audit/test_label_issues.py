"""Label issues of a dataset by each method."""

import numpy as np
import pytest

from fercore.curation import out_of_fold
from fercore.drawing.faces import dataset as drawn
from fercore.emotions import EMOTIONS
from fercore.errors import InputError, NotFoundError
from fercore.faces.pixels import pixel_hash
from fercore.services.audit import label_issues
from fercore.services.audit.methods import Method
from fercore.services.comparison import foreign_models
from fercore.services.training import snapshots
from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace
from fercore.store.tables import Face
from fercore.training.loop import dynamics
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, run


@pytest.fixture
def mislabelled(lite):
    """A dataset "D" of 210 drawn faces, 60 of them in test; every seventh one's label is the next emotion."""
    pixels, labels = drawn("west", 30, 0)
    shuffled = np.random.default_rng(0).permutation(len(labels))
    new, wrong = [], set()
    for number, place in enumerate(shuffled.tolist()):
        emotion = (int(labels[place]) + (number % 7 == 0)) % 7
        name = f"{number}"
        wrong |= {pixel_hash(pixels[place])} if number % 7 == 0 else set()
        new.append(
            NewFace(
                identity=name,
                split="test" if number < 60 else "train",
                emotion=emotion,
                word="",
                pixel_hash=pixel_hash(pixels[place]),
                gray=pixels[place],
            )
        )
    with lite.database.writing() as session:
        begun = datasets.begin_import(session, "D", "folder", "x")
        faces.add(session, begun.dataset_id, begun.id, new)
    return lite, wrong


@pytest.mark.parametrize(("split", "count"), [(None, 210), ("test", 60), ("train", 150), ("validation", 0)])
def test_wrong_labels_come_first(mislabelled, split, count):
    store, wrong = mislabelled
    steps = []
    found = label_issues.audit(store, "D", split=split, progress=lambda *step: steps.append(step))
    assert (
        len(found.findings) == count
        and found.left_out == 0
        and {each.split for each in found.findings}
        <= {
            split or "test",
            split or "train",
        }
    )
    if count:
        planted = [each.pixels in wrong for each in found.findings]
        first = planted[: sum(planted)]
        assert sum(first) / len(first) > 3 * sum(planted) / count
        assert all(each.suggested in set(EMOTIONS) - {each.label} for each in found.findings)
        assert found.issues == sum(each.is_issue for each in found.findings) > 0
    assert steps[0] == (210, 210, "Measuring faces") and steps[-1] == (9, 9, "Cross-validating")


def test_by_a_run_that_has_not_seen_them(store):
    """Of four test faces one is a copy of a training face, and one was read as another emotion."""
    fill(store, "D", [HAPPY, SAD])
    fill(store, "D", [HAPPY, HAPPY, SAD], "test", 50)
    fill(store, "D", [SAD], "test", 1)  # the second training face
    snapshots.freeze(store, "S", ["D"])
    number = run(store)
    evaluate(store, number, "D", "test", [HAPPY, SAD, SAD, SAD])
    found = label_issues.audit(store, "D", Method.RUN, number)
    assert (found.findings[0].label, found.findings[0].suggested) == ("Happy", "Sad")
    assert len(found.findings) == 3 and found.left_out == 3
    assert found.findings[0].score == pytest.approx(0.7 / 0.75), "0.7 for another emotion, 0.05 for the label"
    assert found.findings[-1].score == pytest.approx(0.05 / 0.75)


def test_by_the_dynamics_of_a_training(store):
    ids = fill(store, "D", [HAPPY, SAD, SAD])
    fill(store, "D 2", [HAPPY], start=80)
    snapshots.freeze(store, "S", ["D"])
    number = run(store)
    with store.database.writing() as session:
        session.get_one(Face, ids[2]).emotion = HAPPY  # relabelled since
    epochs = [np.array([[0.9, 0.8], [0.2, -0.6], [0.1, -0.8]], np.float16)]
    dynamics.write(store.run_folder(number), epochs, np.array(ids))
    found = label_issues.audit(store, "D", Method.DYNAMICS, number)
    assert [(each.face, each.is_issue, each.suggested) for each in found.findings] == [
        (ids[1], True, None),
        (ids[0], False, None),
    ]
    assert found.left_out == 1
    with pytest.raises(InputError, match="learned no face here"):
        label_issues.audit(store, "D 2", Method.DYNAMICS, number)


@pytest.mark.parametrize(
    ("method", "number", "sentence"),
    [
        (Method.RUN, None, "A run is named"),
        (Method.FEATURES, 1, "A run is named"),
        (Method.RUN, 1, "evaluate it first"),
        (Method.DYNAMICS, 1, "has no training dynamics"),
    ],
)
def test_what_cannot_be_audited_says_why(lite, method, number, sentence):
    fill(lite, "D", [HAPPY, SAD])
    snapshots.freeze(lite, "S", ["D"])
    run(lite)
    with pytest.raises(InputError, match=sentence):
        label_issues.audit(lite, "D", method, number)


def test_small_and_unknown_datasets(lite):
    fill(lite, "empty of labels", [None, None])
    fill(lite, "two", [HAPPY, SAD])
    with pytest.raises(InputError, match="No face here has a label"):
        label_issues.audit(lite, "empty of labels")
    with pytest.raises(InputError, match="in 3 parts"):
        label_issues.audit(lite, "two")
    with pytest.raises(NotFoundError):
        label_issues.audit(lite, "nothing")


def test_a_model_from_elsewhere_may_have_learned_the_faces(lite, tmp_path):
    ids = fill(lite, "D", [HAPPY, SAD, SAD], "test")
    file = tmp_path / "deepface.csv"
    file.write_text("face,prediction\n" + "".join(f"{face},happy\n" for face in ids))
    imported = foreign_models.import_predictions(lite, file, "DeepFace", "D", "test")
    found = label_issues.audit(lite, "D", Method.RUN, imported.run)
    assert found.may_be_learned and label_issues.as_json(found)["may_be_learned"]
    assert {each.face for each in found.findings[:2]} == set(ids[1:])


def test_a_large_dataset_is_measured_in_parts(mislabelled, monkeypatch):
    store, _ = mislabelled
    whole = label_issues.audit(store, "D")
    monkeypatch.setattr(out_of_fold, "WHOLE", 100)
    parts = label_issues.audit(store, "D")
    assert [each.face for each in parts.findings] == [each.face for each in whole.findings]


@pytest.mark.parametrize("emotions", [[HAPPY] * 8, [HAPPY] * 7 + [SAD]])
def test_a_dataset_of_one_emotion(lite, emotions):
    fill(lite, "D", emotions)
    found = label_issues.audit(lite, "D")
    assert len(found.findings) == 8 and found.issues <= 1
