"""A map of a million generated faces in a real browser: bytes over the wire, and the time from a lasso to its answer;
beside Plotly's scattergl with the same points at 100,000. Then t-SNE's time for real faces.

    python benchmarks/face_map.py [--faces 1000000] [--beside 100000] [--real FER2013.npz]

Faces and points are generated (FER2013.npz holds `images` (N, 48, 48) uint8). The browser draws by software: its frames
a second say nothing of a machine with a graphics card. A lasso's time begins when the pointer is released and ends when
the count and the first tiles stand in the page; Plotly's ends at its event `plotly_selected`.
"""

import argparse
import math
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import plotly
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import text

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.browsing import served
from fercore.curation import embedding_map, features
from fercore.machine import cores
from fercore.services.audit import face_map
from fercore.services.audit.face_map import MapChoice
from fercore.settings import Settings
from fercore.store import Store, open_store
from fercore.store.audit import map_files
from fercore.store.audit.map_files import MapFile
from fercore.store.datasets import datasets

FLAGS: Final = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage", "--use-gl=angle",
                "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]  # fmt: skip
RADII: Final = (0.08, 0.15, 0.3, 0.5, 0.7)  # of the lassos, of the map's half
FRAMES: Final = """([seconds]) => new Promise(done => {
  const plot = document.querySelector('.fcm-root').fercoreMap.plot.drawn;
  let frames = 0, at = 0;
  plot.subscribe('draw', () => frames++);
  const began = performance.now();
  const step = () => {
    plot.set({ opacity: 0.5 + 0.01 * (at++ % 9) });
    if (performance.now() - began < 1000 * seconds) requestAnimationFrame(step);
    else done(frames / seconds);
  };
  step();
})"""
WIRE: Final = """() => performance.getEntriesByType('resource').filter(one => one.name.includes('/fercore/'))
  .map(one => [one.name.replace(/.*fercore/, '').replace(/[0-9a-f]{32}/, '…'), one.transferSize])"""
GEOMETRY: Final = """() => { const box = document.querySelector('.fcm-over').getBoundingClientRect();
  const plot = document.querySelector('.fcm-root').fercoreMap.plot;
  const [x, y] = plot.screenOf([0, 0]);
  return [box.left + x, box.top + y, plot.screenOf([1, 0])[0] - x]; }"""
RELEASED: Final = """() => window.addEventListener('pointerup', () => { window.released = performance.now(); }, true)"""
ANSWERED: Final = """() => { const ends = performance.getEntriesByName('fercore-answered');
  const last = ends[ends.length - 1]; return last ? last.startTime + last.duration - window.released : null; }"""


