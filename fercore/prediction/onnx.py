"""A model as an ONNX file, read by ONNX Runtime: no Keras, no TensorFlow, a tenth of a second to load."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fercore.emotions import EMOTIONS
from fercore.errors import InputError, StoredDataError
from fercore.language.sentences import sentence
from fercore.prediction.face_reader import FaceReader
from fercore.prediction.onnx_file import check, read
from fercore.training.models.backbones import FACE_PX

INPUT: Final = "faces"
OUTPUT: Final = "emotions"
NOVELTY: Final = "novelty"  # which files of runs without enough validation faces do not have
LABELS: Final = "labels"  # the note that names the columns of the output
RUNTIME: Final = "onnxruntime"
_ENDS: Final = 2  # the input and the output of every file
_SILENT: Final = 4  # ONNX Runtime's own reports would stand on stderr beside fercore's sentence
# A batch of 64 faces of the largest backbone at 96 pixels takes a third of it.
_MEMORY: Final = 2 * 2**30
_LIMITED: Final[list[bool]] = []


def is_installed() -> bool:
    """True if ONNX Runtime can be imported here."""
    return find_spec(RUNTIME) is not None


class OnnxPredictor(FaceReader):
    """Reads faces with one ONNX file; sessions of ONNX Runtime take calls from many threads at once."""

    batch = 32  # larger ones leave the caches of a core

    def __init__(self, session: Any, notes: dict[str, str], knows_novelty: bool = False) -> None:
        """`session` maps `faces`, (N, 48, 48) float32 gray 0..255, to `emotions`, (N, 7), and to `novelty`, (N,), if it
        knows that; see `load`.
        """
        super().__init__()
        self._session = session
        self._knows_novelty = knows_novelty
        self.notes = notes

    @classmethod
    def load(cls, path: Path) -> "OnnxPredictor":
        """The model in a file; raises what `of` does, and StoredDataError for a file that cannot be read."""
        return cls.of(read(path), path.name)

    @classmethod
    def of(cls, data: bytes, name: str) -> "OnnxPredictor":
        """The model in a file's bytes.

        Raises StoredDataError for a file that is broken, forged or of another model, InputError without ONNX Runtime.
        """
        facts = check(data, name)
        try:
            session = _session(data)
            said = [(each.name, each.type, each.shape) for each in (*session.get_inputs(), *session.get_outputs())]
        except InputError:
            raise
        except Exception as error:  # ONNX Runtime raises many types for a graph that it refuses
            raise StoredDataError(
                sentence("The ONNX file '{name}' is broken: ONNX Runtime refuses it. Export the run again.", name=name)
            ) from error
        _check_signature(said, name)
        predictor = cls(session, facts.notes, knows_novelty=len(said) > _ENDS)
        predictor._try_out(name)
        return predictor

    @property
    def card(self) -> dict[str, Any]:
        """The model card that the file carries; empty where it carries none."""
        try:
            card = json.loads(self.notes.get("card", "{}"))
        except ValueError:
            return {}
        return card if isinstance(card, dict) else {}

    def novelty(self, pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32] | None:
        """(N, 48, 48) uint8 → (N,) float32, see `FaceReader.novelty`."""
        if not self._knows_novelty:
            return None
        parts = [
            self._session.run([NOVELTY], {INPUT: pixels[start : start + self.batch].astype(np.float32)})[0]
            for start in range(0, len(pixels), self.batch)
        ]
        return np.concatenate(parts) if parts else np.empty(0, np.float32)

    def _said(self, part: npt.NDArray[np.uint8]) -> Any:
        return self._session.run([OUTPUT], {INPUT: part.astype(np.float32)})[0]

    def _try_out(self, name: str) -> None:
        """Two faces tell whether it gives probabilities at all."""
        faces = np.stack([np.zeros((FACE_PX, FACE_PX), np.uint8), np.full((FACE_PX, FACE_PX), 255, np.uint8)])
        try:
            said = np.asarray(self._said(faces))
            sound = said.shape == (2, len(EMOTIONS)) and (said >= 0).all() and np.allclose(said.sum(1), 1, atol=1e-3)
        except Exception as error:
            raise StoredDataError(
                sentence("The ONNX file '{name}' is broken: ONNX Runtime refuses it. Export the run again.", name=name)
            ) from error
        if not sound or _labels(self.notes) != EMOTIONS:
            raise StoredDataError(
                sentence("The ONNX file '{name}' gives no probabilities of the seven emotions.", name=name)
            )


def _labels(notes: dict[str, str]) -> tuple[str, ...]:
    """The emotions of the columns as the file names them; fercore's own where it names none."""
    try:
        return tuple(json.loads(notes[LABELS])) if LABELS in notes else EMOTIONS
    except (ValueError, TypeError):
        return ()


def _session(data: bytes) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise InputError(
            sentence("An ONNX file needs the package {package}: pip install {package}", package=RUNTIME)
        ) from error
    _limit_memory(onnxruntime)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _SILENT
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.add_session_config_entry("session.load_model_format", "ONNX")
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # cores are left to others at once
    return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])


def _limit_memory(onnxruntime: Any) -> None:
    """Let a graph that asks for too much fail in place of the process; all sessions of a process share the limit."""
    if _LIMITED:
        return
    _LIMITED.append(True)
    kind = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    onnxruntime.create_and_register_allocator(kind, onnxruntime.OrtArenaCfg({"max_mem": _MEMORY}))


def _check_signature(said: list[tuple[str, str, list[Any]]], name: str) -> None:
    """One input, one output and novelty or none, by names, kinds and sides; the number of faces stays open."""
    expected: list[tuple[str, list[Any]]] = [(INPUT, [FACE_PX, FACE_PX]), (OUTPUT, [len(EMOTIONS)]), (NOVELTY, [])]
    expected = expected[: max(len(said), _ENDS)]
    sound = len(said) == len(expected) and all(
        (given, kind, shape[1:]) == (wanted, "tensor(float)", sides) and not isinstance(shape[0], int)
        for (given, kind, shape), (wanted, sides) in zip(said, expected, strict=True)
        if shape
    )
    if not sound or not all(shape for _, _, shape in said):
        words = "; ".join(f"{given} {kind} {shape}" for given, kind, shape in said)
        raise StoredDataError(
            sentence(
                "The ONNX file '{name}' holds another model ({words}); expected faces [N, 48, 48] and emotions [N, 7], "
                "both float.",
                name=name,
                words=words[:200],
            )
        )
