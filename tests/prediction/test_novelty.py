"""Novelty: far from what was learned, on the scale of validation faces; read from files that know it."""

import numpy as np
import pytest
from onnx import helper

from fercore.errors import StoredDataError
from fercore.faces import remarks
from fercore.faces.remarks import QualityRemark
from fercore.prediction import novelty
from fercore.prediction.onnx import OnnxPredictor
from tests.prediction import onnx_models as models


def total(values):
    return values.sum(-1)


def features(count, seed, width=20, shift=0.0):
    """Correlated features of a few directions, and a little of all others."""
    random = np.random.default_rng(seed)
    few = random.normal(size=(count, 3)) * (5, 2, 1) @ np.random.default_rng(0).normal(size=(3, width))
    return (few + random.normal(0, 0.1, (count, width)) + shift).astype(np.float32)


def test_one_in_a_hundred_validation_faces_is_beyond_one():
    scale = novelty.fitted(features(400, 1), features(1000, 2))
    values = scale.of(features(1000, 2), total)
    assert (values > 1).mean() == pytest.approx(0.01, abs=0.001) and values.min() > 0
    assert (scale.of(features(1000, 3), total) > 1).mean() < 0.03
    assert (scale.of(features(100, 4, shift=1.0), total) > 1).all(), "what leaves the known directions is far"


def test_the_distance_is_that_of_the_whole_covariance():
    """With as many axes as directions, against the inverse of the covariance matrix."""
    learned, validation = features(500, 1, 6), features(200, 2, 6)
    scale = novelty.fitted(learned, validation)
    away = validation - learned.mean(0)
    exact = np.einsum("ni,ij,nj->n", away, np.linalg.inv(np.cov(learned.T.astype(np.float64))), away)
    np.testing.assert_allclose(scale.of(validation, total) * scale.limit, exact, rtol=0.02)


@pytest.mark.parametrize(("learned", "validation"), [(99, 500), (500, 99), (0, 0)])
def test_few_faces_give_no_scale(learned, validation):
    assert novelty.fitted(features(learned, 1), features(validation, 2)) is None


def test_features_that_are_the_same_of_all_faces_give_no_scale_and_nearly_so_a_finite_one():
    same = np.ones((200, 5), np.float32)
    assert novelty.fitted(same, same) is None
    same[0, 0] = 2
    assert np.isfinite(novelty.fitted(same, features(200, 1, 5)).of(features(10, 2, 5), total)).all()


def knowing(shape=("N",), name="novelty"):
    """A sound network that also says the mean gray of each face in hundreds."""
    whole = models.model()
    graph = whole.graph
    graph.node.extend(
        [
            helper.make_node("ReduceMean", ["row", "last"], ["gray"], keepdims=0),
            helper.make_node("Mul", ["gray", "hundredth"], [name]),
        ]
    )
    held = {"last": np.array([1], np.int64), "hundredth": np.array(0.01, np.float32)}
    graph.initializer.extend([models.tensor(each, values) for each, values in held.items()])
    graph.output.append(helper.make_tensor_value_info(name, models.FLOAT, list(shape)))
    return whole.SerializeToString()


def test_a_file_says_novelty_or_not():
    faces = np.stack([np.full((48, 48), value, np.uint8) for value in (0, 50, 200)])
    predictor = OnnxPredictor.of(knowing(), "m.onnx")
    np.testing.assert_allclose(predictor.novelty(faces), [0, 0.5, 2], atol=1e-5)
    assert predictor.novelty(faces[:0]).shape == (0,)
    assert OnnxPredictor.of(models.sound(), "m.onnx").novelty(faces) is None
    assert predictor.probabilities(faces).shape == (3, 7)


@pytest.mark.parametrize("wrong", [{"shape": ("N", 1)}, {"shape": (3,)}, {"name": "other"}])
def test_another_second_output_is_refused(wrong):
    with pytest.raises(StoredDataError):
        OnnxPredictor.of(knowing(**wrong), "m.onnx")


def test_faces_beyond_one_are_remarked_on():
    made = [(QualityRemark.DARK,), (), ()]
    values = np.array([1.5, 1.0, np.nan], np.float32)
    assert remarks.with_unfamiliar(made, values) == [
        (QualityRemark.DARK, QualityRemark.UNFAMILIAR),
        (),
        (QualityRemark.UNFAMILIAR,),
    ]
    assert remarks.with_unfamiliar(made, None) == made
