"""Commands about the demo's model: promote."""

from typing import Final

import click

from fercore.cli.common import NUMBER, CommandContext, json_option, pass_context, show, table
from fercore.services.comparison.claims import p_words, points
from fercore.services.prediction import demo_model
from fercore.services.prediction.demo_model import PlaceComparison, Promotion


@click.command("promote")
@click.argument("run", type=NUMBER)
@click.option("--dry-run", is_flag=True, help="Only compare it with the present model.")
@click.option("--beside", is_flag=True, help="Show it beside the demo's model.")
@click.option("--out", is_flag=True, help="Take it out of the demo.")
@json_option
@pass_context
def promote_command(context: CommandContext, run: int, dry_run: bool, beside: bool, out: bool, as_json: bool) -> None:
    """Make a run the demo's model, which Predict and the API take first.

    Printed is how it does against the present one on every split that it did not learn, with Holm-adjusted tests.
    """
    if dry_run + beside + out > 1:
        raise click.UsageError("Give one of --dry-run, --beside and --out.")
    promotion = demo_model.promotion(context.store, run)
    if beside:
        demo_model.show_beside(context.store, run)
    elif out:
        demo_model.take_out(context.store, run)
    elif not dry_run:
        demo_model.promote(context.store, run)
    offered = [view.run.id for view in demo_model.offered(context.store)]
    show({**demo_model.as_json(promotion), "offered": offered}, as_json, lambda: _text(promotion, offered))


def _text(promotion: Promotion, offered: list[int]) -> str:
    lines = []
    if promotion.present is not None:
        lines.append(f"Run {promotion.run} against run {promotion.present}:")
    if promotion.places:
        heads = ("dataset", "split", "n", "accuracy", "present", "difference", "after Holm", "")
        lines.append(table(heads, [_row(each) for each in promotion.places]))
    else:
        lines.append(f"Run {promotion.run} was evaluated on no faces that it did not learn.")
    if promotion.missing:
        places = ", ".join(f"'{dataset}' {split}" for dataset, split in promotion.missing)
        lines.append(f"Run {promotion.run} was not evaluated on: {places}")
    return "\n".join([*lines, f"Predict offers: {', '.join(map(str, offered))}"])


def _row(each: PlaceComparison) -> tuple[object, ...]:
    compared = each.compared
    known = (each.view.dataset, each.view.split)
    if compared is None or each.p_value is None:
        return (*known, each.view.n, f"{each.view.accuracy:.4f}", "–", "–", "–", "")
    change = compared.difference
    verdict = "worse" if each.is_worse else "better" if each.is_better else ""
    return (
        *known,
        compared.faces.n,
        f"{compared.accuracy[0]:.4f}",
        f"{compared.accuracy[1]:.4f}",
        f"{points(change.value)} ({points(change.low)} to {points(change.high)})",
        p_words(each.p_value),
        verdict,
    )


COMMANDS: Final[tuple[click.Command, ...]] = (promote_command,)
