"""The API under load from a second process on loopback, and the pages of the same server meanwhile.

2,000 requests of one photo each (one megapixel, one face), 20 at a time; percentiles of their times, and beside them,
before and during the load: the server's sign of life, a page's first byte, and a page opened in a real Chromium. The
rate limit is lifted, since all requests come from one address. The model is a MobileNetV2 with random weights.

    python benchmarks/api.py
"""

import argparse
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.predict import installation

REQUESTS, AT_ONCE, PHOTO_SIZE = 2000, 20, (1152, 864)
BOUNDARY = "0123456789abcdef"
APP = ("streamlit", "run", "app.py", "--server.port")
PAUSE, RESULT, LOGGED = 0.25, "result.json", 4000
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]


def form(photo: bytes) -> bytes:
    """A multipart form with one photo."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="photo.jpg"\r\n\r\n'
    return head.encode() + photo + f"\r\n--{BOUNDARY}--\r\n".encode()


def load(port: int, photo: Path, requests: int, at_once: int) -> None:
    """The second process: send the photo again and again, and print seconds and outcomes as JSON."""
    body, own = form(photo.read_bytes()), threading.local()

    def ask(_: int) -> tuple[float, str]:
        began = time.perf_counter()
        try:
            if not hasattr(own, "connection"):
                own.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
            headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
            own.connection.request("POST", "/api/v1/predict", body, headers)
            answer = own.connection.getresponse()
            read = json.loads(answer.read())
            outcome = f"{answer.status}, {len(read[0]['faces'])} face" if answer.status == 200 else str(answer.status)
        except (OSError, http.client.HTTPException) as error:
            own.connection.close()
            outcome = type(error).__name__
        return time.perf_counter() - began, outcome

    with ThreadPoolExecutor(at_once) as threads:
        results = list(threads.map(ask, range(requests)))
    print(json.dumps({"seconds": [seconds for seconds, _ in results], "outcomes": Counter(o for _, o in results)}))


def served(environment: dict[str, str], log: Path, *words: str) -> tuple["subprocess.Popen[bytes]", int]:
    """A server as a process of its own, once it answers; what it says is in the log.

    `words` are those after `python -m`, but for the port.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", *words, str(port)]
    with log.open("w") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
    while True:
        try:
            if get(port, "/healthz") == 200:
                return process, port
        except OSError:
            time.sleep(0.1)


def get(port: int, path: str) -> int:
    """The status of an address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def timed(work: Callable[[], object]) -> float:
    """The seconds of a work."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def told(what: str, seconds: list[float]) -> None:
    """One line of percentiles in milliseconds."""
    ordered = sorted(seconds)
    shares = {"median": 0.5, "90 %": 0.9, "99 %": 0.99, "most": 1.0}
    marks = {name: ordered[min(len(ordered) - 1, int(share * len(ordered)))] for name, share in shares.items()}
    print(f"{what}: " + ", ".join(f"{name} {1000 * value:,.0f} ms" for name, value in marks.items()))


def pages(port: int, while_: Callable[[], bool], browser: Any) -> dict[str, list[float]]:
    """Times of what a visitor notices, as long as something lasts."""
    taken: dict[str, list[float]] = {"sign of life": [], "first byte of a page": [], "page opened in a browser": []}

    def open_page() -> None:
        page = browser.new_page()
        page.goto(f"http://localhost:{port}/predict")
        page.locator("h1").first.wait_for(timeout=60_000)
        page.close()

    while while_():
        taken["sign of life"].append(timed(lambda: get(port, "/_stcore/health")))
        taken["first byte of a page"].append(timed(lambda: get(port, "/")))
        taken["page opened in a browser"].append(timed(open_page))
        time.sleep(PAUSE)
    return taken


def peak_megabytes(pid: int) -> float:
    """The most memory that a process has had."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def started(port: int, photo: Path, requests: int, at_once: int) -> "subprocess.Popen[bytes]":
    """The second process; its result is a file beside the photo."""
    command = [sys.executable, __file__, "--client", str(port), "--photo", str(photo)]
    command += ["--requests", str(requests), "--at-once", str(at_once)]
    with photo.with_name(RESULT).open("w") as said:
        return subprocess.Popen(command, cwd=ROOT, stdout=said)


def report(folder: Path, lasted: float) -> None:
    """Print what came of the requests; of failures, the end of the server's log, too."""
    result = json.loads((folder / RESULT).read_text())
    count = len(result["seconds"])
    print(f"{count:,} requests in {lasted:.0f} s ({count / lasted:.1f} per second): {result['outcomes']}")
    if any(not outcome.startswith("200") for outcome in result["outcomes"]):
        print((folder / "server.log").read_text()[-LOGGED:])
    told("a request", result["seconds"])


def measure(folder: Path, requests: int, at_once: int) -> None:
    """Start the app, measure its pages alone and under load, and print all."""
    from playwright.sync_api import sync_playwright

    from fercore.drawing.photos import portrait_photo
    from fercore.drawing.styles import Style

    photo = folder / "photo.jpg"
    portrait_photo([(Style.WEST, 3)], seed=2, size=PHOTO_SIZE).save(photo, quality=90)
    server, port = served({**installation(folder), "FERCORE_API_RATE": "0"}, folder / "server.log", *APP)
    chromium = shutil.which("chromium") or shutil.which("chromium-headless-shell")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            pages(port, iter([True, True, False]).__next__, browser)  # what is imported once
            before = pages(port, iter([True] * 6 + [False]).__next__, browser)
            began = time.perf_counter()
            client = started(port, photo, requests, at_once)
            during = pages(port, lambda: client.poll() is None, browser)
            lasted = time.perf_counter() - began
            browser.close()
        report(folder, lasted)
        for name in before:
            told(f"{name}, alone", before[name])
            told(f"{name}, meanwhile", during[name])
        print(f"peak memory of the server: {peak_megabytes(server.pid):,.0f} MB")
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """The measurement, or its second process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--at-once", type=int, default=AT_ONCE)
    parser.add_argument("--client", type=int, metavar="PORT", help=argparse.SUPPRESS)
    parser.add_argument("--photo", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.client:
        load(given.client, given.photo, given.requests, given.at_once)
        return
    with tempfile.TemporaryDirectory() as name:
        os.environ["FERCORE_USER"] = "bench"
        measure(Path(name), given.requests, given.at_once)


if __name__ == "__main__":
    main()
