"""Labels doubted by a cross-validated backbone: each face is read by a network that has not learned it."""

import numpy as np
import pytest

from fercore.curation.checks import Check
from fercore.drawing.faces import dataset as drawn
from fercore.emotions import EMOTIONS
from fercore.errors import Cancelled, InputError
from fercore.services.audit import audit_request, cross_validation, dataset_audit, label_issues
from fercore.services.audit.cross_validation import CrossValidation
from fercore.services.audit.methods import Method
from fercore.training.data.faces import TrainingFaces
from fercore.training.models.backbones import SMALL_RESNET
from fercore.training.recipes.recipe import MODERN
from tests.curation.duplicates.pictures import gray, pictures
from tests.services.audit.planted import put
from tests.services.review.votes import say

PLAN = CrossValidation("MobileNetV2", MODERN, epochs=1)
REAL = CrossValidation(SMALL_RESNET, MODERN, epochs=1)  # begins to train soonest


@pytest.fixture
def store(lite):
    """One database is enough here: tests/store/audit tries both."""
    return lite


@pytest.fixture
def told(monkeypatch):
    """In the place of a training: each face gets the emotion of its first pixel; keeps what was learned. Networks on
    visual words say nothing."""
    learned = []

    def said(plan, faces, held, folder, heard):
        learned.append((faces.pixels[~held], faces.pixels[held]))
        heard.batch(1, 1)
        shares = np.full((int(held.sum()), 7), 0.02)
        shares[np.arange(len(shares)), faces.pixels[held][:, 0, 0] % 7] = 0.88
        return shares.astype(np.float32)

    monkeypatch.setattr(cross_validation, "_said", said)
    monkeypatch.setattr(label_issues, "_by_words", lambda _store, ids, *_: np.full((len(ids), 7), 1 / 7))
    return learned


def faces_of(labels, wrong=()):
    """Noise faces whose first pixel is their emotion; those at the places in `wrong` are labelled as the next one."""
    pixels = np.random.default_rng(0).integers(0, 256, (len(labels), 48, 48), np.uint8)
    pixels[:, 0, 0] = labels
    return pixels, [(label + (at in wrong)) % 7 for at, label in enumerate(labels)]


def test_no_network_has_learned_the_faces_that_it_reads(store, told):
    pixels, labels = faces_of([at % 7 for at in range(60)], wrong={3, 30})
    put(store, "D", pixels, labels=labels, subjects=[str(at // 3) for at in range(60)])
    steps = []
    found = label_issues.audit(store, "D", Method.CROSSVAL, PLAN, progress=lambda *step: steps.append(step))
    assert {finding.face for finding in found.findings[:2]} == {4, 31}
    assert {finding.suggested for finding in found.findings[:2]} == {EMOTIONS[3], EMOTIONS[30 % 7]}
    assert len(told) == 3 and steps[-1][:2] == (3, 3)
    for learned, held in told:
        assert not {each.tobytes() for each in learned} & {each.tobytes() for each in held}


def test_networks_on_visual_words_are_asked_as_well(store, told, monkeypatch):
    pixels, labels = faces_of([at % 7 for at in range(60)])
    put(store, "D", pixels, labels=labels)
    by_words = np.full((60, 7), 0.1)
    by_words[:, 2] = 0.4
    monkeypatch.setattr(label_issues, "_by_words", lambda *_: by_words)
    seen = []
    by_probabilities = label_issues.label_issues.by_probabilities
    monkeypatch.setattr(
        label_issues.label_issues, "by_probabilities", lambda *given: seen.append(given[1]) or by_probabilities(*given)
    )
    label_issues.audit(store, "D", Method.CROSSVAL, PLAN)
    np.testing.assert_allclose(seen[0][:2, :4], [[0.49, 0.06, 0.21, 0.06], [0.06, 0.49, 0.21, 0.06]], atol=1e-6)


def test_altered_copies_stay_in_one_fold_once_an_audit_has_found_them(store, told):
    faces = pictures(30)
    brighter = [gray(face + 15.0) for face in faces]
    put(store, "D", [*faces, *brighter], labels=[at % 7 for at in range(30)] * 2)

    def apart():
        told.clear()
        label_issues.audit(store, "D", Method.CROSSVAL, PLAN)
        names = {face.tobytes(): at % 30 for at, face in enumerate([*faces, *brighter])}
        return sum(len({names[each.tobytes()] for each in learned} & {names[each.tobytes()] for each in held})
                   for learned, held in told)  # fmt: skip

    assert apart() > 0
    dataset_audit.audit(store, audit_request.request(["D"], (Check.DUPLICATES,)))
    assert apart() == 0


def test_what_was_stopped_goes_on_with_the_folds_that_lack(store, told, monkeypatch):
    pixels, labels = faces_of([at % 7 for at in range(30)])
    put(store, "D", pixels, labels=labels)

    def stop(done, total, message=""):
        if len(told) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        label_issues.audit(store, "D", Method.CROSSVAL, PLAN, progress=stop)
    assert len(told) == 2
    assert len(label_issues.audit(store, "D", Method.CROSSVAL, PLAN).findings) == 30
    assert len(told) == 4, "the second fold was stopped before it was kept, the first was not made again"
    assert not any((store.settings.data_dir / "audits").iterdir())


@pytest.mark.parametrize(
    ("method", "source"),
    [
        (Method.CROSSVAL, None),
        (Method.CROSSVAL, 1),
        (Method.FEATURES, PLAN),
        (Method.RUN, PLAN),
        (Method.DYNAMICS, None),
    ],
)
def test_a_source_that_does_not_fit(store, method, source):
    put(store, "D", drawn("west", 1, 0)[0])
    with pytest.raises(InputError):
        label_issues.audit(store, "D", method, source)


@pytest.mark.thorough
def test_a_real_network_reads_the_faces_that_are_held_out(tmp_path):
    pixels, labels = drawn("west", 6, 0)
    held = np.arange(42) % 3 == 0
    heard = cross_validation._Heard(REAL, 1, lambda *step: steps.append(step))
    steps = []
    said = cross_validation._said(REAL, TrainingFaces(pixels, labels), held, tmp_path / "fold", heard)
    assert said.shape == (14, 7) and np.allclose(said.sum(1), 1, atol=1e-4)
    assert steps[-1][2] == "Fold 2 of 3, SmallResNet" and steps[-1][0] / steps[-1][1] == pytest.approx(2 / 3)


def test_faces_that_several_people_voted_on_are_judged_by_them_too(store, told):
    pixels, labels = faces_of([at % 7 for at in range(70)])
    ids = put(store, "D", pixels, labels=labels)
    for who in ("Kim", "Lee", "Park"):
        for face, label in zip(ids[:40], labels, strict=False):
            say(store, who, [face], emotion=label)
    doubted = ids[50]
    for who in ("Kim", "Lee"):
        say(store, who, [doubted], emotion=(labels[50] + 1) % 7)
    found = label_issues.audit(store, "D", Method.CROSSVAL, PLAN)
    by_face = {finding.face: finding for finding in found.findings}
    assert not any(by_face[face].is_issue for face in ids[:40])
    assert by_face[doubted].score > max(by_face[face].score for face in ids[:40])
