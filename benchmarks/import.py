"""Whole import of FER2013's CSV against the plain way to read it, on the same file in the same run.

The plain way is `pandas.read_csv` and `numpy.fromstring` for each row; it stores nothing. Each way runs
in a process of its own, in turn; the ratio of the best times is printed, and the import's peak memory.

    python benchmarks/import.py FER2013.csv
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3


def plain(path: Path, _cleanup: ExitStack) -> int:
    """Read every row as the notebooks do; returns the number of rows."""
    import warnings

    import numpy as np
    import pandas as pd

    warnings.simplefilter("ignore", DeprecationWarning)
    table = pd.read_csv(path)
    pictures = [np.fromstring(text, dtype=np.uint8, sep=" ").reshape(48, 48) for text in table["pixels"]]
    return len(pictures)


def ours(path: Path, cleanup: ExitStack) -> int:
    """Import into an empty installation; returns the number of faces stored."""
    from fercore.jobs import queue
    from fercore.services.datasets.imports import ImportRequest, import_source
    from fercore.settings import Settings
    from fercore.store import open_store
    from fercore.store.jobs import queue as job_queue

    folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory()))
    store = open_store(Settings(data_dir=folder, models_dir=folder / "models", user="bench"))
    cleanup.callback(store.database.close)
    added = import_source(store, ImportRequest("fer2013", path, "FER2013")).added
    with store.database.reading() as session:
        for job in job_queue.active(session):  # the orders, for which nobody waits, nor shall the next round
            cleanup.callback(queue.wait, store, job.id)
    return added


def measured(way: str, path: Path) -> tuple[float, float, int]:
    """Seconds, peak megabytes and rows of one way in a process of its own."""
    command = [sys.executable, __file__, str(path), "--way", way]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    seconds, megabytes, rows = answer.stdout.split()
    return float(seconds), float(megabytes), int(rows)


def main() -> None:
    """Compare both ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("csv", type=Path)
    parser.add_argument("--way", choices=["plain", "ours"])
    given = parser.parse_args()
    if given.way:
        with ExitStack() as cleanup:
            started = time.perf_counter()
            rows = {"plain": plain, "ours": ours}[given.way](given.csv, cleanup)
            seconds = time.perf_counter() - started
            print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, rows)
        return
    best: dict[str, tuple[float, float, int]] = {}
    for _ in range(ROUNDS):
        for way in ("plain", "ours"):
            result = measured(way, given.csv)
            best[way] = min(best.get(way, result), result)
    for way, (seconds, megabytes, rows) in best.items():
        print(f"{way:6} {seconds:6.1f} s  {megabytes:6.0f} MB  {rows:,} rows")
    print(f"ratio {best['ours'][0] / best['plain'][0]:.2f} (goal: at most 4), memory goal: under 1,500 MB")


if __name__ == "__main__":
    main()
