"""The fused warp, against its single motions and Keras' generator."""

import cv2
import numpy as np
import pytest
from scipy import ndimage

from fercore.training.data.augmentation import apply, draw, maps, parameters, warp
from fercore.training.recipes.recipe import PAPER, Augmentation

GRADIENT = np.tile(np.arange(48, dtype=np.uint8) * 5, (1, 48, 1))


def test_nothing_to_do_changes_nothing():
    assert warp(GRADIENT, Augmentation(), np.random.default_rng(0)) is GRADIENT


def test_flip_mirrors_about_half_of_the_faces_exactly():
    warped = warp(np.repeat(GRADIENT, 200, axis=0), Augmentation(flip=True), np.random.default_rng(0))
    mirrored = (warped == GRADIENT[:, :, ::-1]).all(axis=(1, 2))
    untouched = (warped == GRADIENT).all(axis=(1, 2))
    assert (mirrored ^ untouched).all()
    assert 70 < mirrored.sum() < 130


def test_cubic_interpolation_keeps_the_fine_detail_that_linear_takes():
    noise = np.random.default_rng(0).integers(0, 256, (20, 48, 48), dtype=np.uint8)

    def detail(interpolation):
        """How much neighbours differ, far from the edge."""
        augmentation = Augmentation(shift=0.02, interpolation=interpolation)
        warped = warp(noise, augmentation, np.random.default_rng(0))[:, 8:40, 8:40].astype(float)
        return np.diff(warped).var() / np.diff(noise[:, 8:40, 8:40].astype(float)).var()

    assert 1.4 * detail("linear") < detail("cubic") < 1


@pytest.mark.parametrize("interpolation", [cv2.INTER_LINEAR, cv2.INTER_CUBIC])
def test_each_of_a_thousand_faces_is_warped_as_if_it_were_alone_and_its_edge_goes_on_outside(interpolation):
    random = np.random.default_rng(0)
    noise = random.integers(0, 256, (1_000, 48, 48), dtype=np.uint8)
    wild = draw(len(noise), (48, 48), Augmentation(zoom=0.9, shift=0.9, rotation_degrees=180), random)
    flags = interpolation | cv2.WARP_INVERSE_MAP
    alone = [
        cv2.warpAffine(face, its_map, (48, 48), None, flags, cv2.BORDER_REPLICATE)
        for face, its_map in zip(noise, wild, strict=True)
    ]
    # OpenCV rounds places to 1/32 pixel, and not in the same way for a map and for a matrix.
    apart = np.abs(apply(noise, wild, interpolation).astype(int) - np.array(alone))
    assert apart.mean() < 0.1 and apart.max() < 40


def test_the_seed_decides():
    many = np.repeat(GRADIENT, 4, axis=0)
    first, same, other = (warp(many, PAPER.augmentation, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()
    assert (first[0] != first[1]).any()


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
        pytest.param(Augmentation(shear_degrees=0.3), lambda m: np.degrees(np.arcsin(-m[:, 0, 1])), 0.3, id="shear"),
    ],
)
def test_each_range_is_uniform_and_filled(augmentation, figure, reach):
    result = figure(draw(5_000, (48, 48), augmentation, np.random.default_rng(0)))
    assert abs(result).max() <= reach * 1.0001
    np.testing.assert_allclose([result.min(), result.max()], [-reach, reach], rtol=0.01)
    assert result.std() == pytest.approx(reach / 3**0.5, rel=0.03)


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


def keras_generator(augmentation):
    """Keras' own generator with the same ranges, as TensorFlow still offers it."""
    import tensorflow as tf

    return tf.keras.preprocessing.image.ImageDataGenerator(
        rotation_range=augmentation.rotation_degrees,
        width_shift_range=augmentation.shift,
        height_shift_range=augmentation.shift,
        shear_range=augmentation.shear_degrees,
        zoom_range=augmentation.zoom,
        horizontal_flip=augmentation.flip,
        fill_mode="nearest",
    )


def smooth_face(seed):
    face = ndimage.gaussian_filter(np.random.default_rng(seed).uniform(0, 255, (48, 48)), 2)
    return ((face - face.min()) / np.ptp(face) * 255).astype(np.uint8)


MOTIONS = {"rotation": (17.0, 0, 0, 0, 1, 1), "shift": (0, 6.5, -3.25, 0, 1, 1), "shear": (0, 0, 0, 12.0, 1, 1)}
MOTIONS |= {"zoom": (0, 0, 0, 0, 0.8, 1.2), "all together": (-13.0, 4.5, -7.0, 0.3, 1.25, 0.75)}


@pytest.mark.filterwarnings("ignore:Please import `affine_transform`:DeprecationWarning")  # Keras' generator does
@pytest.mark.parametrize("motion", [pytest.param(motion, id=name) for name, motion in MOTIONS.items()])
@pytest.mark.parametrize("flip", [pytest.param(False, id="as it is"), pytest.param(True, id="mirrored")])
def test_the_same_parameters_give_the_pictures_of_keras_generator(motion, flip):
    """Angle, shift right and down, shear, zoom right and down; OpenCV's bilinear weights have 5 bits."""
    face = smooth_face(3)
    names = ("theta", "tx", "ty", "shear", "zx", "zy")
    given = dict(zip(names, motion, strict=True)) | {"flip_horizontal": flip}
    expected = keras_generator(PAPER.augmentation).apply_transform(face[..., None].astype(float), given)[..., 0]
    angle, right, down, shear, zoom_right, zoom_down = motion
    zoom = np.array([[-zoom_right if flip else zoom_right, zoom_down]])
    angles = np.deg2rad([[angle], [shear]])
    warped = apply(face[None], maps((48, 48), *angles, np.array([[right, down]]), zoom))[0]
    assert abs(warped - expected).max() < 5
    assert abs(warped - expected).mean() < 0.7


def test_the_papers_draws_have_the_ranges_of_keras_generator():
    generator = keras_generator(PAPER.augmentation)
    theirs = [generator.get_random_transform((48, 48, 1), seed=seed) for seed in range(2_000)]
    ours = parameters(2_000, (48, 48), PAPER.augmentation, np.random.default_rng(0))
    columns = {
        "theta": np.rad2deg(ours.angle),
        "shear": np.rad2deg(ours.shear),
        "tx": ours.shift[:, 0],
        "ty": ours.shift[:, 1],
        "zx": ours.zoom[:, 0],
        "zy": ours.zoom[:, 1],
    }
    for name, result in columns.items():
        expected = np.array([their[name] for their in theirs])
        spread = np.ptp(expected)
        np.testing.assert_allclose([result.min(), result.max()], [expected.min(), expected.max()], atol=0.01 * spread)
        assert abs(result.mean() - expected.mean()) < 0.03 * spread
        assert result.std() == pytest.approx(expected.std(), rel=0.05)
    assert not any(their["flip_horizontal"] for their in theirs) and (ours.zoom > 0).all()
