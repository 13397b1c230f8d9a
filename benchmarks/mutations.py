"""Small changes made to the code one at a time, on a sample, and how many of them the tests notice.

    pip install -r requirements-dev.txt
    nice python benchmarks/mutations.py [--sample 80] [--seed 1] [--minutes 55] [--rooms store,ui] [--kept FOLDER]

The checkout stays as it is: copies in a temporary folder are changed. First the tests (quick and thorough; SQLite only,
no browser, no training of networks) run once under coverage.py, which tells for each line the tests that execute it;
tests that fail then are left out, and named. Tests and changes run in two processes beside each other. With
`--kept FOLDER` that map is kept (the next run measures only test files that have changed since, unless the code has),
and so is the list of changes that were missed, which `--again` tries once more after tests were added.

Changes are mutmut's (its operators only: mutmut itself changes no limits that stand outside of functions, takes no
sample, and asks for a run in its own process), and some of our own: arguments swapped, filters dropped, comparisons
turned round, least for most. Not changed: words (the catalogue has its own test), annotations, decorators, imports,
layout; of the pages only their plain parts. Assignments of None are left out, for nearly all of them crash and
would flatter the figure. Every room gives the same number of places, drawn with the seed; a place that could be changed
in several ways gives one of them.

A change is *caught* when a test fails or does not end, *missed* when all tests that execute its lines pass (those of
the module's own test file first, until about a minute of tests has been chosen). `mutants_alike.json` lists changes
that were looked at and change nothing that matters, each with its reason: they are counted apart. The run ends after
`--minutes`, whatever is left, and says how many changes it tried.
"""

import argparse
import difflib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from covering import OPTIONS, PROCESSES, ROOT, Tests, copied, environment, mapped
from mutants import Mutant, mutants

ROOMS = {
    **{room: f"fercore/{room}" for room in ("curation", "evaluation", "faces", "store", "services")},
    "ui": "fercore/ui",
}
NO_LOGIC = ("store/migrations", "store/tables", "evaluation/paper.py")  # columns, and printed figures with a checksum
PLAIN_UI = (
    *("access", "agreement", "cell_banner", "cookies", "desk", "device_status", "evaluation", "face_filters"),
    *("face_wall", "history", "import_problems", "job_panel", "layout", "model_predictions", "my_work", "outage"),
    *(
        "payload",
        "preflight",
        "preview",
        "recipe_form",
        "run_choice",
        "run_facts",
        "session",
        "table",
        "tables",
        "text",
    ),
    "trail",
)
ALIKE = ROOT / "benchmarks" / "mutants_alike.json"
OUTCOMES = ("caught", "missed", "alike")


def files_of(tree: Path, room: str) -> Iterator[str]:
    """The files of a room that are changed."""
    for path in sorted((tree / ROOMS[room]).rglob("*.py")):
        name = path.relative_to(tree).as_posix()
        is_plain = room != "ui" or path.stem in PLAIN_UI
        if is_plain and not any(part in name for part in NO_LOGIC):
            yield name


def drawn(tree: Path, rooms: list[str], size: int, seed: int) -> list[tuple[str, Mutant]]:
    """The sample: as many places of each room, in turn, and one change of each."""
    chance = random.Random(seed)
    queues = []
    for room in rooms:
        places = [place for name in files_of(tree, room) for place in mutants(tree / name, name)]
        chance.shuffle(places)
        queues.append([(room, chance.choice(place)) for place in places[:size]])
    together = [pair for row in zip(*queues, strict=False) for pair in row]
    return together[:size]


