"""What a run notes of its making: the commit of a checkout, versions, the weights' hash."""

import hashlib
import platform
import subprocess
from importlib.metadata import version

import pytest

from fercore.services.training import run_record


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with one commit, and a function that calls git there."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setattr(run_record, "ROOT", tmp_path)

    def git(*words):
        person = ["-c", "user.name=Kim", "-c", "user.email=kim@example.org"]
        command = ["git", "-C", str(tmp_path), *person, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    (tmp_path / "a.py").write_text("print(1)\n")
    git("add", "a.py")
    git("commit", "-qm", "Begin")
    return git


@pytest.mark.parametrize(
    ("tag", "changed", "mark"),
    [
        pytest.param(None, False, "", id="as committed"),
        pytest.param("v1.0", False, "", id="a tag takes no commit's place"),
        pytest.param(None, True, "-dirty", id="a file was changed"),
    ],
)
def test_the_commit_of_a_checkout(checkout, tmp_path, tag, changed, mark):
    if tag:
        checkout("tag", "-a", tag, "-m", tag)
    if changed:
        (tmp_path / "a.py").write_text("print(2)\n")
    whole = checkout("rev-parse", "HEAD")
    assert len(whole) == 40 and run_record.commit() == whole + mark


@pytest.mark.parametrize("broken", [False, True], ids=["no checkout", "a broken one"])
def test_no_commit_outside_of_a_checkout(tmp_path, monkeypatch, broken):
    monkeypatch.setattr(run_record, "ROOT", tmp_path)
    if broken:
        (tmp_path / ".git").write_text("gitdir: gone\n")
    assert run_record.commit() is None


def test_no_commit_without_git(checkout, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run_record.commit() is None


@pytest.mark.parametrize("content", [None, b"", b"weights of a network"], ids=["random", "empty", "a file"])
def test_the_weights_that_a_training_starts_from(tmp_path, content):
    file = None if content is None else tmp_path / "w.weights.h5"
    expected = None
    if file is not None:
        file.write_bytes(content)
        expected = {"file": str(file), "sha256": hashlib.sha256(content).hexdigest()}
    assert run_record._weights(file) == expected


@pytest.mark.parametrize("backend", ["tensorflow", "openvino"])
def test_versions_of_what_is_installed(backend, monkeypatch):
    known = {"keras": "3.1", "numpy": "2.2"}  # TensorFlow is installed under another name here

    def told(name):
        return known[name] if name in known else version("no-such-package-here")

    monkeypatch.setattr(run_record, "version", told)
    assert run_record._versions(backend) == known


def test_the_record_of_a_process(monkeypatch):
    from types import SimpleNamespace

    from fercore import __version__
    from fercore.training.hardware import devices
    from fercore.training.hardware.precision import Device

    seen = SimpleNamespace(devices=(Device("cpu", "cpu"), Device("gpu", "Tesla T4")))
    monkeypatch.setattr(devices, "see", lambda backend: seen)
    monkeypatch.setattr(run_record, "find_weights", lambda backbone, weights: None)
    monkeypatch.setattr(run_record, "commit", lambda: "c" * 40)
    result = run_record.of_process("jax", SimpleNamespace(backbone="VGG16", weights="none"))
    versions = result.pop("versions")
    assert (versions["fercore"], versions["python"]) == (__version__, platform.python_version())
    assert versions["numpy"] == version("numpy")
    assert result == {
        "weights": None,
        "commit": "c" * 40,
        "backend": "jax",
        "devices": ["cpu: cpu", "gpu: Tesla T4"],
        "host": platform.node(),
    }
