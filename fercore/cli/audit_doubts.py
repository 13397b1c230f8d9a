"""Options that say what doubts the labels of an audit."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from fercore.services.audit.methods import EPOCHS, Method
from fercore.training.recipes.recipe import MAX_EPOCHS

if TYPE_CHECKING:
    from fercore.services.audit.audit_request import Doubt

Command = TypeVar("Command", bound=Callable[..., None])
OPTIONS: Final = (
    click.option(
        "--method",
        type=click.Choice([str(method) for method in Method]),
        default=str(Method.FEATURES),
        show_default=True,
        help="Cross-validated features or a cross-validated backbone; a run's predictions of unseen faces; or a run's "
        "training dynamics.",
    ),
    click.option("--run", type=int, metavar="RUN", help="The run that the methods run and dynamics ask."),
    click.option("--backbone", help="The backbone that the method crossval trains three times."),
    click.option("--recipe", default="modern", show_default=True, help="Its recipe."),
    click.option("--epochs", type=click.IntRange(1, MAX_EPOCHS), default=EPOCHS, show_default=True, help="Its epochs."),
    click.option("--weights", default="none", show_default=True, help="Its weights: imagenet, none, or a file's path."),
)


def doubt_options(command: Command) -> Command:
    """The options of a method that doubts labels."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def doubt(given: dict[str, Any]) -> "Doubt":
    """The method that the options name, and what it asks."""
    from fercore.services.audit.audit_request import Doubt

    return Doubt(**{**given, "method": Method(given["method"])})
