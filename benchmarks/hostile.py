"""Hundreds of hostile files and requests against the API of a server of its own, several at a time.

Each photo is sent before a good one, which must be read. Printed are the faults (none is right), the slowest, and the
server's memory: at its peak and at the end. The model is a MobileNetV2 with random weights.

    python benchmarks/hostile.py
"""

import argparse
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.api import get, peak_megabytes, served
from benchmarks.predict import installation
from tests.hostile import checking, files, models, pictures, requests
from tests.hostile.case import Case
from tests.hostile.checking import HttpClient
from tests.hostile.requests import Sent

AT_ONCE, SLOWEST = 3, 8
API = ("fercore", "serve", "--api-only", "--host", "127.0.0.1", "--port")
LOCAL = [*models.onnx_files(), *models.keras_files(), *models.archives()]


def megabytes(pid: int) -> float:
    """The memory of a process now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure(folder: Path, at_once: int) -> bool:
    """Send all, print what came of it; returns whether all is as it should be."""
    server, port = served({**installation(folder), "FERCORE_API_RATE": "0"}, folder / "server.log", *API)
    try:
        print(f"server with its model: {megabytes(server.pid):,.0f} MB", flush=True)
        results = sent_all(port, at_once) + [looked_at(case, folder) for case in LOCAL]
        faults = [(name, fault) for name, fault, _ in results if fault]
        print(f"{len(results)} cases, {len(results) - len(LOCAL)} over HTTP, {at_once} at a time")
        print(f"faults: {faults or 'none'}")
        for name, _, seconds in sorted(results, key=lambda each: -each[2])[:SLOWEST]:
            print(f"{seconds:6.1f} s  {name}")
        print(f"server: peak {peak_megabytes(server.pid):,.0f} MB, at the end {megabytes(server.pid):,.0f} MB")
        alive = server.poll() is None and get(port, "/healthz") == 200
        print(f"still answering: {'yes' if alive else 'no'}")
        return alive and not faults
    finally:
        server.terminate()
        server.wait()


def sent_all(port: int, at_once: int) -> list[tuple[str, str, float]]:
    """The name, fault and seconds of each photo and request."""
    client = HttpClient(port, seconds=300)

    def check(case: Case | Sent) -> tuple[str, str, float]:
        look, began = checking.request if isinstance(case, Sent) else checking.photo, time.perf_counter()
        try:
            fault = look(client.send, case)
        except (OSError, HTTPException) as error:
            fault = f"no answer: {type(error).__name__}"
        return case.name, fault, time.perf_counter() - began

    with ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(check, [*pictures.listed(), *files.listed(), *requests.listed()]))


def looked_at(case: Case, folder: Path) -> tuple[str, str, float]:
    """The same of a model or an archive."""
    began = time.perf_counter()
    look = checking.archive if case.name.startswith("zip") else checking.model
    return case.name, look(case, folder), time.perf_counter() - began


def main() -> None:
    """The measurement; exit code 1 where something fell over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["FERCORE_USER"] = "bench"
        sys.exit(0 if measure(Path(name), given.at_once) else 1)


if __name__ == "__main__":
    main()
