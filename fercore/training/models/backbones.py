"""The backbones: the study's five of ImageNet, with its input sizes and pooling, and one made for faces of 48 pixels.

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


SMALL_RESNET: Final = "SmallResNet"
_KERAS: Final = "https://storage.googleapis.com/tensorflow/keras-applications"
_KERNELS: Final = "weights_tf_dim_ordering_tf_kernels"


@dataclass(frozen=True, slots=True)
class ImageNetWeights:
    """Published weights without top, as keras.applications names and caches them."""

    file: str
    url: str
    md5: str | None  # None where keras.applications checks none
    top1: float  # share of ImageNet validation pictures, the paper's Table I


@dataclass(frozen=True, slots=True)
class Backbone:
    """One network: of keras.applications as the paper uses it, or fercore's own."""

    name: str
    input_px: int
    head_max_pool: int | None
    preprocessing: Preprocessing  # the backbone's own, in the words of keras.applications
    imagenet: ImageNetWeights | None  # None: no weights are published, a training starts from scratch
    params_total: int  # of the whole model, head included
    params_trainable: int
    enlarges: bool = True  # False: made for faces of this size, whatever side a recipe asks for

    def side(self, input_px: int | None) -> int:
        """The pixels to which a recipe that asks for `input_px` resizes each face."""
        return max(input_px or 0, self.input_px) if self.enlarges else self.input_px


_STUDY: Final = (
    Backbone(
        name="MobileNetV2",
        input_px=48,
        head_max_pool=2,
        preprocessing=Preprocessing.TF,
        imagenet=ImageNetWeights(
            f"mobilenet_v2_{_KERNELS}_1.0_224_no_top.h5",
            f"{_KERAS}/mobilenet_v2/mobilenet_v2_{_KERNELS}_1.0_224_no_top.h5",
            None,
            top1=0.728,
        ),
        params_total=2_587_719,
        params_trainable=2_553_607,
    ),
    Backbone(
        name="VGG16",
        input_px=48,
        head_max_pool=None,
        preprocessing=Preprocessing.CAFFE,
        imagenet=ImageNetWeights(
            f"vgg16_{_KERNELS}_notop.h5",
            f"{_KERAS}/vgg16/vgg16_{_KERNELS}_notop.h5",
            "6d6bbae143d832006294945121d1f1fc",
            top1=0.715,
        ),
        params_total=14_847_815,
        params_trainable=14_847_815,
    ),
    Backbone(
        name="ResNet50V2",
        input_px=48,
        head_max_pool=2,
        preprocessing=Preprocessing.TF,
        imagenet=ImageNetWeights(
            f"resnet50v2_{_KERNELS}_notop.h5",
            f"{_KERAS}/resnet/resnet50v2_{_KERNELS}_notop.h5",
            "fac2f116257151a9d068a22e544a4917",
            top1=0.761,
        ),
        params_total=24_091_143,
        params_trainable=24_045_703,
    ),
    Backbone(
        name="Xception",
        input_px=96,
        head_max_pool=3,
        preprocessing=Preprocessing.TF,
        imagenet=ImageNetWeights(
            f"xception_{_KERNELS}_notop.h5",
            f"{_KERAS}/xception/xception_{_KERNELS}_notop.h5",
            "b0042744bf5b25fce3cb969f33bebb97",
            top1=0.790,
        ),
        params_total=21_387_823,
        params_trainable=21_333_295,
    ),
    Backbone(
        name="DenseNet121",
        input_px=48,
        head_max_pool=None,
        preprocessing=Preprocessing.TORCH,
        imagenet=ImageNetWeights(
            f"densenet121_{_KERNELS}_notop.h5",
            f"{_KERAS}/densenet/densenet121_{_KERNELS}_notop.h5",
            "30ee3e1110167f948a6b9946edeeb738",
            top1=0.770,
        ),
        params_total=7_301_703,
        params_trainable=7_218_055,
    ),
)
_SMALL_RESNET: Final = Backbone(
    name=SMALL_RESNET,
    input_px=FACE_PX,
    head_max_pool=None,
    preprocessing=Preprocessing.TF,
    imagenet=None,
    params_total=1_040_743,
    params_trainable=1_038_439,
    enlarges=False,
)

STUDY: Final = tuple(backbone.name for backbone in _STUDY)
BACKBONES: Final[dict[str, Backbone]] = {backbone.name: backbone for backbone in (*_STUDY, _SMALL_RESNET)}


def backbone(name: str) -> Backbone:
    """The backbone of that name; raises `NotFoundError` listing the known ones."""
    try:
        return BACKBONES[name]
    except KeyError:
        raise NotFoundError("backbone", name, list(BACKBONES)) from None
