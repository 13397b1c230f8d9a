"""YAML as a recipe needs it: plain values, each name once, and numbers as everybody writes them.

ruamel.yaml refuses doubled names and reads YAML 1.2's numbers by itself, but takes `flip: yes` for a
word, which recipes may hold: so PyYAML stays, with these two habits added.
"""

import re
from collections.abc import Hashable
from typing import Any, Final

import yaml
from yaml.constructor import ConstructorError

_FLOAT_TAG: Final = "tag:yaml.org,2002:float"
# YAML 1.1 takes 1e-5 for a word: it wants a point, and a sign before the exponent.
_EXPONENT: Final = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+$")
_BITS: Final = 64
_SHOWN: Final = 40  # characters of a value in a sentence


class _Dumper(yaml.SafeDumper):
    """Quotes the words that `_Loader` would take for numbers."""


class _Loader(yaml.SafeLoader):
    """Refuses a name that is given twice, and says of every value that cannot be read where it is."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()  # `!!map 3` is none
        seen: set[str] = set()
        for key in (key for key, _ in pairs if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                again = f"'{key.value[:_SHOWN]}' was given before, keep one of the two: it comes again"
                raise ConstructorError(None, None, again, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return _usable(super().construct_object(node, deep))
        # What PyYAML raises for the 13th month, `!!int x`, `!!bool x`, `!!int ""` and `!!timestamp x`.
        except (ArithmeticError, AttributeError, LookupError, ValueError) as error:
            actual, kind = repr(node.value)[:_SHOWN], node.tag.rpartition(":")[2]
            raise ConstructorError(None, None, f"{actual} cannot be read as {kind}", node.start_mark) from error


def load(text: str) -> Any:
    """The values in a YAML text; raises `yaml.YAMLError`, or `RecursionError` for what is too deep."""
    return yaml.load(text, _Loader)


def dump(values: Any) -> str:
    """Values as a YAML text, in their order."""
    text: str = yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True)
    return text


def _usable(value: Any) -> Any:
    """The value, unless it could be neither kept nor shown: too many digits, or half of a surrogate pair."""
    if isinstance(value, int) and value.bit_length() > _BITS:
        raise OverflowError
    if isinstance(value, str):
        value.encode()
    return value


for _class in (_Loader, _Dumper):
    _class.add_implicit_resolver(_FLOAT_TAG, _EXPONENT, list("-+0123456789"))
