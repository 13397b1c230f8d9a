"""Trainings with weights of faces: a weight of 0 teaches nothing, equal weights change nothing, others do."""

from dataclasses import replace

import numpy as np
import pytest

from fercore.training.recipes.recipe import MODERN, Augmentation
from tests.training.loop.test_trainer import faces, plan

RECIPE = MODERN.model_copy(
    update={"small_batch_size": 8, "validate_on": "validation", "learning_rate_scratch": 1e-3, "face_weights": True}
)
KINDS = {
    "plain": {},
    "mixup": {"mixup": 0.4},
    "class weights": {"class_weights": True},
    "average": {"average": "fit"},
}


@pytest.fixture
def small(monkeypatch):
    """A network that is traced in a moment."""
    from tests.training.small import build

    monkeypatch.setattr("fercore.training.loop.trainer.build", build)


def learned(folder, given, **named):
    """The losses of two epochs."""
    from fercore.training.loop import trainer

    return [epoch.loss for epoch in trainer.train(plan(**named), given, faces(21, 5), folder).history]


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[] if kind in ("plain", "mixup") else pytest.mark.long) for kind in KINDS]
)
def test_no_weight_teaches_nothing_and_equal_weights_change_nothing(small, tmp_path, kind):
    recipe = RECIPE.model_copy(update=KINDS[kind])
    given = faces(56)
    spoilt = given.pixels.copy()
    spoilt[::4] = 255 - spoilt[::4]
    kept = np.flatnonzero(np.arange(56) % 4)
    weights = (np.arange(56) % 4 > 0).astype(float) * 3
    alone = learned(tmp_path / "alone", given.at(kept), recipe=recipe)
    assert learned(tmp_path / "zero", replace(given, pixels=spoilt, weights=weights), recipe=recipe) == alone
    without = learned(tmp_path / "none", given, recipe=recipe)
    assert learned(tmp_path / "equal", replace(given, weights=np.full(56, 0.3)), recipe=recipe) == without != alone
    unequal = replace(given, weights=np.linspace(0.1, 3, 56))
    assert learned(tmp_path / "unequal", unequal, recipe=recipe) != without
    off = recipe.model_copy(update={"face_weights": False})
    assert learned(tmp_path / "off", unequal, recipe=off) == without


@pytest.mark.slow
def test_weights_count_in_parts_of_batches_and_belong_to_the_plan(small, tmp_path):
    from fercore.errors import InputError
    from fercore.training.loop import trainer

    still = {"dropout": 0.0, "augmentation": Augmentation(interpolation="cubic")}
    recipe = RECIPE.model_copy(update=still)
    given = replace(faces(56), weights=np.linspace(0.5, 1.5, 56))
    whole = learned(tmp_path / "whole", given, recipe=recipe, epochs=1)
    parts = learned(tmp_path / "parts", given, recipe=recipe, epochs=1, accumulate=2)
    assert parts == pytest.approx(whole, rel=0.1)
    other = replace(given, weights=given.weights[::-1].copy())
    with pytest.raises(InputError, match="faces changed since it began"):
        trainer.train(plan(recipe=recipe, epochs=1), other, faces(21, 5), tmp_path / "whole", None, True)