def points(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Seven clouds, an emotion to each: (N, 2) float32 from -1 to 1, and (N,) emotions."""
    random = np.random.default_rng(0)
    emotions = random.integers(0, 7, count)
    turn = emotions * 2 * np.pi / 7
    centres = 0.55 * np.column_stack([np.cos(turn), np.sin(turn)])
    return np.clip(centres + random.normal(0, 0.13, (count, 2)), -1, 1).astype(np.float32), emotions


def fill(store: Store, count: int) -> None:
    """So many faces of noise with a map, written by the database itself."""
    with store.database.writing() as session:
        begun = datasets.begin_import(session, "Generated", "folder", "generated")
        session.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
                "INSERT INTO faces (id, dataset_id, import_id, identity, split, source_word, pixel_hash, sharpness, "
                "brightness, contrast, state) SELECT i, :dataset, :import, i, iif(i % 10, 'train', 'test'), '', "
                "lower(hex(randomblob(32))), abs(random() % 1000), abs(random() % 255), abs(random() % 80), "
                "'undecided' FROM n"
            ),
            {"count": count, "dataset": begun.dataset_id, "import": begun.id},
        )
        session.execute(text("INSERT INTO pixels (face_id, gray) SELECT id, randomblob(2304) FROM faces"))
        datasets.finish_import(session, begun.id)
    placed, emotions = points(count)
    with store.database.writing() as session:
        rows = [{"id": face, "emotion": emotion} for face, emotion in enumerate(emotions.tolist(), start=1)]
        session.execute(text("UPDATE faces SET emotion = :emotion WHERE id = :id"), rows)
        hashes = session.scalars(text("SELECT pixel_hash FROM faces ORDER BY id"))
        digests = np.frombuffer(bytes.fromhex("".join(hashes)), np.uint8).reshape(-1, 32)
    origin = face_map.origin_of(store, MapChoice(("Generated",)))
    made = MapFile("generated", origin, np.arange(1, count + 1), map_files.keys(digests), placed)
    map_files.write(store.maps, made)


def circled(page: Page, middle: tuple[float, float], radius: float) -> None:
    """Draw a circle of 60 corners with the mouse."""
    for step in range(61):
        turn = 2 * math.pi * step / 60
        page.mouse.move(middle[0] + radius * math.cos(turn), middle[1] + radius * math.sin(turn))
        if not step:
            page.mouse.down()
    page.mouse.up()


@contextmanager
def tab() -> Iterator[Page]:
    """A page of Chromium that draws WebGL by software."""
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-US")
        page.set_default_timeout(240_000)
        yield page
        browser.close()


def ours(count: int) -> None:
    """Our map of so many faces: prints what it takes."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Settings(data_dir=Path(folder) / "data", models_dir=Path(folder) / "models"))
        fill(store, count)
        with served(store) as (url, _), tab() as page:
            heard: list[int] = []
            page.on("websocket", lambda socket: socket.on("framereceived", lambda data: heard.append(len(data))))
            began = time.perf_counter()
            page.goto(f"{url}/map")
            page.locator("[data-testid=map-entry]").first.wait_for()
            page.locator(".fcm-message").wait_for(state="hidden")
            ready = time.perf_counter() - began
            wire = page.evaluate(WIRE)
            page.evaluate(RELEASED)
            lassos = [lasso(page, radius) for radius in RADII]
            frames = page.evaluate(FRAMES, [8])
        store.database.close()
    print(f"\n{count:,} faces: drawn {ready:.1f} s after the page was asked for")
    print(f"  by HTTP {sum(size for _, size in wire) / 1e6:.2f} MB: "
          + ", ".join(f"{name} {size / 1e6:.2f}" for name, size in wire))  # fmt: skip
    print(f"  over Streamlit's socket, the whole page {sum(heard) / 1e6:.2f} MB")
    for chosen, taken in lassos:
        print(f"  lasso of {chosen:>9,} faces: count and first tiles after {taken:.0f} ms")
    print(
        f"  median {statistics.median(taken for _, taken in lassos):.0f} ms; "
        f"frames a second, software-rendered: {frames:.1f}"
    )


def lasso(page: Page, radius: float) -> tuple[int, float]:
    """The faces in a circle, and the milliseconds until they were counted and the first ones shown."""
    x, y, half = page.evaluate(GEOMETRY)
    page.evaluate("performance.clearMeasures('fercore-answered')")
    circled(page, (x, y), radius * half)
    page.wait_for_function("performance.getEntriesByName('fercore-answered').length > 0")
    said = page.locator("[data-testid=map-count]").inner_text()
    taken = float(page.evaluate(ANSWERED))
    page.wait_for_timeout(1500)  # the page's own answer to the selection
    return int(said.split()[0].replace(",", "")), taken


def plotlys(count: int) -> None:
    """Plotly's scattergl with the same points: prints how long its lasso takes."""
    placed, emotions = points(count)
    script = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text("utf-8")
    with tab() as page:
        page.set_content("<body style='margin:0'><div id='plot' style='width:800px;height:800px'></div></body>")
        page.add_script_tag(content=script)
        values = {"x": placed[:, 0].tolist(), "y": placed[:, 1].tolist(), "colour": emotions.tolist()}
        began = time.perf_counter()
        page.evaluate(
            """async values => {
              const axis = { range: [-1, 1] };
              const trace = { type: 'scattergl', mode: 'markers', x: values.x, y: values.y,
                              marker: { size: 3, color: values.colour, colorscale: 'Viridis' } };
              const layout = { dragmode: 'lasso', width: 800, height: 800, margin: { l: 0, r: 0, t: 0, b: 0 },
                               xaxis: axis, yaxis: axis };
              await Plotly.newPlot('plot', [trace], layout);
              document.getElementById('plot').on('plotly_selected', event => {
                window.answered = performance.now(); window.count = event ? event.points.length : 0; });
              window.addEventListener('mouseup', () => { window.released = performance.now(); }, true); }""",
            values,
        )
        ready = time.perf_counter() - began
        print(f"\nPlotly {plotly.__version__} scattergl, {count:,} points: drawn in {ready:.1f} s")
        times = []
        for radius in RADII:
            page.evaluate("window.answered = undefined")
            circled(page, (400, 400), radius * 400)
            page.wait_for_function("window.answered !== undefined")
            chosen, taken = page.evaluate("[window.count, window.answered - window.released]")
            times.append(taken)
            print(f"  lasso of {chosen:>9,} points: plotly_selected after {taken:.0f} ms")
            page.wait_for_timeout(500)
        print(f"  median {statistics.median(times):.0f} ms")


def timed(words: str, work: Any) -> Any:
    """Do it and print how long it took."""
    began = time.perf_counter()
    result = work()
    print(f"  {words}: {time.perf_counter() - began:.1f} s", flush=True)
    return result


def real(file: Path) -> None:
    """The time of a map of real faces, and of placing a sample by our way and by openTSNE's own."""
    images = np.load(file)["images"]
    print(f"\n{len(images):,} real faces on {cores()} cores")
    described = timed("gradients", lambda: np.concatenate(
        [features.described(images[start : start + 4096]) for start in range(0, len(images), 4096)]
    ))  # fmt: skip
    axes = timed("principal axes", lambda: embedding_map.principal_axes(described, 0))
    vectors = axes.project(described)
    timed("t-SNE of all of them", lambda: embedding_map.fit(vectors, 0, cores(), lambda *_: None))
    held = len(vectors) // 5
    fitted = timed(f"t-SNE of {len(vectors) - held:,}", lambda: embedding_map.fit(
        vectors[held:], 0, cores(), lambda *_: None
    ))  # fmt: skip
    near = timed(f"placing {held:,} among their neighbours", lambda: fitted.place(vectors[:held], lambda *_: None))
    moved = timed("openTSNE's transform of the same", lambda: np.asarray(fitted._embedding.transform(vectors[:held])))
    apart = np.linalg.norm(near - moved, axis=1) / fitted.points.std()
    print(
        f"  the two lie {np.median(apart):.2f} of the map's deviation apart (median), "
        f"{np.quantile(apart, 0.9):.2f} (90 %)"
    )


def main() -> None:
    """Print all of it in one run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=int, default=1_000_000)
    parser.add_argument("--beside", type=int, default=100_000)
    parser.add_argument("--real", type=Path)
    given = parser.parse_args()
    ours(given.faces)
    ours(given.beside)
    plotlys(given.beside)
    if given.real:
        real(given.real)


if __name__ == "__main__":
    main()