def outcome(tree: Path, mutant: Mutant, tests: Tests) -> str:
    """'caught' or 'missed', after the tests have run on the changed file."""
    chosen = tests.of(mutant)
    if not chosen:
        return "missed"
    target = tree / mutant.file
    before = target.read_text(encoding="utf-8")
    (tree / "chosen.txt").write_text("\n".join(chosen))
    target.write_text(mutant.code, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", *OPTIONS, "-x", "@chosen.txt"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=tree, env=environment(tree), start_new_session=True, **quiet)  # type: ignore[call-overload]
    try:
        code = process.wait(60 + 5 * sum(tests.lasted[test] for test in chosen))
    except subprocess.TimeoutExpired:
        code = 1
    finally:
        target.write_text(before, encoding="utf-8")
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return "caught" if code else "missed"


def difference(mutant: Mutant) -> tuple[str, str]:
    """What is removed and what is put in its place, without indentation."""
    lines = difflib.ndiff(mutant.module.code.splitlines(), mutant.code.splitlines())
    parts: dict[str, list[str]] = {"-": [], "+": []}
    for line in lines:
        if line[0] in parts:
            parts[line[0]].append(line[2:].strip())
    return " ".join(parts["-"]), " ".join(parts["+"])


def show(counts: Counter[tuple[str, str]], rooms: list[str]) -> None:
    """The table by room."""
    print("\n| room | tried | caught | missed | change nothing | caught of those that change something |")
    print("|---|---|---|---|---|---|")
    for room in [*rooms, "all"]:
        those = {
            outcome: sum(n for (r, o), n in counts.items() if o == outcome and room in (r, "all"))
            for outcome in OUTCOMES
        }
        matter = those["caught"] + those["missed"]
        share = f"{those['caught'] / matter:.0%}" if matter else "–"
        print(
            f"| {room} | {sum(those.values())} | {' | '.join(str(those[outcome]) for outcome in OUTCOMES)} | {share} |"
        )


def main() -> None:
    """Draw, change, test, count."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sample", type=int, default=80)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--minutes", type=float, default=55)
    options.add_argument("--rooms", default=",".join(ROOMS))
    options.add_argument("--kept", type=Path)
    options.add_argument("--again", action="store_true", help="only the changes that --kept lists as missed")
    arguments = options.parse_args()
    rooms, begun = arguments.rooms.split(","), time.monotonic()
    alike = {
        (mutant_record["file"], mutant_record["before"], mutant_record["after"])
        for mutant_record in json.loads(ALIKE.read_text(encoding="utf-8"))
    }
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        tree = copied(Path(folder) / "first")
        tests = mapped(tree, arguments.kept)
        sample = drawn(tree, rooms, arguments.sample, arguments.seed)
        list_of_missed = arguments.kept / "missed.json" if arguments.kept else None
        if arguments.again and list_of_missed:
            sample = listed_again(tree, rooms, json.loads(list_of_missed.read_text(encoding="utf-8")))
        trees = [tree, *(copied(Path(folder) / f"beside{i}") for i in range(1, PROCESSES))]
        counts, missed = tried(trees, sample, tests, alike, begun + 60 * arguments.minutes)
    show(counts, rooms)
    print(
        f"\nseed {arguments.seed}, {sum(counts.values())} of {len(sample)} tried,",
        f"{(time.monotonic() - begun) / 60:.0f} min",
    )
    if list_of_missed:
        list_of_missed.write_text(json.dumps(missed, ensure_ascii=False, indent=1), encoding="utf-8")


def tried(
    trees: list[Path], sample: list[tuple[str, Mutant]], tests: Tests, alike: set[tuple[str, str, str]], until: float
) -> tuple[Counter[tuple[str, str]], list[dict[str, Any]]]:
    """The changes of the sample, one at a time in each copy, until the time is over: counts by room and outcome, and
    those that were missed."""
    counts: Counter[tuple[str, str]] = Counter()
    missed = []
    free: SimpleQueue[Path] = SimpleQueue()
    for tree in trees:
        free.put(tree)

    def outcome_of(mutant: Mutant) -> str:
        if time.monotonic() > until:
            return "left"
        if (mutant.file, *difference(mutant)) in alike:
            return "alike"
        tree = free.get()
        try:
            return outcome(tree, mutant, tests)
        finally:
            free.put(tree)

    with ThreadPoolExecutor(len(trees)) as threads:
        for (room, mutant), verdict in zip(
            sample, threads.map(outcome_of, [sampled for _, sampled in sample]), strict=True
        ):
            if verdict == "left":
                break
            counts[room, verdict] += 1
            print(f"{verdict:7} {mutant.file}:{mutant.first}", flush=True)
            if verdict == "missed":
                before, after = difference(mutant)
                print(f"        - {before}\n        + {after}", flush=True)
                missed.append({"room": room, "file": mutant.file, "before": before, "after": after})
    return counts, missed


def listed_again(tree: Path, rooms: list[str], missed: list[dict[str, Any]]) -> list[tuple[str, Mutant]]:
    """The changes that were missed in an earlier run and can still be made."""
    wanted = {
        (missed_mutant["file"], missed_mutant["before"], missed_mutant["after"])
        for missed_mutant in missed
        if missed_mutant["room"] in rooms
    }
    rooms_of = {missed_mutant["file"]: missed_mutant["room"] for missed_mutant in missed}
    every = [m for name in sorted({file for file, *_ in wanted}) for place in mutants(tree / name, name) for m in place]
    return [(rooms_of[m.file], m) for m in every if (m.file, *difference(m)) in wanted]


if __name__ == "__main__":
    main()
