"""Run folders travel between machines that share no disk: only what changed, and the state last."""

import pytest

from fercore.errors import ArtifactStoreError
from fercore.store.training.artifact_store import KNOWN_FILE, LAST, ArtifactStore


@pytest.fixture(params=["file", "memory"])
def machines(request, tmp_path):
    """Two models folders and one address; the second is as far away as another machine."""
    fsspec = pytest.importorskip("fsspec")
    address = {"file": f"file://{tmp_path}/there", "memory": f"memory://{tmp_path.name}"}[request.param]
    yield [(ArtifactStore(address, tmp_path / name), tmp_path / name / "run-7") for name in ("one", "two")]
    fsspec.filesystem("memory").store.clear()


def write(folder, **files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)


def read(folder):
    return {path.name: path.read_text() for path in folder.iterdir() if path.name != KNOWN_FILE}


def test_what_one_machine_sends_another_fetches(machines):
    (first, here), (two, there) = machines
    write(here, training_json="epoch 1", a_keras="weights", half_part="never whole")
    (here / "tensorboard").mkdir()
    first.send(7)
    two.fetch(7)
    assert read(there) == {"training.json": "epoch 1", "a.keras": "weights"}


def test_a_run_goes_on_elsewhere_and_comes_back(machines):
    (first, here), (two, there) = machines
    write(here, training_json="epoch 1", a_keras="1")
    first.send(7)
    two.fetch(7)
    (there / "a.keras").unlink()
    write(there, training_json="epoch 2", b_keras="2")
    two.send(7)
    first.fetch(7)
    assert read(here)["training.json"] == "epoch 2" and read(here)["b.keras"] == "2"
    first.send(7)
    two.fetch(7)
    assert read(there)["training.json"] == "epoch 2"


def test_only_what_was_asked_for_comes(machines):
    (first, here), (two, there) = machines
    write(here, training_json="epoch 1", model_keras="weights")
    first.send(7)
    two.fetch(7, "model.keras", "not.there")
    assert read(there) == {"model.keras": "weights"}


def test_what_did_not_change_does_not_travel_again(machines, monkeypatch):
    (first, here), (two, there) = machines
    write(here, training_json="epoch 1", model_keras="weights")
    first.send(7)
    two.fetch(7)
    moved = []
    for name in ("put_file", "get_file"):
        kind = type(first._reached()[0])
        whole = getattr(kind, name)
        monkeypatch.setattr(
            kind, name, lambda self, source, *rest, whole=whole: moved.append(source) or whole(self, source, *rest)
        )
    first.send(7)
    two.fetch(7)
    assert moved == []
    write(here, model_keras="better")
    first.send(7)
    two.fetch(7)
    assert len(moved) == 2 and read(there)["model.keras"] == "better"


def test_the_state_travels_behind_what_it_names(machines, monkeypatch):
    (first, here), _ = machines
    write(here, training_json="epoch 1", zz_keras="1", aa_keras="2")
    kind, order = type(first._reached()[0]), []
    whole = kind.put_file
    monkeypatch.setattr(
        kind, "put_file", lambda self, source, *rest: order.append(source) or whole(self, source, *rest)
    )
    first.send(7)
    assert order[-1].endswith(LAST)


def test_a_removed_run_is_gone(machines):
    (first, here), (two, there) = machines
    write(here, training_json="epoch 1")
    first.send(7)
    first.remove(7)
    two.fetch(7)
    assert read(there) == {}


def test_without_an_address_nothing_travels(tmp_path):
    artifacts = ArtifactStore("", tmp_path)
    artifacts.send(7)
    artifacts.fetch(7)
    artifacts.remove(7)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "words"),
    [
        pytest.param("nothing://known", "nothing", id="a kind that nobody knows"),
        pytest.param("file:///proc/nowhere", "FERCORE_RUNS_URL", id="a place without rights"),
        pytest.param("http://me:secret@127.0.0.1:9/runs?key=secret", "127.0.0.1:9", id="a server that is not there"),
    ],
)
def test_an_address_that_cannot_be_used(tmp_path, address, words):
    pytest.importorskip("fsspec")
    with pytest.raises(ArtifactStoreError, match=words) as caught:
        ArtifactStore(address, tmp_path).send(7)
    assert "secret" not in str(caught.value)
