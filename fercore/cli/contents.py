"""The commands by their names, each imported when it is asked for: a prediction does not wait for what trains."""

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Final

import click

from fercore.cli.metavars import unify

# The commands of each module, as its `COMMANDS` has them.
MODULES: Final[dict[str, tuple[str, ...]]] = {
    "imports": (
        "import",
        "extract",
        "imports",
        "undo-import",
        "remove",
    ),
    "curation": (
        "datasets",
        "review",
        "snapshots",
        "snapshot-diff",
        "agreement",
    ),
    "freezes": ("snapshot",),
    "tasks": (
        "tasks",
        "task",
    ),
    "people": (
        "person",
        "purge",
        "reviewer",
    ),
    "names": (
        "rename",
        "population",
        "people",
        "retire",
        "call-back",
    ),
    "exports": ("export",),
    "runs": (
        "train",
        "runs",
        "run",
        "cancel",
        "pause",
        "resume",
    ),
    "evaluations": (
        "evaluate",
        "compare",
        "gap",
        "calibration",
    ),
    "confusions": ("confusion",),
    "mistakes": (
        "mistakes",
        "run-agreement",
        "training-faces",
    ),
    "costs": ("cost",),
    "subgroups": (
        "emotions",
        "subgroups",
        "slices",
    ),
    "audit_all": ("audit",),  # which adds to the group of `audits`
    "predictions": (
        "opinion",
        "predict",
    ),
    "promotions": ("promote",),
    "queue": ("jobs",),
    "recipes": (
        "recipes",
        "recipe",
        "recipe-save",
        "recipe-delete",
    ),
    "releases": ("release",),
    "serving": (
        "serve",
        "mcp",
    ),
    "sweeps": (
        "sweep",
        "sweeps",
        "sweep-show",
        "sweep-cancel",
    ),
    "system": (
        "demo",
        "doctor",
        "backup",
        "restore",
        "job",
    ),
    "weights": ("weights",),
}


class Commands(MutableMapping[str, click.Command]):
    """A group's commands; all names are known at once, and a command's module is imported with its value."""

    def __init__(self) -> None:
        self._module_of = {name: module for module, names in MODULES.items() for name in names}
        self._loaded: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._loaded:
            module = import_module(f"fercore.cli.{self._module_of[name]}")
            for command in module.COMMANDS:
                unify(command)
                self._loaded.setdefault(command.name, command)
        return self._loaded[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._loaded[name] = command
        self._module_of.setdefault(name, "")

    def __delitem__(self, name: str) -> None:
        del self._module_of[name]
        self._loaded.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._module_of)

    def __len__(self) -> int:
        return len(self._module_of)
