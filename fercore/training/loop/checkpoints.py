"""A training's folder: the model that is reported, and the checkpoint from which it can go on.

`training.json` names the checkpoint that belongs to it and is replaced last, so a crash at any moment
leaves a state and a checkpoint that fit each other.
"""

import os
from pathlib import Path
from typing import Final

import keras
from pydantic import BaseModel, ConfigDict, ValidationError

from fercore.errors import InputError, StoredDataError
from fercore.language.sentences import sentence
from fercore.training.hardware.memory import is_out_of_memory
from fercore.training.hardware.precision import Arithmetic
from fercore.training.loop.events import EpochMetrics
from fercore.training.models.network import computing_in
from fercore.training.recipes.recipe import Recipe

MODEL_FILE: Final = "model.keras"
STATE_FILE: Final = "training.json"
_PART: Final = ".part.keras"  # Keras writes to names that end in its suffix only.


class TrainingState(BaseModel):
    """The state of a training so far, and its plan."""

    model_config = ConfigDict(frozen=True)

    plan: dict[str, str | int]
    history: list[EpochMetrics]
    checkpoint: str

    @property
    def parts(self) -> int:
        """In how many parts each batch was cut."""
        return int(self.plan.get("parts", 1))

    @property
    def arithmetic(self) -> Arithmetic:
        """The arithmetic it computed in."""
        known = {str(arithmetic): arithmetic for arithmetic in Arithmetic}
        return known.get(str(self.plan.get("arithmetic")), Arithmetic.FLOAT32)


def save_model(model: keras.Model, folder: Path) -> Path:
    """Write a model that has no optimizer as `model.keras`."""
    path = folder / MODEL_FILE
    _save(model, path)
    return path


def write_whole(path: Path, text: str) -> None:
    """Replace a small file, so that a reader finds the old text or the new one."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    _sync(part)
    part.replace(path)


def save_checkpoint(model: keras.Model, folder: Path, plan: dict[str, str | int], history: list[EpochMetrics]) -> None:
    """Write model and optimizer, then the state that names them; older checkpoints go."""
    state = TrainingState(plan=plan, history=history, checkpoint=f"checkpoint-{len(history):04d}.keras")
    _save(model, folder / state.checkpoint)
    write_whole(folder / STATE_FILE, state.model_dump_json(indent=1))
    for old in folder.glob("checkpoint-*.keras"):
        if old.name != state.checkpoint:
            old.unlink(missing_ok=True)


def forget_checkpoint(folder: Path) -> None:
    """Delete what only a training that goes on needs; the reported model stays."""
    (folder / STATE_FILE).unlink(missing_ok=True)
    for pattern in ("checkpoint-*.keras", f"*{_PART}"):
        for path in folder.glob(pattern):
            path.unlink(missing_ok=True)


def load_state(folder: Path, plan: dict[str, str | int]) -> TrainingState | None:
    """The state of an earlier training in this folder, or None.

    Its batches may have been cut into other parts, and it may have computed in another arithmetic.

    Raises `InputError` when it had another plan, `StoredDataError` when it cannot be read.
    """
    path = folder / STATE_FILE
    if not path.is_file():
        return None
    try:
        state = TrainingState.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise StoredDataError(
            sentence("'{path}' is not a readable training state. Start the training again.", path=path)
        ) from error
    fixed = [name for name in plan if name not in ("parts", "arithmetic")]
    changed = [name for name in fixed if not _same(name, plan[name], state.plan.get(name))]
    if changed:
        raise InputError(
            sentence(
                "The training in '{name}' cannot go on: {changed} changed since it began. Resume it "
                "with the plan it had, or start a new run.",
                name=folder.name,
                changed=", ".join(changed),
            )
        )
    return state


def _same(name: str, now: str | int, before: str | int | None) -> bool:
    """True if a part of the plan is as it was; a recipe written before a knob existed has that knob's default."""
    if name != "recipe":
        return now == before
    try:
        return Recipe.model_validate_json(str(now)) == Recipe.model_validate_json(str(before))
    except ValidationError:
        return False


def load_checkpoint(folder: Path, state: TrainingState) -> keras.Model:
    """The compiled keras.Model with its optimizer's state; raises `StoredDataError` when it is broken."""
    path = folder / state.checkpoint
    if Path(state.checkpoint).name != state.checkpoint:
        raise StoredDataError(sentence("'{path}' names a checkpoint outside its folder.", path=folder / STATE_FILE))
    try:
        # Else Keras leaves out the scaling of float16's loss, and with it the optimizer's whole state.
        with computing_in(state.arithmetic):
            return keras.saving.load_model(path, safe_mode=True)
    except Exception as error:  # zipfile, h5py and Keras raise many types for a broken file
        if is_out_of_memory(error) or (isinstance(error, OSError) and error.errno):
            raise  # Nothing is wrong with the file.
        raise StoredDataError(
            sentence("The checkpoint '{path}' cannot be read. Start the training again.", path=path)
        ) from error


def _save(model: keras.Model, path: Path) -> None:
    """Write `path` whole or not at all."""
    part = path.with_name(f"{path.stem}{_PART}")
    try:
        model.save(part)
        _sync(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)  # Half a file takes room where the disk is full.


def _sync(path: Path) -> None:
    """Have the bytes on the disk before a rename makes them count."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
