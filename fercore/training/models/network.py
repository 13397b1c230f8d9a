"""The paper's network: an ImageNet backbone and its head, from raw gray faces to seven probabilities."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np

from fercore.emotions import EMOTIONS
from fercore.errors import InputError
from fercore.language.sentences import sentence
from fercore.training.hardware.precision import POLICIES, Arithmetic
from fercore.training.models.backbones import FACE_PX, SMALL_RESNET, Backbone, Preprocessing
from fercore.training.models.small_resnet import small_resnet
from fercore.training.recipes.recipe import Recipe

# ImageNet's channel means and deviations, as keras.applications' `preprocess_input` uses them. "caffe"
# means blue first: three equal channels need no swap, only the means in that order.
_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)
_CAFFE_MEAN = (103.939, 116.779, 123.68)


def build(
    backbone: Backbone,
    recipe: Recipe,
    weights: Path | None,
    momentum: float | None = None,
    arithmetic: Arithmetic = Arithmetic.FLOAT32,
) -> keras.Model:
    """The uncompiled model: (N, 48, 48) gray 0..255 in, (N, 7) probabilities in the order of `EMOTIONS` out.

    Resizing, repeating gray to three channels and preprocessing are layers of the model, so a saved
    file needs nothing else. `weights` is what `find_weights` gave, `momentum` goes to every batch
    normalisation, `arithmetic` is what all but the preprocessing and the softmax run in. Raises `InputError`
    for weights that do not fit.
    """
    with computing_in(arithmetic):
        faces = keras.Input((FACE_PX, FACE_PX), name="faces")
        base = _base(_prepare(faces, backbone, recipe), backbone)
        model = keras.Model(faces, _head(base.output, backbone, recipe), name=f"fercore_{backbone.name}")
    if weights is not None and weights.suffix == ".h5":
        _load(base, weights, backbone)
    if weights is None and recipe.depthwise_start == "he":
        _start_depthwise(base)
    if weights is None and recipe.residual_start == "zero":
        _start_residual(base)
    if weights is not None and weights.suffix == ".keras":
        _load(model, weights, backbone)
    return model if momentum is None else _with_momentum(model, momentum)


def with_mirror(model: keras.Model) -> keras.Model:
    """A model of the same form that averages over what `model` says of each face and of its mirror image."""
    faces = keras.Input((FACE_PX, FACE_PX), name="faces")
    sides = [model(faces), model(keras.ops.flip(faces, axis=2))]
    return keras.Model(faces, keras.layers.Average(name="both_sides")(sides), name=f"{model.name}_mirrored")


@contextmanager
def computing_in(arithmetic: Arithmetic) -> Iterator[None]:
    """Layers and models made or loaded meanwhile compute in this, unless they say otherwise themselves."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(POLICIES[arithmetic])
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def prepare(model: keras.Model) -> None:
    """Make what a compiled model's first step would make by itself: the optimizer's variables and the metrics.

    TensorFlow traces a step again when variables are made while it traces, and tracing is most of the wait
    for a training's first step. JAX and torch would make them from the epoch's first batch, which would then be
    missing from it: a resumed training would not see what an uninterrupted one sees.
    """
    if not model.optimizer.built:  # one that was loaded is; the scaling of float16's loss would begin anew
        model.optimizer.build(model.trainable_variables)
    label, weight = np.eye(1, len(EMOTIONS), dtype=np.float32), np.ones(1, np.float32)
    model.compute_loss(y=label, y_pred=label, sample_weight=weight)
    model.compute_metrics(None, label, label, weight)
    model.reset_metrics()


def is_normalised(model: keras.Model) -> bool:
    """True if batch normalisation keeps a model's activations in bounds."""
    return any(isinstance(layer, keras.layers.BatchNormalization) for layer in model.layers)


def count_parameters(model: keras.Model) -> tuple[int, int]:
    """The number of all and of the trainable parameters."""
    trainable = sum(math.prod(weight.shape) for weight in model.trainable_weights)
    return int(model.count_params()), trainable


def _base(prepared: keras.KerasTensor, backbone: Backbone) -> keras.Model:
    """The backbone without top on (N, side, side, 3), with random weights."""
    if backbone.name == SMALL_RESNET:
        return small_resnet(prepared)
    application = getattr(keras.applications, backbone.name)
    return application(include_top=False, weights=None, input_tensor=prepared)


