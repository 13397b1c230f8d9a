"""The process that makes a model's file: started, listened to, stopped with its job."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from fercore.errors import FercoreError, InputError
from fercore.language import tr
from fercore.prediction.conversion import Conversion, Converted
from fercore.prediction.formats import FORMATS, LARGEST, ModelFormat
from fercore.process import environment
from fercore.progress import Progress
from fercore.services.prediction import model_files
from fercore.settings import ROOT

MINUTES: Final = 20
_LOOK_SECONDS: Final = 0.2
_MODULE: Final = "fercore.prediction.conversion"


@dataclass(frozen=True)
class SampleFaces:
    """Faces (N, 48, 48) uint8 for a conversion: those to compare on, and some that the model learned or validated on,
    which tell what is new to it.
    """

    compared: npt.NDArray[np.uint8]
    learned: npt.NDArray[np.uint8]
    validation: npt.NDArray[np.uint8]


def converted(
    model: Path, form: ModelFormat, faces: SampleFaces, notes: Mapping[str, str], progress: Progress
) -> tuple[bytes, Converted]:
    """A model file in another format, checked on these faces.

    Raises InputError where packages are missing, FercoreError where the process fails or the file says something else.
    """
    if lacking := model_files.lacking(form):
        raise InputError(
            tr(
                "To make a {format} file, install {packages}: pip install {names}",
                format=FORMATS[form].title,
                packages=", ".join(lacking),
                names=" ".join(lacking),
            )
        )
    with tempfile.TemporaryDirectory() as folder:
        target, asked = (Path(folder) / name for name in (FORMATS[form].file, "request.json"))
        given = {name: str(Path(folder, f"{name}.npy")) for name in vars(faces)}
        for name, pixels in vars(faces).items():
            np.save(given[name], pixels)
        request = Conversion(str(model), form, str(target), notes=dict(notes), **given)
        asked.write_text(json.dumps(asdict(request)), "utf-8")
        done = _listened(asked, progress, tr("Making the {format} file", format=FORMATS[form].title))
        data = target.read_bytes()
    if not done.largest < LARGEST:
        raise FercoreError(
            tr(
                "Keras and the {format} file differ by {largest}, and {most} is the most.",
                format=FORMATS[form].title,
                largest=f"{done.largest:.2g}",
                most=f"{LARGEST:g}",
            )
        )
    return data, done


def _listened(asked: Path, progress: Progress, message: str) -> Converted:
    """Wait for the process, and end it where its job is cancelled or it takes too long."""
    output, errors = asked.with_name("output"), asked.with_name("errors")
    with output.open("wb") as heard, errors.open("wb") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", _MODULE, str(asked)],
            cwd=ROOT,
            env=environment(KERAS_BACKEND="tensorflow", CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3"),
            stdin=subprocess.DEVNULL,
            stdout=heard,
            stderr=complaints,
        )
        try:
            _wait(process, progress, message)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if process.returncode:
        raise FercoreError(tr("The conversion failed: {why}", why=_last_line(errors)))
    try:
        return Converted(**json.loads(_last_line(output)))
    except (ValueError, TypeError) as error:
        raise FercoreError(tr("The conversion failed: {why}", why=_last_line(errors))) from error


def _wait(process: "subprocess.Popen[bytes]", progress: Progress, message: str) -> None:
    began = time.monotonic()
    while process.poll() is None:
        progress(0, 0, message)
        if time.monotonic() - began > MINUTES * 60:
            raise FercoreError(tr("The conversion takes too long: over {minutes} min.", minutes=MINUTES))
        time.sleep(_LOOK_SECONDS)


def _last_line(file: Path) -> str:
    lines = [line.strip() for line in file.read_text("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1][:300] if lines else "–"
