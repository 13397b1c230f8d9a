"""Trainings and sweeps as they are asked for on the command line, in this process and without a start."""

import json

import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.errors import InputError
from fercore.jobs import queue
from fercore.services.training import preflight, recipes, run_details, runs, snapshots, sweeps
from fercore.services.training.preflight import Caution
from fercore.services.training.runs import TrainRequest
from fercore.store.training import runs as run_table
from fercore.training.loop.config import MAX_SEED
from fercore.training.models.backbones import BACKBONES, STUDY
from fercore.training.recipes.recipe import MAX_EPOCHS, MODERN
from tests.conftest import fill

TRAIN = ("train", "--snapshot", "A", "--backbone", "VGG16", "--recipe", "modern")
UNBALANCED = Caution("leak", "Fear has no training faces.")
SWEEP = ("sweep", "--backbones", "VGG16", "--recipe", "modern")


@pytest.fixture
def frozen(lite, monkeypatch):
    """Snapshots, one of them with commas in its name, and a queue in which nothing starts."""
    monkeypatch.setattr(queue, "advance", lambda store: None)
    fill(lite, "D", [n % 7 for n in range(140)])
    for name in ("A", "B", "A, mild, and B"):
        snapshots.freeze(lite, name, ["D"])
    return lite


def fercore(*words):
    answer = CliRunner().invoke(cli, [str(word) for word in words])
    if isinstance(answer.exception, InputError):
        return 2, str(answer.exception)
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.exit_code, answer.output


@pytest.mark.parametrize(
    "words",
    [
        pytest.param((*TRAIN, "--seed", "-1"), id="seed below"),
        pytest.param((*TRAIN, "--seed", MAX_SEED + 1), id="seed above"),
        pytest.param((*TRAIN, "--seed", 2**63), id="seed beyond the database"),
        pytest.param((*TRAIN, "--seed", "9" * 5_000), id="seed of many digits"),
        pytest.param((*TRAIN, "--epochs", "-1"), id="epochs below"),
        pytest.param((*TRAIN, "--epochs", MAX_EPOCHS + 1), id="epochs above"),
        pytest.param((*SWEEP, "--snapshots", "A", "--epochs", MAX_EPOCHS + 1), id="epochs of a sweep"),
        pytest.param((*SWEEP, "--snapshots", "A", "--seeds", "-1"), id="seeds below"),
        pytest.param((*SWEEP, "--snapshots", "A", "--seeds", f"0,{MAX_SEED + 1}"), id="seeds above"),
        pytest.param((*SWEEP, "--snapshots", "A", "--seeds", "9" * 5_000), id="seeds of many digits"),
    ],
)
def test_numbers_beyond_their_bounds_are_refused(frozen, words):
    code, output = fercore(*words, "--weights", "none")
    assert code == 2 and ("is not" in output or "give whole numbers from 0 to" in output)
    assert run_details.listed(frozen) == []


@pytest.mark.parametrize(("seed", "epochs"), [(0, 0), (MAX_SEED, MAX_EPOCHS)])
def test_numbers_at_their_bounds_are_taken(frozen, seed, epochs):
    code, output = fercore(*TRAIN, "--seed", seed, "--epochs", epochs, "--weights", "none")
    assert code == 0, output
    assert (run_details.view(frozen, 1).run.seed, run_details.view(frozen, 1).run.epochs) == (seed, epochs)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["A"], ["A"], id="one"),
        pytest.param(["A, B"], ["A", "B"], id="a list"),
        pytest.param(["A", "B"], ["A", "B"], id="repeated"),
        pytest.param(["A, mild, and B"], ["A, mild, and B"], id="commas in a name"),
        pytest.param(["A, mild, and B", "B,A"], ["A, mild, and B", "B", "A"], id="both"),
    ],
)
def test_snapshots_of_a_sweep(frozen, words, expected):
    code, output = fercore(*SWEEP, *(part for word in words for part in ("--snapshots", word)), "--weights", "none")
    assert code == 0, output
    assert [item.cell.snapshot for item in sweeps.view(frozen, 1).cells] == expected


@pytest.mark.parametrize("words", [TRAIN, (*SWEEP, "--snapshots", "A")], ids=["train", "sweep"])
@pytest.mark.parametrize(("given", "expected"), [("mine.h5", "{here}/mine.h5"), ("none", "none")])
def test_weights_are_kept_with_their_whole_path(frozen, tmp_path, monkeypatch, words, given, expected):
    (tmp_path / "mine.h5").touch()
    monkeypatch.chdir(tmp_path)
    code, output = fercore(*words, "--weights", given)
    assert code == 0, output
    assert run_details.view(frozen, 1).run.weights == expected.format(here=tmp_path)
    if words[0] == "sweep":
        assert sweeps.listed(frozen)[0].plan["weights"] == expected.format(here=tmp_path)


