"""Which tests a run on each save point leaves out, and which get a second try."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fercore.process import uncollected
from fercore.settings import ROOT

# Rooms of journeys through the whole app, and of long tables.
THOROUGH_ROOMS = ("browser", "crawl", "pictures")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Each of xdist's processes imports every test and all that it needs: none of that becomes garbage."""
    with uncollected():
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what a run on each save point leaves out: journeys, trainings, and PostgreSQL but for the first case of each
    of the store's own tests, which cover the dialect.

    What is long stays apart from both. With it stay the further cases of all other tests on PostgreSQL (each of these
    tests runs there once, and each case on SQLite), and the cases between the first and the last of a table that drives
    a browser, unless the table itself says which of its cases are long.

    A second try (--reruns) is for what drives a browser, which a busy machine may stall; any other failure stands. No
    other test is marked: the mark alone makes one wait for four hundredths of a second.
    """
    tries, config.option.reruns = config.option.reruns, None
    covered, between = set(), _between(items)
    for item in items:
        if tries and ("browser" in item.fixturenames or item.get_closest_marker("browser")):
            item.add_marker(pytest.mark.flaky(reruns=tries))
        if item.get_closest_marker("long"):
            continue
        if item.nodeid in between:
            item.add_marker("long")
            continue
        room, *_ = item.path.relative_to(ROOT / "tests").parts
        test = (item.path, item.name.partition("[")[0])
        again = _on_postgresql(item) and test in covered
        second = _on_postgresql(item) and (room != "store" or again)
        if _on_postgresql(item):
            covered.add(test)
        if again and room != "store":
            item.add_marker("long")
        elif room in THOROUGH_ROOMS or item.get_closest_marker("slow") or second:
            item.add_marker("thorough")
    items.sort(key=_place)


def _between(items: list[pytest.Item]) -> set[str]:
    """Cases of journeys' tables that are neither the first nor the last."""
    tables: dict[tuple[Path, str], list[pytest.Item]] = {}
    for item in items:
        if item.path.relative_to(ROOT / "tests").parts[0] in ("browser", "crawl"):
            tables.setdefault((item.path, item.name.partition("[")[0]), []).append(item)
    tables = {
        test: cases for test, cases in tables.items() if not any(each.get_closest_marker("long") for each in cases)
    }
    return {case.nodeid for cases in tables.values() for case in cases[1:-1]}


def _place(item: pytest.Item) -> int:
    """What takes longest comes first, so that no process is left alone with it in the end."""
    room, *_ = item.path.relative_to(ROOT / "tests").parts
    return 0 if item.get_closest_marker("slow") else {"crawl": 1, "browser": 2}.get(room, 3)


def _on_postgresql(item: pytest.Item) -> bool:
    case = getattr(item, "callspec", None)
    return case is not None and "postgresql" in [value for value in case.params.values() if isinstance(value, str)]
