"""Weights of faces: given, frozen, compared, exported and handed to a training."""

import numpy as np
import pyarrow.parquet as pq
import pytest

from fercore.errors import InputError, NotFoundError, UnreadableSourceError
from fercore.services.datasets import exports
from fercore.services.datasets.exports import ExportKind, ExportRequest
from fercore.services.training import face_weights, preflight, snapshots, worker
from fercore.services.training.runs import TrainRequest
from fercore.store.tables import Face
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill
from tests.services.review.votes import say
from tests.store.review.test_decisions import decide

HAPPY, SAD = 3, 5
WEIGHTED = MODERN.model_copy(update={"name": "weighted", "face_weights": True})


def weights(store, ids):
    with store.database.reading() as session:
        return [session.get_one(Face, face).weight for face in ids]


@pytest.fixture
def filled(store):
    return fill(store, "D", [HAPPY, SAD, HAPPY, SAD])


def test_by_hand_and_cleared(store, filled):
    summary = face_weights.from_hand(store, "D", {filled[0]: 0.5, filled[1]: 1, filled[2]: 0})
    assert weights(store, filled) == [0.5, None, 0, None]
    assert (summary.faces, summary.weighted, summary.lowest, summary.highest) == (4, 2, 0, 1)
    summary = face_weights.from_hand(store, "D", dict.fromkeys(filled[2:], 2.0), fresh=True)
    assert weights(store, filled) == [None, None, 2, 2] and (summary.lowest, summary.highest) == (1, 2)
    assert face_weights.clear(store, "D").weighted == 0 and weights(store, filled) == [None] * 4


@pytest.mark.parametrize(("weight", "sentence"), [(-0.1, "is -0.1"), (10.5, "is 10.5"), (float("nan"), "is nan")])
def test_a_weight_beyond_the_bounds_changes_nothing(store, filled, weight, sentence):
    with pytest.raises(InputError, match=f"The weight {sentence}: give a number from 0 to 10"):
        face_weights.from_hand(store, "D", {filled[0]: 0.5, filled[1]: weight})
    other = fill(store, "E", [HAPPY], start=50)
    with pytest.raises(InputError, match=f"'D' has no face {other[0]}"):
        face_weights.from_hand(store, "D", {filled[0]: 0.5, other[0]: 1})
    assert weights(store, filled) == [None] * 4


def test_from_votes(store, filled):
    """Two of three say Happy, all say Sad, one vote alone, and a rejection beside a confirmation."""
    for who, emotion in (("a", HAPPY), ("b", SAD), ("c", HAPPY)):
        say(store, who, filled[:1], emotion)
        say(store, who, filled[1:2], SAD)
    say(store, "a", filled[2:3], HAPPY)
    decide(store, "a", filled[3], reason="blurred")
    say(store, "b", filled[3:], SAD)
    summary = face_weights.from_votes(store, "D")
    assert weights(store, filled) == [0.6667, None, None, 0.5] and summary.weighted == 2


def test_from_labels(store, monkeypatch):
    """Issues get the probability of their label; the decided one and the sure ones count 1."""
    from fercore.services.audit.label_issues import LabelAudit, LabelFinding, Method

    ids = fill(store, "D", [HAPPY, SAD, HAPPY, SAD])
    decide(store, "a", ids[1], emotion=SAD)
    rows = [(ids[0], 0.9, True), (ids[1], 0.8, True), (ids[2], 0.6, False)]
    findings = tuple(LabelFinding(face, "", "train", "Happy", None, score, issue) for face, score, issue in rows)
    monkeypatch.setattr(
        "fercore.services.audit.label_issues.audit",
        lambda *_, **__: LabelAudit("D", Method.FEATURES, None, findings, 0),
    )
    face_weights.from_hand(store, "D", {ids[2]: 3, ids[3]: 4})
    face_weights.from_labels(store, "D")
    assert weights(store, ids) == [0.1, None, None, 4]


