"""Bias and shortcuts in datasets."""

import numpy as np
import pytest

from fercore.curation.shortcuts import Measure
from fercore.curation.votes import FaceState
from fercore.drawing.faces import dataset as drawn
from fercore.drawing.styles import Style
from fercore.errors import InputError, NotFoundError
from fercore.evaluation.association import PValueOrigin
from fercore.services.audit import bias
from fercore.services.audit.bias import Property
from fercore.store.tables import Face
from tests.services.audit.planted import put

HAPPY, SAD = 3, 5


def person(store, ids, genders, ages):
    with store.database.writing() as session:
        for face, gender, age in zip(ids, genders, ages, strict=True):
            row = session.get_one(Face, face)
            row.gender, row.age = gender, age


@pytest.fixture
def biased(store):
    """ "A" with happy women and sad men, sad faces darker; "B" is East Asian, all of it bright."""
    random = np.random.default_rng(0)
    west, east = drawn(Style.WEST, 18, 0)[0], drawn(Style.EAST, 18, 1)[0]
    labels = [HAPPY, SAD] * 63
    dark = [face // 3 if label == SAD else face for face, label in zip(west, labels, strict=True)]
    women = [("female" if label == HAPPY else "male") if random.random() < 0.8 else "female" for label in labels]
    person(store, put(store, "A", dark, labels=labels), women, [20, 30, None] * 42)
    put(store, "B", np.minimum(east, 205) + 50, labels=labels)
    return store


def test_what_goes_together_is_found(biased):
    steps = []
    audit = bias.audit(biased, ["A", "B"], lambda *step: steps.append(step))
    found = {(each.dataset, each.first, each.second) for each in audit.associations if each.is_finding}
    assert found == {("A", Property.EMOTION, Property.GENDER)}
    first = audit.associations[0]
    assert first.v > 0.6 and first.test == PValueOrigin.CHI_SQUARED and first.faces == 126
    assert {first.strongest.first, first.strongest.second} <= {"Happy", "Sad", "female", "male"}
    assert first.adjusted == pytest.approx(first.p_value * len(audit.associations))
    assert {each.dataset for each in audit.associations} == {"A", None}, "B has but one split and no people"
    told = {(each.dataset, each.measure) for each in audit.shortcuts if each.is_finding}
    assert {("A", Measure.BRIGHTNESS), (None, Measure.BRIGHTNESS)} <= told
    assert not any(dataset == "B" and measure == Measure.BRIGHTNESS for dataset, measure in told)
    (shift,) = audit.shifts
    assert shift.datasets == ("A", "B") and shift.accuracy.low > 0.8
    assert audit.count == len(found) + len(told) and audit.checks == len(audit.associations) + 15
    assert [step[2] for step in steps] == ["Measuring faces", "Telling datasets apart", *["Looking for shortcuts"] * 3]


def test_ages_are_decades_and_rejected_faces_are_left_out(lite):
    ids = put(lite, "A", drawn(Style.WEST, 10, 0)[0], labels=[HAPPY, SAD] * 35)
    person(lite, ids, [None] * 70, [20, 30] * 35)
    with lite.database.writing() as session:
        session.get_one(Face, ids[0]).state = FaceState.REJECTED
    audit = bias.audit(lite, ["A"])
    (association,) = audit.associations
    assert (association.second, association.faces, association.v) == (Property.AGE, 69, pytest.approx(1, abs=0.02))
    assert association.strongest.second in ("20–29", "30–39")
    assert (audit.faces, audit.rejected, audit.shifts) == (69, 1, ())


def test_three_datasets_are_compared_by_two_as_well(lite):
    for seed, name in enumerate("ABC"):
        put(lite, name, drawn(Style.EAST if name == "C" else Style.WEST, 10, seed)[0])
    shifts = {each.datasets: each.accuracy for each in bias.audit(lite, ["A", "B", "C"]).shifts}
    assert set(shifts) == {("A", "B", "C"), ("A", "B"), ("A", "C"), ("B", "C")}
    assert shifts["A", "C"].low > 0.7 > shifts["A", "B"].value and shifts["A", "B", "C"].chance == pytest.approx(1 / 3)


@pytest.mark.parametrize("labels", [[], [HAPPY], [None, None, None], [HAPPY] * 12 + [SAD] * 9])
def test_little_to_look_at_gives_no_findings(lite, labels):
    put(lite, "A", drawn(Style.WEST, 3, 0)[0][: len(labels)], labels=labels or None)
    audit = bias.audit(lite, ["A"])
    assert (audit.faces, audit.count, audit.checks) == (len(labels), 0, 0)
    assert bias.as_json(audit)["associations"] == bias.as_json(audit)["shortcuts"] == []


def test_names_that_are_none(lite):
    with pytest.raises(InputError, match="Name a dataset"):
        bias.audit(lite, [])
    with pytest.raises(NotFoundError):
        bias.audit(lite, ["nothing"])
