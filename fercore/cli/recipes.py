"""Commands about recipes: list, show, save, delete."""

from pathlib import Path
from typing import Final

import click

from fercore.cli.common import CommandContext, json_option, pass_context, show, table
from fercore.errors import InputError
from fercore.language.system_reasons import reason
from fercore.services.training import recipes
from fercore.training.recipes.recipe import RECIPES
from fercore.training.recipes.yaml_io import as_yaml, from_yaml


@click.command("recipes")
@json_option
@pass_context
def recipes_command(context: CommandContext, as_json: bool) -> None:
    """All recipes: fercore's own and yours."""
    by_name = recipes.listed(context.store)
    for fault in recipes.faults(context.store):
        click.echo(f"fercore: warning: {fault}", err=True)
    rows: list[tuple[object, ...]] = [
        (recipe.name, "fercore" if recipe.name in RECIPES else "own", recipe.epochs, recipe.optimizer, recipe.schedule)
        for recipe in by_name.values()
    ]
    show(
        [recipe.model_dump(mode="json") for recipe in by_name.values()],
        as_json,
        lambda: table(("recipe", "whose", "epochs", "optimizer", "schedule"), rows),
    )


@click.command("recipe")
@click.argument("name")
@json_option
@pass_context
def recipe_command(context: CommandContext, name: str, as_json: bool) -> None:
    """One recipe as YAML: edit it and hand it to recipe-save."""
    recipe = recipes.named(context.store, name)
    show(recipe.model_dump(mode="json"), as_json, lambda: as_yaml(recipe).rstrip())


@click.command("recipe-save")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", default=None, help="Keep it under another name than the file says.")
@json_option
@pass_context
def recipe_save_command(context: CommandContext, file: Path, name: str | None, as_json: bool) -> None:
    """Check a recipe's YAML file and keep it as one of your own."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError(f"'{file}' is not UTF-8. Save the file as UTF-8.") from None
    except OSError as error:
        raise InputError(f"'{file}' cannot be read: {reason(error)}.") from None
    given = from_yaml(text)
    saved = recipes.save(context.store, given.model_copy(update={"name": name}) if name else given)
    show(saved.model_dump(mode="json"), as_json, lambda: f"Recipe '{saved.name}' is kept.")


@click.command("recipe-delete")
@click.argument("name")
@json_option
@pass_context
def recipe_delete_command(context: CommandContext, name: str, as_json: bool) -> None:
    """Delete one of your own recipes; runs keep what they were trained with."""
    recipes.remove(context.store, name)
    show({"recipe": name, "deleted": True}, as_json, lambda: f"Recipe '{name}' is gone.")


COMMANDS: Final[tuple[click.Command, ...]] = (
    recipes_command,
    recipe_command,
    recipe_save_command,
    recipe_delete_command,
)
