"""Commands about names: datasets and reviewers renamed, reviewers retired and called back."""

from typing import Any, Final

import click

from fercore.cli.choices import WordChoice
from fercore.cli.common import CommandContext, json_option, pass_context, show, table
from fercore.populations import POPULATIONS
from fercore.services.datasets import catalogue
from fercore.services.review import reviewers


@click.group("rename")
def rename_group() -> None:
    """Give a dataset or a reviewer another name; the old one still leads to it in files of decisions."""


@rename_group.command("dataset")
@click.argument("name")
@click.argument("new_name")
@json_option
@pass_context
def rename_dataset_command(context: CommandContext, name: str, new_name: str, as_json: bool) -> None:
    """Rename a dataset; snapshots, sweeps and evaluations follow, refused while a job works with it."""
    present = catalogue.rename(context.store, name, new_name)
    show({"dataset": present, "was": name}, as_json, lambda: f"'{name}' is now '{present}'.")


@click.command("population")
@click.argument("name")
@click.argument("population", type=WordChoice((*POPULATIONS, "none")))
@json_option
@pass_context
def population_command(context: CommandContext, name: str, population: str, as_json: bool) -> None:
    """Say whose faces a dataset shows, for the gap between Western and East Asian faces."""
    known = None if population == "none" else population
    catalogue.set_population(context.store, name, known)
    show({"dataset": name, "population": known}, as_json, lambda: f"'{name}': {known or 'not said'}.")


@rename_group.command("person")
@click.argument("name")
@click.argument("new_name")
@json_option
@pass_context
def rename_person_command(context: CommandContext, name: str, new_name: str, as_json: bool) -> None:
    """Rename a reviewer; decisions and tasks follow."""
    present = reviewers.rename(context.store, name, new_name)
    show({"person": present, "was": name}, as_json, lambda: f"'{name}' is now '{present}'.")


@click.command("people")
@json_option
@pass_context
def people_command(context: CommandContext, as_json: bool) -> None:
    """Everyone who reviews, decided or takes part in a task, and who is retired."""
    gone = set(reviewers.retired(context.store))
    names = reviewers.everybody(context.store)
    document = [{"person": name, "retired": name in gone} for name in names]
    rows: list[tuple[object, ...]] = [(name, "retired" if name in gone else "active") for name in names]
    show(document, as_json, lambda: table(("person", "state"), rows))


@click.command("retire")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@pass_context
def retire_command(context: CommandContext, name: str, yes: bool, as_json: bool) -> None:
    """Offer a reviewer nowhere any more; all decisions stay, and `call-back` undoes it."""
    reviewers.check_retirable(context.store, name)
    if not yes:
        click.confirm(f"Retire '{name}'? All decisions stay, and `call-back` undoes it.", abort=True, err=True)
    reviewers.retire(context.store, name)
    _show_state(name, True, as_json)


@click.command("call-back")
@click.argument("name")
@json_option
@pass_context
def call_back_command(context: CommandContext, name: str, as_json: bool) -> None:
    """Offer a retired reviewer again."""
    reviewers.call_back(context.store, name)
    _show_state(name, False, as_json)


def _show_state(name: str, retired: bool, as_json: bool) -> None:
    document: dict[str, Any] = {"person": name, "retired": retired}
    show(document, as_json, lambda: f"'{name}' is retired." if retired else f"'{name}' is active.")


COMMANDS: Final[tuple[click.Command, ...]] = (
    rename_group,
    population_command,
    people_command,
    retire_command,
    call_back_command,
)
