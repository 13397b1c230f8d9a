"""What Streamlit does after each run of a page, before and after a model was loaded to predict in the same process.

It collects garbage and clears Keras' session, with Python's lock held: every page and every message of the review grid
waits for it. Three processes in turn: no model; a model as `Predictor.load` loads it; the same with Keras imported as
usual. Medians; compare the ratios.

    python benchmarks/after_prediction.py
"""

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

ROUNDS, RUNS = 3, 15
WAYS = ("no model", "as fercore loads it", "Keras imported as usual")


def page_run_ends() -> float:
    """Milliseconds of what Streamlit does then; see its `script_runner`."""
    started = time.perf_counter()
    if "keras" in sys.modules:
        sys.modules["keras"].backend.clear_session()
    gc.collect(2)
    return (time.perf_counter() - started) * 1000


def measured(way: str) -> float:
    """The median after imports that the app makes at its start, and, by two ways, after a prediction."""
    import numpy as np

    from fercore.prediction.predictor import Predictor
    from fercore.ui.shell import preload

    with preload.uncollected():
        preload._import((*preload.FIRST_NEEDED, *preload.LATER_NEEDED))
    if way != "no model":
        if way == "Keras imported as usual":
            import keras  # noqa: F401
        file = Path(sys.argv[2])
        Predictor.load(file, file.parent).probabilities(np.zeros((1, 48, 48), np.uint8))
    return statistics.median(page_run_ends() for _ in range(RUNS))


def save_model(file: Path) -> None:
    """MobileNetV2 with the weights that it starts from."""
    from fercore.training.models import backbones, network
    from fercore.training.recipes.recipe import MODERN

    network.build(backbones.backbone("MobileNetV2"), MODERN, None).save(file)


def main() -> None:
    """Print the medians of all processes and their ratios to fercore's way."""
    if len(sys.argv) > 1:
        if sys.argv[1] == "save":
            save_model(Path(sys.argv[2]))
        else:
            print(measured(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.keras"
        quiet = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        subprocess.run([sys.executable, __file__, "save", str(file)], check=True, env=quiet, stderr=subprocess.DEVNULL)
        times: dict[str, list[float]] = {way: [] for way in WAYS}
        for _ in range(ROUNDS):
            for way in WAYS:
                command = [sys.executable, __file__, way, str(file)]
                done = subprocess.run(command, check=True, env=quiet, capture_output=True, text=True)
                times[way].append(float(done.stdout.split()[-1]))
    ours = statistics.median(times[WAYS[1]])
    for way in WAYS:
        took = statistics.median(times[way])
        print(f"{way:24} {took:7.2f} ms  {took / ours:6.2f} times what fercore takes")


if __name__ == "__main__":
    main()