@pytest.mark.parametrize(("given", "expected"), [("all", list(STUDY)), ("every", list(BACKBONES))])
def test_all_backbones_are_the_studys_and_every_one_has_the_others_too(frozen, given, expected):
    code, output = fercore("sweep", "--backbones", given, "--recipe", "modern", "--snapshots", "A", "--weights", "none")
    assert code == 0, output
    assert [item.cell.backbone for item in sweeps.view(frozen, 1).cells] == expected


@pytest.mark.parametrize("words", [("train", "--snapshot"), ("sweep", "--snapshots")], ids=["train", "sweep"])
def test_a_backbone_without_published_weights_does_not_start_from_them(frozen, words):
    option = "--backbone" if words[0] == "train" else "--backbones"
    code, output = fercore(*words, "A", option, "SmallResNet")
    assert code == 2 and "no ImageNet weights of SmallResNet: train it with --weights none" in output
    assert run_details.listed(frozen) == []


def test_a_broken_recipe_is_told_and_the_others_serve(frozen):
    recipes.save(frozen, MODERN.model_copy(update={"name": "mine"}))
    (frozen.recipes / "broken.yaml").write_text("name: x\nepochs: 2024-13-45")
    code, output = fercore("recipes", "--json")
    assert code == 0 and "broken.yaml: This is not YAML: '2024-13-45'" in output
    assert [load["name"] for load in json.loads(output.splitlines()[-1])] == ["paper", "modern", "mine"]
    assert fercore(*TRAIN, "--weights", "none")[0] == 0


@pytest.mark.parametrize(
    ("faces", "strict", "code"),
    [
        pytest.param([0, 1, 2, 3, 4, 5, 6] * 20, False, 0, id="nothing to warn of"),
        pytest.param([0, 1, 2, 3, 4, 5, 6] * 20, True, 0, id="nothing to refuse"),
        pytest.param([0, 1] * 70, False, 0, id="warned of and trained"),
        pytest.param([0, 1] * 70, True, 2, id="refused"),
    ],
)
@pytest.mark.parametrize("words", [TRAIN, (*SWEEP, "--snapshots", "A")], ids=["train", "sweep"])
def test_strict_refuses_warnings_and_nothing_else(lite, monkeypatch, faces, strict, code, words):
    monkeypatch.setattr(queue, "advance", lambda store: None)
    monkeypatch.setattr(preflight, "cautions", lambda store, *requests: [] if len(set(faces)) == 7 else [UNBALANCED])
    fill(lite, "D", faces)
    snapshots.freeze(lite, "A", ["D"])
    message, answers = fercore(*words, "--weights", "none", *(["--strict"] if strict else []))
    assert message == code, answers
    assert len(run_details.listed(lite)) == (0 if code else 1)
    assert (UNBALANCED.text in answers) == (len(set(faces)) < 7)


def ended(store, name="A"):
    """A run of VGG16 that has ended, with a model."""
    number = runs.create(store, TrainRequest(name, "VGG16", MODERN, "none"))
    with store.database.writing() as session:
        run_table.set_values(session, number, status="done", reported_epoch=1)
    (store.run_folder(number) / "model.keras").write_bytes(b"model")
    return number


def test_a_run_is_continued_on_another_snapshot(frozen):
    number = ended(frozen)
    train = ("train", "--snapshot", "B", "--backbone", "VGG16", "--recipe", "modern", "--from-run", number)
    code, output = fercore(*train)
    assert code == 0 and f"  continues run {number} on 'A'; epochs: 0" in output
    printed = json.loads(fercore("run", 2, "--json")[1])
    assert (printed["continues"], printed["weights"], printed["snapshot"]) == (number, f"run {number}", "B")
    assert printed["record"]["continues"][0]["snapshot_hash"] == run_details.view(frozen, number).snapshot.hash


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--from-run", 1, "--weights", "none"), "not both"),
        (("--from-run", 9), "no run '9'"),
        (("--from-run", 1, "--recipe", "paper"), "Run 1 was trained with input_px 64: a recipe with 48 cannot"),
        (("--from-run", 1, "--backbone", "Xception"), "Run 1 is a VGG16"),
    ],
)
def test_a_run_that_cannot_be_continued_says_why(frozen, words, sentence):
    ended(frozen)
    code, output = fercore(*TRAIN, *words)
    assert code == 2 and sentence in output and len(run_details.listed(frozen)) == 1
