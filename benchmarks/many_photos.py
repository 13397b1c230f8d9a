"""Extract thousands of photos in a process that is killed twice; prints pace, memory and what was stored.

Distinct photos of 1 to 2 megapixels are made of drawn people: mirrored, moved, brightened, on textured ground.
The pace is compared with the plain loop (whole decoding, `detectMultiScale(1.1, 5)`) on some of the same photos.

    python benchmarks/many_photos.py [--photos 20000] [--folder /data/made]
"""

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from fercore.drawing.photos import portrait_photo

BASES = 40
KILLS = (0.25, 0.6)  # of the photos stored
PLAIN = 60


@cache
def base(number: int) -> Image.Image:
    """One drawn person."""
    return portrait_photo([(("west", "east")[number % 2], number % 7)], number, (900, 700))


def make(job: tuple[int, str]) -> None:
    """Write the photo of that number, never the same as another."""
    number, folder = job
    rng = np.random.default_rng(number)
    side = int(rng.integers(1160, 1640))
    size = (side, round(side * 0.82))
    ground = np.asarray(Image.fromarray(rng.integers(60, 200, (9, 11, 3), np.uint8)).resize(size))
    person = base(int(rng.integers(BASES)))
    person = ImageOps.mirror(person) if rng.random() < 0.5 else person
    person = ImageEnhance.Brightness(person).enhance(float(rng.uniform(0.7, 1.25)))
    width = int(rng.integers(500, 900))
    person = person.resize((width, round(width * 7 / 9)))
    picture = Image.fromarray(ground)
    picture.paste(person, (int(rng.integers(size[0] - width)), int(rng.integers(size[1] - person.height))))
    picture.save(Path(folder, f"{number:06}.jpg"), quality=88)


def plain_rate(photos: list[Path]) -> float:
    """Photos a second of the plain loop."""
    import cv2

    cascade = cv2.CascadeClassifier(f"{cv2.data.haarcascades}haarcascade_frontalface_default.xml")
    started = time.perf_counter()
    for path in photos:
        cascade.detectMultiScale(cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2GRAY), 1.1, 5)
    return len(photos) / (time.perf_counter() - started)


def memory(session: int) -> float:
    """Megabytes that the processes of a session hold together (shared pages counted once for each)."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[3]) == session:
                total += int((stat.parent / "statm").read_text().split()[1])
        except OSError:
            continue
    return total * os.sysconf("SC_PAGE_SIZE") / 2**20


def stored(data: Path) -> int:
    """Photos in the store so far."""
    import sqlite3

    if not (data / "fercore.db").exists():
        return 0
    connection = sqlite3.connect(f"file:{data / 'fercore.db'}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT count(*) FROM photos").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def extract(photos: Path, data: Path, until: int | None) -> tuple[float, float]:
    """Run the command, killed when `until` photos are stored; returns seconds and peak megabytes."""
    environment = {**os.environ, "FERCORE_DATA_DIR": str(data), "FERCORE_MODELS_DIR": str(data / "models")}
    command = [sys.executable, "-m", "fercore", "extract", str(photos), "--dataset", "Made", "--json"]
    started, peak = time.perf_counter(), 0.0
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    while process.poll() is None:
        time.sleep(0.5)
        peak = max(peak, memory(process.pid))
        if until is not None and stored(data) >= until:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    return time.perf_counter() - started, peak


def digest(data: Path) -> tuple[int, int, str]:
    """Photos, faces, and a hash over all faces' identities and pixels."""
    import sqlite3

    connection = sqlite3.connect(data / "fercore.db")
    rows = connection.execute("SELECT identity, pixel_hash FROM faces ORDER BY identity").fetchall()
    photos = int(connection.execute("SELECT count(*) FROM photos").fetchone()[0])
    connection.close()
    return photos, len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def main() -> None:
    """Make, extract with two kills, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="keep the photos here and use those that are there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        photos, data = given.folder or Path(spare, "photos"), Path(spare, "data")
        photos.mkdir(parents=True, exist_ok=True)
        data.mkdir()
        missing = [(n, str(photos)) for n in range(given.photos) if not (photos / f"{n:06}.jpg").exists()]
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            list(pool.map(make, missing, chunksize=50))
        plain = plain_rate(sorted(photos.iterdir())[:PLAIN])
        seconds, peak = 0.0, 0.0
        for share in (*KILLS, None):
            took, most = extract(photos, data, None if share is None else round(share * given.photos))
            seconds, peak = seconds + took, max(peak, most)
            print(f"{'finished' if share is None else 'killed'} with {stored(data):,} photos stored", flush=True)
        rate = given.photos / seconds
        digests, faces, boxes = digest(data)
    print(f"{digests:,} photos, {faces:,} faces, digest {boxes}")
    print(f"{rate:.1f} photos/s with both kills, plain loop {plain:.1f}: ratio {rate / plain:.1f}")
    print(f"peak memory of all its processes {peak:.0f} MB (goal: under 1,500 MB)")


if __name__ == "__main__":
    main()