def test_from_a_file_by_number_and_by_pixels(store, filled, tmp_path):
    file = tmp_path / "w.csv"
    file.write_text(f"weight,face\n0.25,{filled[0]}\n2,{filled[3]}\n")
    face_weights.from_file(store, "D", file)
    assert weights(store, filled) == [0.25, None, None, 2]
    with store.database.reading() as session:
        digest = session.get_one(Face, filled[1]).pixel_hash
    copies = fill(store, "D", [HAPPY], "test", start=1)  # the same pixels
    file.write_text(f"\ufeffPixels,emotion,Weight\n{digest.upper()},sad,0\n", encoding="utf-8")
    face_weights.from_file(store, "D", file, fresh=True)
    assert weights(store, filled + copies) == [None, 0, None, None, 0]


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("face,weight\n{0},0.5\n{1},11\n", InputError, "'w.csv', line 3: The weight is 11"),
        ("face,weight\n{0},heavy\n", InputError, "line 2: expected a face and a number"),
        ("face,weight\nfirst,1\n", InputError, "line 2: expected a face and a number"),
        ("face,weight\n{0},\n", InputError, "line 2: expected a face and a number"),
        ("face,weight\n{0}\n", InputError, "line 2: expected a face and a number"),
        ("face,weight\n{0},0.5\n99999,1\n", InputError, "line 3: 'D' does not have this face"),
        ("pixels,weight\nabc,1\n", InputError, "line 2: 'D' does not have this face"),
        ("name,weight\n1,1\n", UnreadableSourceError, "expected the columns face or pixels, and weight"),
        ("", UnreadableSourceError, "expected the columns"),
        (b"face,weight\n\xff\xfe,1\n", UnreadableSourceError, "not a CSV in UTF-8"),
    ],
)
def test_a_file_with_a_fault_changes_nothing(store, filled, tmp_path, text, error, sentence):
    file = tmp_path / "w.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.format(*filled).encode())
    with pytest.raises(error, match=sentence):
        face_weights.from_file(store, "D", file)
    assert weights(store, filled) == [None] * 4


def test_names_and_files_that_are_not_there(lite, tmp_path):
    fill(lite, "D", [HAPPY])
    for ask in (face_weights.summary, face_weights.clear, face_weights.from_votes, face_weights.from_labels):
        with pytest.raises(NotFoundError):
            ask(lite, "nothing")
    with pytest.raises(UnreadableSourceError, match=r"'no.csv' cannot be read"):
        face_weights.from_file(lite, "D", tmp_path / "no.csv")


def test_frozen_with_the_snapshot_and_in_its_hash(store, filled):
    plain = snapshots.freeze(store, "plain", ["D"])
    face_weights.from_hand(store, "D", {filled[0]: 1.0})
    assert snapshots.freeze(store, "ones", ["D"]).hash == plain.hash
    face_weights.from_hand(store, "D", {filled[0]: 0.5, filled[1]: 2})
    weighted = snapshots.freeze(store, "weighted", ["D"])
    face_weights.clear(store, "D")
    assert weighted.hash != plain.hash == snapshots.freeze(store, "cleared", ["D"]).hash
    assert snapshots.difference(store, "plain", "weighted")["reweighted"] == 2
    assert snapshots.difference(store, "plain", "cleared")["reweighted"] == 0
    assert snapshots.changed(store, "weighted", "cleared") == {("weight", None, None): filled[:2]}


def test_a_recipe_that_says_so_gets_the_frozen_weights(store, filled):
    face_weights.from_hand(store, "D", {filled[1]: 0.5})
    frozen = snapshots.freeze(store, "S", ["D"])
    face_weights.clear(store, "D")
    np.testing.assert_array_equal(worker._faces(store, frozen.id, "train", WEIGHTED).weights, [1, 0.5, 1, 1])
    assert worker._faces(store, frozen.id, "train", MODERN).weights is None


@pytest.mark.parametrize(
    ("weight", "recipe", "cautioned"), [(0.5, WEIGHTED, False), (1, WEIGHTED, True), (1, MODERN, False)]
)
def test_a_recipe_that_uses_weights_where_there_are_none_is_told(store, filled, weight, recipe, cautioned):
    face_weights.from_hand(store, "D", {filled[1]: weight})
    snapshots.freeze(store, "S", ["D"])
    kinds = {caution.kind for caution in preflight.cautions(store, TrainRequest("S", "VGG16", recipe, "none"))}
    assert ("no face weights" in kinds) == cautioned


def test_exports_carry_weights_and_know_when_they_changed(store, filled, tmp_path):
    before = exports.mark(store, ExportKind.DATASET, "D")
    face_weights.from_hand(store, "D", {filled[1]: 0.5})
    assert exports.mark(store, ExportKind.DATASET, "D") != before
    snapshots.freeze(store, "S", ["D"])
    face_weights.from_hand(store, "D", {filled[1]: 3, filled[2]: 2})
    for kind, name, expected in (("dataset", "D", [None, 3, 2, None]), ("snapshot", "S", [None, 0.5, None, None])):
        file = tmp_path / f"{kind}.parquet"
        exports.export(store, ExportRequest(ExportKind(kind), name, "parquet", file))
        assert pq.read_table(file)["weight"].to_pylist() == expected
