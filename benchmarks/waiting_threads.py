"""Threads of linear algebra that sleep while they wait, beside those that spin, alone and beside other work.

    python benchmarks/waiting_threads.py [--faces 1500] [--rounds 3]

Pictures that are no whole face are searched among generated faces, as an audit does it, by a process of its own: with
the libraries' own settings, and with `fercore.process.let_threads_sleep`, in turn, on an idle machine and beside one
busy process for each core. Printed are the medians of seconds, of the processor's seconds, and their ratios.
"""

import argparse
import multiprocessing
import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEARCH = """
import resource, sys, time
sys.path.insert(0, {root!r})
from fercore.process import let_threads_sleep
if {sleep}:
    let_threads_sleep()
from fercore.curation.not_faces import search
from fercore.drawing.faces import dataset
pixels, _ = dataset("west", {faces} // 7, 0)
started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF)
search.find(len(pixels), lambda places: pixels[places])
after = resource.getrusage(resource.RUSAGE_SELF)
print(time.monotonic() - started, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
"""


def searched(faces: int, sleep: bool) -> tuple[float, float]:
    """Seconds, and the processor's, of one search."""
    code = SEARCH.format(root=str(ROOT), sleep=sleep, faces=faces)
    own = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "OPENBLAS_"))}
    answer = subprocess.run([sys.executable, "-c", code], env=own, capture_output=True, text=True, check=True)
    wall, processor = answer.stdout.split()
    return float(wall), float(processor)


def busy() -> None:
    """Use one core until the process is ended."""
    while True:
        sum(range(100_000))


def main() -> None:
    """Print both settings alone and beside other work."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--faces", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    for beside in (0, os.cpu_count() or 1):
        others = [multiprocessing.Process(target=busy, daemon=True) for _ in range(beside)]
        for other in others:
            other.start()
        taken: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
        for _ in range(given.rounds):
            for sleep in taken:
                taken[sleep].append(searched(given.faces, sleep))
        for other in others:
            other.terminate()
        medians = {
            sleep: [statistics.median(part) for part in zip(*rows, strict=True)] for sleep, rows in taken.items()
        }
        (wall, processor), (wall_spun, processor_spun) = medians[True], medians[False]
        print(
            f"beside {beside} busy processes: {wall_spun:.2f} s and {processor_spun:.2f} of the processor as the "
            f"libraries are set, {wall:.2f} s and {processor:.2f} asleep: {wall_spun / wall:.2f} and "
            f"{processor_spun / processor:.2f} times less",
            flush=True,
        )


if __name__ == "__main__":
    main()
