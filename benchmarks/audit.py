"""The whole audit of FER2013, check by check, beside counts of equal pictures that share no code with it.

    python benchmarks/audit.py FER2013.csv

Imports the CSV into a store of its own, audits it, and prints the time of each step, what each check found, and equal
pictures by sets and leaked faces as counted by a dictionary of the CSV's own lines.
"""

import argparse
import csv
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fercore.services.audit import audit_request, dataset_audit, score_card
from fercore.services.datasets import imports
from fercore.services.datasets.imports import ImportRequest
from fercore.settings import Settings
from fercore.store import open_store


def counted(path: Path) -> tuple[int, int]:
    """(sets of lines with equal pixels, held-out lines whose pixels a line of Training has, too)."""
    csv.field_size_limit(10**7)
    lines: dict[str, Counter[str]] = defaultdict(Counter)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            lines[row["pixels"]][row["Usage"]] += 1
    sets = sum(usages.total() > 1 for usages in lines.values())
    leaked = sum(usages.total() - usages["Training"] for usages in lines.values() if usages["Training"])
    return sets, leaked


def main() -> None:
    """Print the times, the score card and the independent count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("csv", type=Path)
    given = parser.parse_args()
    steps: dict[str, float] = {}
    started = [time.monotonic()]

    def heard(_done: int, _total: int, message: str = "") -> None:
        moment = time.monotonic()
        steps[message] = steps.get(message, 0.0) + moment - started[0]
        started[0] = moment

    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Settings(data_dir=Path(folder) / "data", models_dir=Path(folder) / "models"))
        report = imports.import_source(store, ImportRequest("fer2013", given.csv, "FER2013"))
        began = started[0] = time.monotonic()
        number = dataset_audit.audit(store, audit_request.request(["FER2013"]), heard)
        took = time.monotonic() - began
        card = score_card.card(store, number)
        store.database.close()
    print(f"{report.added:,} faces; the whole audit took {took:.0f} s:")
    for message, seconds in sorted(steps.items(), key=lambda step: -step[1]):
        print(f"  {message}: {seconds:.1f} s")
    for line in card.lines:
        print(f"{line.check}: {line.count:,} of {line.population:,}")
        for name in ("groups", "contradicting", "kinds", "pairs"):
            if name in line.detail:
                print(f"  {name}: {line.detail[name]}")
    sets, leaked = counted(given.csv)
    print(f"counted from the file: {sets:,} sets of equal pictures, {leaked:,} held-out faces that Training has, too")


if __name__ == "__main__":
    main()
