"""The model that is watched: it goes on in smaller batches where larger ones do not fit into memory."""

import numpy as np
import pytest

from fercore.training.loop.reported_model import ReportedModel
from fercore.training.recipes.recipe import MODERN


def watched(monkeypatch, fits):
    """A model that says how bright a face is, on a device for `fits` faces, and the batches it was given."""
    import keras

    pixels = keras.Input((48, 48))
    model = keras.Model(pixels, keras.layers.Dense(7, activation="softmax")(keras.layers.Flatten()(pixels)))
    result = ReportedModel(model, MODERN, lambda: model)
    predict, given = result.model.predict_on_batch, []

    def small(faces):
        given.append(len(faces))
        if len(faces) > fits:
            raise MemoryError("out of memory")
        return predict(faces)

    monkeypatch.setattr(result.model, "predict_on_batch", small)
    return result, given


@pytest.mark.parametrize(
    ("fits", "given"),
    [
        pytest.param(256, [20, 20], id="enough memory"),
        pytest.param(5, [20, 10, 5, 5, 5, 5, 5, 5, 5, 5], id="some, remembered the second time"),
    ],
)
def test_batches_are_halved_until_they_fit(monkeypatch, fits, given):
    faces = np.random.default_rng(0).integers(0, 256, (20, 48, 48), np.uint8)
    reported, sizes = watched(monkeypatch, fits)
    first, second = (reported.probabilities(faces, lambda: None) for _ in range(2))
    assert sizes == given and first.shape == (20, 7)
    np.testing.assert_array_equal(first, second)


def test_where_not_one_face_fits_the_backend_s_error_stands(monkeypatch):
    reported, sizes = watched(monkeypatch, 0)
    with pytest.raises(MemoryError):
        reported.probabilities(np.zeros((4, 48, 48), np.uint8), lambda: None)
    assert sizes == [4, 2, 1]
