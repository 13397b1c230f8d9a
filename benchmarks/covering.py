"""Which tests execute which lines: measured in a copy of the checkout, and kept while the code is the same."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import coverage
from mutants import Mutant

ROOT = Path(__file__).resolve().parent.parent
ROOMS_OF_TESTS = (
    *("curation", "evaluation", "exports", "faces", "jobs", "prediction", "services", "store", "ui", "pages"),
    *("cli", "language", "sources", "pictures", "training", "drawing"),
)
LIMITS = "tests/test_limits.py"
READING = ("tests/language/test_values.py",)  # tests that read the code itself, and so look at every change
OPTIONS = ("-n0", "-q", "-p", "no:cacheprovider", "-k", "not postgresql", "-m", "not slow and not browser and not long")
PROCESSES = min(2, os.cpu_count() or 1)
ENOUGH = 60.0  # seconds that the tests chosen for one change lasted under coverage
WATCH = """
import json, os, pathlib, coverage
lasted, failed = {}, []
def pytest_runtest_logstart(nodeid):
    coverage.Coverage.current().switch_context(nodeid)
def pytest_runtest_logreport(report):
    lasted[report.nodeid] = lasted.get(report.nodeid, 0) + report.duration
    if report.failed: failed.append(report.nodeid)
def pytest_sessionfinish():
    pathlib.Path(os.environ["MUTATION_TESTS"]).write_text(json.dumps({"lasted": lasted, "failed": failed}))
"""

Lines = dict[str, dict[str, list[str]]]


@dataclass
class Tests:
    """The tests by file and line that they execute, how long each lasts, and of which content of files that holds."""

    lines: Lines = field(default_factory=dict)
    lasted: dict[str, float] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    def of(self, mutant: Mutant) -> list[str]:
        """Tests that execute a mutant's lines (where only an import does, any of its file), nearest first."""
        lines = self.lines.get(mutant.file, {})
        numbers = range(mutant.first, mutant.last + 1) if mutant.in_function else ()
        here = {test for line in numbers for test in lines.get(str(line), ())}
        reached = here or {test for tests in lines.values() for test in tests} | self._looking_at(mutant.file)
        stem = Path(mutant.file).stem
        near = sorted(reached, key=lambda test: (_is_far(test, stem), self.lasted[test], test))
        chosen, seconds = near[:1], 0.0
        for test in near[1:]:
            seconds += self.lasted[test]
            if seconds > ENOUGH:
                break
            chosen.append(test)
        return [*chosen, *(test for test in self.lasted if file_of(test) in READING)]

    def _looking_at(self, file: str) -> set[str]:
        """The test of a module's limits: it executes no line, for it looks at what an import has made."""
        room = file.removeprefix("fercore/").removesuffix(".py").replace("/", ".")
        return {test for test in self.lasted if test == f"{LIMITS}::test_limits[{room}]"}

    def without(self, files: set[str]) -> "Tests":
        """The same without the tests of these files."""
        lines = {
            path: {
                line: tests_there
                for line, tests in by.items()
                if (tests_there := [t for t in tests if file_of(t) not in files])
            }
            for path, by in self.lines.items()
        }
        return Tests(lines, {t: s for t, s in self.lasted.items() if file_of(t) not in files}, self.hashes)


def _is_far(test: str, stem: str) -> bool:
    """False for tests of a module's own file, or of its limits."""
    return stem not in Path(file_of(test)).stem and file_of(test) != LIMITS


def file_of(test: str) -> str:
    """The file of a test by its name."""
    return test.partition("::")[0]


def copied(folder: Path) -> Path:
    """A copy of the checkout's files in a folder."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def environment(tree: Path) -> dict[str, str]:
    """Nothing of the checkout is imported, no bytecode of an earlier mutant, no large data."""
    variables = {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    return {**os.environ, **variables, "FERCORE_SHARED_DATA": str(tree / "none")}


def mapped(tree: Path, tests_file: Path | None) -> Tests:
    """The tests by line: all measured now, or only those of changed test files where the code is as it was."""
    file, now = tests_file / "map.json" if tests_file else None, _hashes(tree)
    known = Tests()
    if file and file.is_file():
        read = Tests(**json.loads(file.read_text(encoding="utf-8")))
        known = read if read.hashes["code"] == now["code"] else known
    changed = {name for name, digest in now.items() if name != "code" and known.hashes.get(name) != digest}
    gone = known.hashes.keys() - now.keys()
    tests = _measured(tree, sorted(changed), known.without(changed | gone)) if changed else known
    tests.hashes = now
    if file:
        file.write_text(json.dumps(vars(tests)), encoding="utf-8")
    return tests


def _hashes(tree: Path) -> dict[str, str]:
    """The content of each test file, and under `code` that of all else in Python."""
    files = [path for room in ROOMS_OF_TESTS for path in sorted((tree / "tests" / room).rglob("test_*.py"))]
    tests = {
        path.relative_to(tree).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in [*files, tree / LIMITS]
    }
    code = hashlib.sha256()
    for path in sorted([*(tree / "fercore").rglob("*.py"), *(tree / "pages").rglob("*.py")]):
        code.update(path.read_bytes())
    return {**tests, "code": code.hexdigest()}


def _measured(tree: Path, files: list[str], before: Tests) -> Tests:
    """Run test files under coverage and add what they execute; tests that fail are named and left out."""
    (tree / "mutation_watch.py").write_text(WATCH)
    run = [sys.executable, "-m", "coverage", "run", "--source=fercore", "-m", "pytest", *OPTIONS]
    parts = [part for i in range(PROCESSES) if (part := files[i::PROCESSES])]
    running = []
    for i, part in enumerate(parts):
        variables = {"COVERAGE_FILE": str(tree / f".coverage{i}"), "MUTATION_TESTS": str(tree / f"tests{i}.json")}
        command = [*run, "-p", "mutation_watch", *part]
        variables = {**environment(tree), **variables}
        running.append(subprocess.Popen(command, cwd=tree, env=variables, stdout=subprocess.DEVNULL))
    for process in running:
        process.wait()
    for i in range(len(parts)):
        before = _added(tree, before, json.loads((tree / f"tests{i}.json").read_text()), tree / f".coverage{i}")
    return before


def _added(tree: Path, before: Tests, output: dict[str, Any], file: Path) -> Tests:
    """What is known with what one process measured."""
    for test in sorted(set(output["failed"])):
        print(f"left out, for it fails without any change: {test}")
    data = coverage.CoverageData(str(file))
    data.read()
    lines = before.lines
    for path in data.measured_files():
        by_line = lines.setdefault(Path(path).relative_to(tree.resolve()).as_posix(), {})
        for line, tests in data.contexts_by_lineno(path).items():
            fit = {*tests} - {"", *output["failed"]}
            by_line[str(line)] = sorted({*by_line.get(str(line), ()), *fit})
    return Tests(lines, before.lasted | output["lasted"], before.hashes)
