"""The backbones and where their weights come from."""

import hashlib
import io
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from fercore.errors import InputError, MissingWeightsError, NotFoundError
from fercore.training.models import pretrained
from fercore.training.models.backbones import BACKBONES, SMALL_RESNET, STUDY, backbone


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    return tmp_path / "models"


def test_unknown_backbone_lists_the_known_ones():
    with pytest.raises(NotFoundError, match="MobileNetV2, VGG16, ResNet50V2, Xception, DenseNet121, SmallResNet"):
        backbone("AlexNet")


def test_listing_backbones_and_recipes_imports_no_keras():
    code = (
        "import sys, fercore.training.models.backbones, fercore.training.recipes.recipe, "
        "fercore.training.models.pretrained, "
        "fercore.evaluation.paper, fercore.prediction.predictor; "
        "print([name for name in ('keras', 'tensorflow', 'cv2') if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


@pytest.mark.parametrize("first", [pytest.param(BACKBONES[name], id=name) for name in STUDY])
def test_weights_are_found_in_keras_own_cache(first, cache):
    assert pretrained.weights_state(first) == "missing"
    cache.mkdir()
    (cache / first.imagenet.file).touch()
    assert pretrained.weights_state(first) == "cached"
    assert pretrained.find_weights(first, "imagenet") == cache / first.imagenet.file


@pytest.mark.parametrize("weights", ["imagenet", pretrained.InitialWeights.IMAGENET])
def test_a_backbone_without_published_weights_starts_from_scratch(cache, weights):
    own = backbone(SMALL_RESNET)
    assert pretrained.weights_state(own) == "unpublished" and pretrained.find_weights(own, "none") is None
    with pytest.raises(InputError, match="no ImageNet weights of SmallResNet: train it with --weights none"):
        pretrained.find_weights(own, weights)
    assert not cache.exists(), "nothing was asked of the network"


def test_the_answer_of_a_download_is_checked_before_it_counts(cache, monkeypatch):
    vgg = backbone("VGG16")
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_args, **_named: io.BytesIO(b"a login page"))
    with pytest.raises(MissingWeightsError, match="its MD5 sum is " + hashlib.md5(b"a login page").hexdigest()):
        pretrained.find_weights(vgg, "imagenet")
    assert list(cache.iterdir()) == []


def test_a_download_lands_in_the_cache(cache, monkeypatch):
    mobile = backbone("MobileNetV2")  # the one for which Keras knows no sum
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_args, **_named: io.BytesIO(b"weights"))
    assert pretrained.find_weights(mobile, "imagenet").read_bytes() == b"weights"
    assert [path.name for path in cache.iterdir()] == [mobile.imagenet.file]


def test_missing_weights_say_which_from_where_and_where_to(cache, monkeypatch):
    def refuse(*_args, **_named):
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)
    vgg = backbone("VGG16")
    with pytest.raises(MissingWeightsError) as caught:
        pretrained.find_weights(vgg, "imagenet")
    for part in (vgg.imagenet.file, vgg.imagenet.url, str(cache), "--weights none", "Name or service not known"):
        assert part in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param("imagenet", "imagenet", id="imagenet"), pytest.param("none", "none", id="none")]
)
def test_weights_words(text, expected):
    assert pretrained.parse_weights(text) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("mine.h5", "{here}/mine.h5", id="relative"),
        pytest.param("./sub/../mine.h5", "{here}/sub/../mine.h5", id="with detours"),
        pytest.param("{here}/mine.h5", "{here}/mine.h5", id="whole"),
        pytest.param("imagenet", "imagenet", id="ImageNet"),
        pytest.param("none", "none", id="none"),
    ],
)
def test_weights_are_kept_so_that_any_folder_will_do(tmp_path, monkeypatch, given, expected):
    (tmp_path / "mine.h5").touch()
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    assert pretrained.whole_weights(given.format(here=tmp_path)) == expected.format(here=tmp_path)


@pytest.mark.parametrize(
    ("name", "made", "message"),
    [
        pytest.param("gone.h5", False, "There is no weights file", id="absent"),
        pytest.param("~nobody-of-that-name/gone.h5", False, "There is no weights file", id="nobody's home"),
        pytest.param("x" * 400 + ".h5", False, "There is no weights file", id="a name too long for any file"),
        pytest.param("model.pkl", True, "is not a readable weights file", id="pickle"),
    ],
)
def test_weights_files_that_cannot_be_used(tmp_path, monkeypatch, name, made, message):
    monkeypatch.chdir(tmp_path)
    if made:
        Path(name).touch()
    with pytest.raises(InputError, match=message):
        pretrained.parse_weights(name)
