"""Small changes of a Python file, by place: what `mutations.py` tries."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation import mutators

LAYOUT = {
    *("icon", "help", "key", "type", "width", "height", "gap", "border", "vertical_alignment", "horizontal_alignment"),
    *("delta_color", "delta_arrow", "anchor", "expanded", "hide_index", "placeholder", "step", "bind", "show_spinner"),
    *("show_time", "max_entries", "run_every", "label_visibility", "horizontal", "column_config", "index_label"),
}
ASSERTIONS = {"strict"}  # of zip: that both are as long is asserted, and left as assertions are
NO_LOGIC = {"cast", "TypeVar", "Field", "caption", "cache_data", "cache_resource", "page_link", "page_icon"}
ELEMENTS = {"columns", "container", "expander", "popover", "markdown", "subheader", "plotly_chart", "text_area", "tabs"}
SKIPPED = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom, cst.Assert)
OTHERS = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "first": "last"}
BORDERS = (cst.FunctionDef, cst.Lambda, cst.Parameters)
TURNED = {
    cst.LessThan: cst.GreaterThanEqual,
    cst.GreaterThanEqual: cst.LessThan,
    cst.GreaterThan: cst.LessThanEqual,
    cst.LessThanEqual: cst.GreaterThan,
}


@dataclass(frozen=True)
class Mutant:
    """One change of a file, and the lines of its place; False where these run when the file is imported."""

    file: str
    first: int
    last: int
    in_function: bool
    module: cst.Module
    node: cst.CSTNode
    new: cst.CSTNode

    @property
    def code(self) -> str:
        """The whole file with the change; written only for those that are tried."""
        changed = self.module.deep_replace(self.node, self.new)
        return changed.code if isinstance(changed, cst.Module) else ""


def swapped(node: cst.Call) -> Iterable[cst.Call]:
    """Two neighbouring arguments without names in each other's place."""
    for i, (first, other) in enumerate(zip(node.args, node.args[1:], strict=False)):
        if not (first.keyword or other.keyword or first.star or other.star):
            both = [first.with_changes(value=other.value), other.with_changes(value=first.value)]
            yield node.with_changes(args=[*node.args[:i], *both, *node.args[i + 2 :]])


def least_for_most(node: cst.Call) -> Iterable[cst.Call]:
    """The opposite of a function."""
    if isinstance(node.func, cst.Name) and node.func.value in OTHERS:
        yield node.with_changes(func=cst.Name(OTHERS[node.func.value]))


def unfiltered(node: cst.CompFor) -> Iterable[cst.CompFor]:
    """A comprehension without one of its conditions."""
    for i in range(len(node.ifs)):
        yield node.with_changes(ifs=[*node.ifs[:i], *node.ifs[i + 1 :]])


def turned(node: cst.ComparisonTarget) -> Iterable[cst.ComparisonTarget]:
    """A comparison the other way round."""
    other = TURNED.get(type(node.operator))
    if other:
        yield node.with_changes(operator=other())


LEFT_OUT = {mutators.operator_string, mutators.operator_assignment}
OPERATORS: list[tuple[type, Callable[[Any], Iterable[cst.CSTNode]]]] = [
    *(pair for pair in mutators.mutation_operators if pair[1] not in LEFT_OUT),
    (cst.Call, swapped),
    (cst.Call, least_for_most),
    (cst.CompFor, unfiltered),
    (cst.ComparisonTarget, turned),
]


class _Places(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.spots: list[tuple[cst.CSTNode, list[cst.CSTNode], int, int, bool]] = []
        self._statements: list[int] = []
        self._within: list[type] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, SKIPPED) or _is_layout(node):
            return False
        if isinstance(node, BORDERS):
            self._within.append(type(node))
        where = self.get_metadata(PositionProvider, node, None)
        if where is None:
            return True
        if isinstance(node, cst.BaseSmallStatement | cst.BaseCompoundStatement):
            self._statements.append(where.start.line)
        changed = [new for kind, change in OPERATORS if isinstance(node, kind) for new in change(node)]
        changed = [new for new in changed if not (isinstance(node, cst.Call) and _changes_looks(node, new))]
        # Defaults of parameters and all that stands in no function run at the import, whichever test asks for it first.
        is_called = bool(self._within) and self._within[-1] is not cst.Parameters
        if changed:
            self.spots.append(
                (node, changed, min([*self._statements[-1:], where.start.line]), where.end.line, is_called)
            )
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, SKIPPED) or _is_layout(original_node):
            return
        if isinstance(original_node, BORDERS):
            self._within.pop()
        if isinstance(original_node, cst.BaseSmallStatement | cst.BaseCompoundStatement) and self._statements:
            self._statements.pop()


def _is_layout(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.Arg):
        return node.keyword is not None and node.keyword.value in {*LAYOUT, *ASSERTIONS}
    if isinstance(node, cst.Call):
        name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
        has_widths = bool(node.args) and isinstance(node.args[0].value, cst.List)
        return isinstance(name, cst.Name) and (name.value in NO_LOGIC or (name.value == "columns" and has_widths))
    return False


def _changes_looks(node: cst.Call, new: cst.CSTNode) -> bool:
    """True if only layout or a sentence of the catalogue is another one."""
    arguments = {id(arg) for arg in getattr(new, "args", ())}
    if isinstance(node.func, cst.Name) and node.func.value == "tr":
        return id(node.args[0]) not in arguments
    if isinstance(node.func, cst.Attribute) and node.func.attr.value in ELEMENTS:
        return True
    return any(
        arg.keyword is not None and arg.keyword.value in LAYOUT and id(arg) not in arguments for arg in node.args
    )


def mutants(path: Path, name: str) -> Iterator[list[Mutant]]:
    """Each place of a file that can be changed, with its changes."""
    module = MetadataWrapper(cst.parse_module(path.read_text(encoding="utf-8")), unsafe_skip_copy=True)
    places = _Places()
    module.visit(places)
    for node, changed, first, last, is_called in places.spots:
        yield [Mutant(name, first, last, is_called, module.module, node, new) for new in changed]
