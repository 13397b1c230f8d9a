"""Releases: the faces and labels that a dataset must have to be what it claims to be."""

from collections.abc import Mapping
from typing import Any, Final

import click

from fercore.cli.common import CommandContext, json_option, pass_context, show
from fercore.cli.errors import EXCEEDED
from fercore.services.datasets import releases


@click.group("release")
def release_group() -> None:
    """Hold a dataset against a known release, or record one of your own."""


@release_group.command("list")
@json_option
@pass_context
def list_command(context: CommandContext, as_json: bool) -> None:
    """Known releases: those that fercore brings, then those that were recorded here."""
    names = releases.listed(context.store)
    show(names, as_json, lambda: "\n".join(names))


@release_group.command("check")
@click.argument("release")
@click.option("--dataset", required=True)
@json_option
@pass_context
def check_command(context: CommandContext, release: str, dataset: str, as_json: bool) -> None:
    """Hold a dataset's faces and source labels against a release, split by split.

    Ends with exit code 3 where the dataset is not this release, or only a part of it.
    """
    found = releases.check(context.store, release, dataset)
    show(releases.as_json(found), as_json, lambda: "\n".join(releases.sentences(found)))
    if not found.is_released:
        raise click.exceptions.Exit(EXCEEDED)


@release_group.command("record")
@click.argument("release")
@click.option("--dataset", required=True)
@json_option
@pass_context
def record_command(context: CommandContext, release: str, dataset: str, as_json: bool) -> None:
    """Record the faces and source labels of a dataset as a release, by digests and parts of hashes only."""
    kept = releases.record(context.store, release, dataset)
    document = {"release": kept.name, "splits": {split: part.as_json() for split, part in kept.splits.items()}}
    faces = sum(part.faces for part in kept.splits.values())
    show(document, as_json, lambda: f"'{kept.name}' is recorded. Faces: {faces:,}.")


def beside_release(text: str, release: Mapping[str, Any] | None) -> str:
    """The text of an import, with the dataset beside the release that it claims to be below its first line."""
    head, *rest = text.split("\n")
    return "\n".join([head, *(release["sentences"] if release else ()), *rest])


COMMANDS: Final[tuple[click.Command, ...]] = (release_group,)
