"""Sources of pre-trained weights: Keras' own cache, a file that is named, or a download.

Nothing here imports Keras.
"""

import hashlib
import os
import shutil
import urllib.request
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final

from fercore.errors import InputError, MissingWeightsError
from fercore.language.sentences import sentence
from fercore.training.models.backbones import Backbone, ImageNetWeights


class InitialWeights(StrEnum):
    """The weights that a training begins with, where it is no file that the user names."""

    IMAGENET = "imagenet"
    NONE = "none"


class CacheState(StrEnum):
    """States of a backbone's ImageNet weights on this machine."""

    CACHED = "cached"
    MISSING = "missing"
    UNPUBLISHED = "unpublished"


Weights = InitialWeights | Path
_TIMEOUT_S: Final = 20
_CHUNK: Final = 1 << 20


def parse_weights(text: str) -> Weights:
    """`imagenet`, `none`, or else the full path of a file; raises `InputError` where there is no such file."""
    if text == InitialWeights.IMAGENET:
        return InitialWeights.IMAGENET
    if text == InitialWeights.NONE:
        return InitialWeights.NONE
    path = _whole(text)
    _check_file(path)
    return path


def whole_weights(text: str) -> str:
    """The path that is stored: a job runs in another folder, where a relative path would lead astray."""
    return str(parse_weights(text))


def cache_folder() -> Path:
    """The folder where Keras keeps downloaded weights: KERAS_HOME or ~/.keras, then `models`."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path("~/.keras")).expanduser() / "models"


def weights_state(backbone: Backbone) -> CacheState:
    """The state of the backbone's ImageNet weights in Keras' cache."""
    if backbone.imagenet is None:
        return CacheState.UNPUBLISHED
    return CacheState.CACHED if (cache_folder() / backbone.imagenet.file).is_file() else CacheState.MISSING


def check_published(backbone: Backbone, weights: Weights) -> ImageNetWeights | None:
    """The published weights of a backbone that starts from ImageNet, None for another start; raises InputError where
    it has none.
    """
    if weights != InitialWeights.IMAGENET:
        return None
    if backbone.imagenet is None:
        raise InputError(
            sentence("There are no ImageNet weights of {name}: train it with --weights none.", name=backbone.name)
        )
    return backbone.imagenet


def find_weights(backbone: Backbone, weights: Weights) -> Path | None:
    """The file to load, or None for a start from scratch.

    ImageNet weights are downloaded into Keras' cache when they are not there. Raises
    `MissingWeightsError` when they cannot be had, `InputError` for a file that cannot be used.
    """
    if isinstance(weights, Path):
        _check_file(weights)
        return weights
    published = check_published(backbone, weights)
    if published is None:
        return None
    target = cache_folder() / published.file
    if not target.is_file():
        _download(backbone.name, published, target)
    return target


def _whole(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:  # ~somebody, whom this machine does not know
        return Path(text).absolute()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or has a zero byte
        return False


def _check_file(path: Path) -> None:
    if not _is_file(path):
        raise InputError(
            sentence(
                "There is no weights file '{path}'. Give the path of a .h5 or .keras file, 'imagenet' or 'none'.",
                path=path,
            )
        )
    if path.suffix not in (".h5", ".keras"):
        raise InputError(
            sentence(
                "'{name}' is not a readable weights file. Give a .h5 file of Keras' backbone without "
                "top, or the .keras file of an earlier run.",
                name=path.name,
            )
        )


def _download(name: str, published: ImageNetWeights, target: Path) -> None:
    """Fetch what keras.applications would fetch, whole or not at all."""
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            urllib.request.urlopen(published.url, timeout=_TIMEOUT_S) as answer,
            part.open("wb") as file,
        ):
            shutil.copyfileobj(answer, file, _CHUNK)
        _check_sum(published, part)
        part.replace(target)
    except OSError as error:
        raise _missing(name, published, target, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _check_sum(published: ImageNetWeights, part: Path) -> None:
    if published.md5 is None:
        return
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if digest != published.md5:
        raise OSError(f"its MD5 sum is {digest}, {published.md5} was expected")


def _missing(name: str, published: ImageNetWeights, target: Path, error: OSError) -> MissingWeightsError:
    reason = getattr(error, "reason", None) or error
    return MissingWeightsError(
        sentence(
            "The ImageNet weights of {name} are not on this machine and could not be "
            "downloaded ({reason}): get {weights_file} from {weights_url} and put it into "
            "{parent}, or train from scratch with --weights none.",
            name=name,
            reason=reason,
            weights_file=published.file,
            weights_url=published.url,
            parent=target.parent,
        )
    )
