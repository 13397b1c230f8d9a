"""The five ImageNet backbones, with the paper's input sizes, pooling and parameter counts.

Nothing here imports Keras, so that a page can list them at once.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fercore.errors import NotFoundError

FACE_PX: Final = 48
"""Height and width of every stored face."""


class Preprocessing(StrEnum):
    """A backbone's own preprocessing, in the words of keras.applications."""

    TF = "tf"
    TORCH = "torch"
    CAFFE = "caffe"


_KERAS: Final = "https://storage.googleapis.com/tensorflow/keras-applications"
_KERNELS: Final = "weights_tf_dim_ordering_tf_kernels"


@dataclass(frozen=True, slots=True)
class Backbone:
    """One network of keras.applications, as the paper uses it."""

    name: str
    input_px: int
    head_max_pool: int | None
    imagenet_top1: float  # share of ImageNet validation pictures, the paper's Table I
    preprocessing: Preprocessing  # the backbone's own, in the words of keras.applications
    weights_file: str  # without top, as keras.applications names and caches it
    weights_url: str
    weights_md5: str | None  # None where keras.applications checks none
    params_total: int  # of the whole model, head included
    params_trainable: int


_ALL: Final = (
    Backbone(
        name="MobileNetV2",
        input_px=48,
        head_max_pool=2,
        imagenet_top1=0.728,
        preprocessing=Preprocessing.TF,
        weights_file=f"mobilenet_v2_{_KERNELS}_1.0_224_no_top.h5",
        weights_url=f"{_KERAS}/mobilenet_v2/mobilenet_v2_{_KERNELS}_1.0_224_no_top.h5",
        weights_md5=None,
        params_total=2_587_719,
        params_trainable=2_553_607,
    ),
    Backbone(
        name="VGG16",
        input_px=48,
        head_max_pool=None,
        imagenet_top1=0.715,
        preprocessing=Preprocessing.CAFFE,
        weights_file=f"vgg16_{_KERNELS}_notop.h5",
        weights_url=f"{_KERAS}/vgg16/vgg16_{_KERNELS}_notop.h5",
        weights_md5="6d6bbae143d832006294945121d1f1fc",
        params_total=14_847_815,
        params_trainable=14_847_815,
    ),
    Backbone(
        name="ResNet50V2",
        input_px=48,
        head_max_pool=2,
        imagenet_top1=0.761,
        preprocessing=Preprocessing.TF,
        weights_file=f"resnet50v2_{_KERNELS}_notop.h5",
        weights_url=f"{_KERAS}/resnet/resnet50v2_{_KERNELS}_notop.h5",
        weights_md5="fac2f116257151a9d068a22e544a4917",
        params_total=24_091_143,
        params_trainable=24_045_703,
    ),
    Backbone(
        name="Xception",
        input_px=96,
        head_max_pool=3,
        imagenet_top1=0.790,
        preprocessing=Preprocessing.TF,
        weights_file=f"xception_{_KERNELS}_notop.h5",
        weights_url=f"{_KERAS}/xception/xception_{_KERNELS}_notop.h5",
        weights_md5="b0042744bf5b25fce3cb969f33bebb97",
        params_total=21_387_823,
        params_trainable=21_333_295,
    ),
    Backbone(
        name="DenseNet121",
        input_px=48,
        head_max_pool=None,
        imagenet_top1=0.770,
        preprocessing=Preprocessing.TORCH,
        weights_file=f"densenet121_{_KERNELS}_notop.h5",
        weights_url=f"{_KERAS}/densenet/densenet121_{_KERNELS}_notop.h5",
        weights_md5="30ee3e1110167f948a6b9946edeeb738",
        params_total=7_301_703,
        params_trainable=7_218_055,
    ),
)

BACKBONES: Final[dict[str, Backbone]] = {backbone.name: backbone for backbone in _ALL}


def backbone(name: str) -> Backbone:
    """The backbone of that name; raises `NotFoundError` listing the known ones."""
    try:
        return BACKBONES[name]
    except KeyError:
        raise NotFoundError("backbone", name, list(BACKBONES)) from None
