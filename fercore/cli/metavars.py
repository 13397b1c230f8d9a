"""Placeholders of values in `--help`: one word for each thing, in every command."""

from typing import Final

import click

# By the name under which a command takes the value.
PLACEHOLDERS: Final = {
    "dataset": "NAME",
    "names": "NAME",
    "name": "NAME",
    "validation_from": "NAME",
    "tested_on": "NAME",
    "reviewer": "NAME",
    "people": "NAME",
    "snapshot": "NAME",
    "snapshots": "NAME[,NAME…]",
    "backbone": "NAME",
    "backbones": "NAME[,NAME…]",
    "recipe": "NAME",
    "recipe_name": "NAME",
    "recipes": "NAME[,NAME…]",
    "seeds": "NUMBER[,NUMBER…]",
    "weights": "imagenet|none|FILE",
    "shard": "PART/PARTS",
    "run": "RUN",
    "task": "TASK",
    "instructions": "TEXT",
    "question": "SENTENCE",
    "exception": "SENTENCE",
    "since": "TIME",
    "until": "TIME",
    "deadline": "DATE",
    "address": "HOST",
    "port": "PORT",
    "handle": "NAME",
}


def unify(command: click.Command) -> None:
    """Give the options of a command, and of all below it, these placeholders."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            unify(below)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.is_flag and parameter.metavar is None:
            parameter.metavar = PLACEHOLDERS.get(parameter.name or "") or _by_type(parameter.type)


def _by_type(kind: click.ParamType[object]) -> str | None:
    if isinstance(kind, click.FloatRange | click.types.FloatParamType):
        return "SHARE"
    return "NUMBER" if isinstance(kind, click.IntRange | click.types.IntParamType) else None
