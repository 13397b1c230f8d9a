"""Explanations of readers whose reasons are known, and of a trained network on real faces."""

import numpy as np
import pytest

from fercore.prediction import explanation
from fercore.prediction.explanation import MASKS, STEPS
from fercore.prediction.face_parts import FacePart, area, foremost

FACE = np.random.default_rng(0).integers(0, 256, (48, 48)).astype(np.uint8)


def looking_at(part, emotion=3):
    """A reader to whom an emotion is the more probable, the more contrast a part has; it counts its batches."""
    batches = []

    def reader(faces):
        batches.append(len(faces))
        contrast = np.array([face[area(part)].std() for face in faces]) / 128
        shares = np.repeat((1 - contrast)[:, None] / 6, 7, axis=1)
        shares[:, emotion] = contrast
        return shares.astype(np.float32)

    reader.batches = batches
    return reader


@pytest.mark.parametrize("part", FacePart)
def test_the_part_that_matters_is_found(part):
    reader = looking_at(part)
    result = explanation.explained(reader, FACE)
    assert reader.batches == [MASKS + 1], "one batch"
    assert foremost(result.maps[3])[0] == part
    assert result.maps.shape == (7, 48, 48) and result.probabilities.shape == (7,)
    assert part not in foremost(result.maps[4]), "it speaks against any other emotion"


def test_nothing_is_found_where_nothing_matters():
    result = explanation.explained(lambda faces: np.full((len(faces), 7), 1 / 7, np.float32), FACE)
    assert np.abs(result.maps).max() < 1e-6 and foremost(result.maps[0]) == ()


def test_equal_faces_have_equal_explanations():
    first, second = (explanation.explained(looking_at(FacePart.MOUTH), FACE) for _ in range(2))
    np.testing.assert_array_equal(first.maps, second.maps)


def test_the_face_vanishes_and_appears():
    reader = looking_at(FacePart.EYES)
    importance = explanation.explained(reader, FACE).maps[3]
    curves = explanation.curves(reader, FACE, importance, 3)
    assert len(curves.deletion) == len(curves.insertion) == STEPS + 1
    whole, blurred = curves.deletion[0], curves.deletion[-1]
    assert curves.insertion[0] == blurred and curves.insertion[-1] == whole > blurred
    assert curves.deletion[3] < curves.insertion[-4], "what matters goes first and comes first"
    assert curves.deletion.mean() < curves.insertion.mean()


@pytest.mark.parametrize(("share", "pixels"), [(0, 0), (0.1, 230), (1, 2304)])
def test_the_marked_part_has_its_share(share, pixels):
    part = explanation.marked(np.arange(2304, dtype=np.float32).reshape(48, 48), share)
    assert part.sum() == pixels and part.reshape(-1)[2304 - pixels :].all()


def test_what_is_hidden_is_blurred_and_the_rest_as_it_was():
    part = area(FacePart.MOUTH)
    face = explanation.hidden(FACE, part)
    assert face[part].std() < FACE[part].std() / 3
    np.testing.assert_array_equal(face[~part], FACE[~part])


def test_every_pixel_belongs_to_one_part():
    assert (np.sum([area(part) for part in FacePart], axis=0) == 1).all()