def _prepare(faces: keras.KerasTensor, backbone: Backbone, recipe: Recipe) -> keras.KerasTensor:
    """(N, 48, 48) gray → (N, side, side, 3), scaled as the recipe says; always in float32."""
    pixels = keras.layers.Reshape((FACE_PX, FACE_PX, 1), name="channel", dtype="float32")(faces)
    side = backbone.side(recipe.input_px)
    if side != FACE_PX:
        pixels = keras.layers.Resizing(side, side, name="resize", dtype="float32")(pixels)
    pixels = keras.layers.Concatenate(name="repeat_gray", dtype="float32")([pixels, pixels, pixels])
    scale, offset = (1 / 255, 0.0) if recipe.preprocessing == "rescale" else _own(backbone.preprocessing)
    return keras.layers.Rescaling(scale, offset, name="preprocess", dtype="float32")(pixels)


def _own(mode: Preprocessing) -> tuple[Any, Any]:
    """Scale and offset of keras.applications' `preprocess_input` in that mode."""
    if mode == Preprocessing.TF:
        return 1 / 127.5, -1.0
    if mode == Preprocessing.CAFFE:
        return 1.0, [-mean for mean in _CAFFE_MEAN]
    return [1 / (255 * std) for std in _STD], [-mean / std for mean, std in zip(_MEAN, _STD, strict=True)]


def _head(features: keras.KerasTensor, backbone: Backbone, recipe: Recipe) -> keras.KerasTensor:
    """Backbone features → (N, 7) probabilities."""
    if backbone.head_max_pool is not None:
        window = min(backbone.head_max_pool, features.shape[1])  # small pictures leave fewer cells than that
        features = keras.layers.MaxPooling2D(window, name="head_max_pool")(features)
    features = keras.layers.GlobalAveragePooling2D(name="head_average")(features)
    features = keras.layers.Dense(recipe.dense_units, activation="relu", name="head_dense")(features)
    features = keras.layers.Dropout(recipe.dropout, name="head_dropout")(features)
    # Softmax in float32 also under a mixed precision policy.
    return keras.layers.Dense(len(EMOTIONS), activation="softmax", dtype="float32", name="emotions")(features)


def _start_depthwise(model: keras.Model) -> None:
    """He et al. 2015: deviation sqrt(2 / inputs), where a depthwise kernel has one channel of its size as inputs."""
    for layer in model.layers:
        kernel = None
        if isinstance(layer, keras.layers.DepthwiseConv2D):
            kernel = layer.kernel
        elif isinstance(layer, keras.layers.SeparableConv2D):
            kernel = layer.depthwise_kernel
        if kernel is not None:
            deviation = math.sqrt(2 / math.prod(kernel.shape[:2]))
            kernel.assign(keras.initializers.RandomNormal(stddev=deviation)(kernel.shape))


def _start_residual(model: keras.Model) -> None:
    """Goyal et al. 2017: the batch normalisation that ends a residual branch starts with a gain of zero.

    A branch is told from a shortcut by its other side: only an identity shortcut feeds more than the sum.
    """
    for layer in model.layers:
        if not isinstance(layer, keras.layers.Add):
            continue
        sides = [tensor._keras_history.operation for tensor in layer.input]
        for branch, shortcut in (sides, sides[::-1]):
            ends = isinstance(branch, keras.layers.BatchNormalization) and len(branch._outbound_nodes) == 1
            if ends and len(shortcut._outbound_nodes) > 1:
                branch.gamma.assign(keras.ops.zeros(branch.gamma.shape))


def _with_momentum(model: keras.Model, momentum: float) -> keras.Model:
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = momentum
    return model


def _load(model: keras.Model, weights: Path, backbone: Backbone) -> None:
    try:
        mirrored = _mirrored(weights)
        if mirrored is None:
            model.load_weights(str(weights))
        else:
            model.set_weights(mirrored.get_weights())
    except Exception as error:  # h5py, zipfile and Keras raise many types for a file that does not fit
        raise InputError(
            sentence(
                "The weights in '{name}' do not fit {backbone}: expected {weights_file} (Keras' "
                "own, without top) or the .keras file of an earlier run of the same backbone and "
                "head.",
                name=weights.name,
                backbone=backbone.name,
                weights_file="-" if backbone.imagenet is None else backbone.imagenet.file,
            )
        ) from error


def _mirrored(weights: Path) -> keras.Model | None:
    """The network inside a model file that `with_mirror` made; None for any other file."""
    if weights.suffix != ".keras":
        return None
    layers = keras.saving.load_model(weights, compile=False, safe_mode=True).layers
    return next((layer for layer in layers if isinstance(layer, keras.Model)), None)
