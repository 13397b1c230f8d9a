"""The fused warp, against its single motions and Keras' generator."""

import numpy as np
import pytest
from scipy import ndimage

from fercore.training.augmentation import draw, warp
from fercore.training.recipe import PAPER, Augmentation

GRADIENT = np.tile(np.arange(48, dtype=np.uint8) * 5, (1, 48, 1))


def test_nothing_to_do_changes_nothing():
    assert warp(GRADIENT, Augmentation(), np.random.default_rng(0)) is GRADIENT


def test_flip_mirrors_about_half_of_the_faces_exactly():
    warped = warp(np.repeat(GRADIENT, 200, axis=0), Augmentation(flip=True), np.random.default_rng(0))
    mirrored = (warped == GRADIENT[:, :, ::-1]).all(axis=(1, 2))
    untouched = (warped == GRADIENT).all(axis=(1, 2))
    assert (mirrored ^ untouched).all()
    assert 70 < mirrored.sum() < 130


def test_the_seed_decides():
    many = np.repeat(GRADIENT, 4, axis=0)
    one, same, other = (warp(many, PAPER.augmentation, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()
    assert (one[0] != one[1]).any()


@pytest.mark.parametrize(
    ("augmentation", "figure", "reach"),
    [
        pytest.param(
            Augmentation(rotation_degrees=20),
            lambda m: np.degrees(np.arctan2(m[:, 1, 0], m[:, 0, 0])),
            20,
            id="rotation",
        ),
        pytest.param(Augmentation(zoom=0.3), lambda m: m[:, 0, 0] - 1, 0.3, id="zoom of x"),
        pytest.param(Augmentation(zoom=0.3), lambda m: m[:, 1, 1] - 1, 0.3, id="zoom of y"),
        pytest.param(Augmentation(shift=0.2), lambda m: m[:, 0, 2] / 48, 0.2, id="shift of x"),
        pytest.param(Augmentation(shift=0.2), lambda m: m[:, 1, 2] / 48, 0.2, id="shift of y"),
        pytest.param(Augmentation(shear_degrees=0.3), lambda m: np.degrees(np.arcsin(m[:, 1, 0])), 0.3, id="shear"),
    ],
)
def test_each_range_is_uniform_and_filled(augmentation, figure, reach):
    found = figure(draw(5_000, (48, 48), augmentation, np.random.default_rng(0)))
    assert abs(found).max() <= reach * 1.0001
    np.testing.assert_allclose([found.min(), found.max()], [-reach, reach], rtol=0.01)
    assert found.std() == pytest.approx(reach / 3**0.5, rel=0.03)


def test_the_centre_stays_where_it_is():
    maps = draw(
        50, (48, 48), Augmentation(zoom=0.3, shear_degrees=9, rotation_degrees=90, flip=True), np.random.default_rng(0)
    )
    np.testing.assert_allclose(maps @ [23.5, 23.5, 1], 23.5)


def test_pixels_equal_scipys_affine_transform():
    """SciPy's is what Keras' generator calls; OpenCV's bilinear weights have 5 bits."""
    random = np.random.default_rng(4)
    face = ndimage.gaussian_filter(random.uniform(0, 255, (48, 48)), 2)
    face = ((face - face.min()) / np.ptp(face) * 255).astype(np.uint8)
    warped = warp(face[None], PAPER.augmentation, np.random.default_rng(9))[0]
    x_map, y_map = draw(1, (48, 48), PAPER.augmentation, np.random.default_rng(9))[0]
    linear = [[y_map[1], y_map[0]], [x_map[1], x_map[0]]]
    expected = ndimage.affine_transform(face.astype(float), linear, [y_map[2], x_map[2]], order=1, mode="nearest")
    assert abs(warped - expected).max() < 4
    assert abs(warped - expected).mean() < 0.6
