"""Commands about review tasks."""

from datetime import datetime
from typing import Final

import click

from fercore.cli.choices import WordChoice
from fercore.cli.common import NUMBER, CommandContext, json_option, pass_context, show, table, warn
from fercore.curation.review_filter import (
    ORDERS,
    SOURCE_LABELS,
    TASK_STATES,
    Order,
    ReviewState,
    SourceLabels,
    TaskState,
)
from fercore.emotions import EMOTIONS
from fercore.services.review import assignments
from fercore.services.review.assignments import TaskPlan, TaskStatus

_SHARE: Final = click.FloatRange(0, 1)


@click.command("tasks")
@json_option
@pass_context
def tasks_command(context: CommandContext, as_json: bool) -> None:
    """Every review task: how far it is, and what each person did."""
    statuses = assignments.listed(context.store)
    show([assignments.as_json(status) for status in statuses], as_json, lambda: _text(statuses))


@click.command("task")
@click.argument("name")
@click.option("--dataset", required=True)
@click.option(
    "--state", type=WordChoice(TASK_STATES), default=ReviewState.ALL.value, show_default=True, help="Only these faces."
)
@click.option("--emotion", type=click.Choice(EMOTIONS), default=None, help="Only faces with this label.")
@click.option("--order", type=WordChoice(ORDERS), default=Order.RANDOM.value, show_default=True)
@click.option("--run", type=NUMBER, default=None, help="Whose opinion or training gives the order, where one does.")
@click.option("--seed", type=NUMBER, default=0, show_default=True)
@click.option("--person", "people", multiple=True, help="Who takes part; repeat. Without it, everybody may.")
@click.option("--twice", type=_SHARE, default=0.0, help="Share of faces that two people see.")
@click.option("--thrice", type=_SHARE, default=0.0, help="Share of faces that three people see.")
@click.option("--control", type=_SHARE, default=0.0, help="Share of random faces among those chosen.")
@click.option("--gold", type=_SHARE, default=0.0, help="Share of faces whose answer an adjudicator settled.")
@click.option("--instructions", default="", help="Shown above the faces.")
@click.option(
    "--source",
    type=WordChoice(SOURCE_LABELS),
    default=SourceLabels.OVERLAP.value,
    show_default=True,
    help="Where the source's label is shown; overlap: not on faces that several people see.",
)
@click.option(
    "--quota", type=click.IntRange(1, 2**31 - 1), default=None, help="Decisions that each person is asked for."
)
@click.option("--deadline", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The last day, as 2027-03-31.")
@click.option("--open", "is_open", is_flag=True, help="Show what others decided.")
@json_option
@pass_context
def task_command(
    context: CommandContext,
    name: str,
    dataset: str,
    state: TaskState,
    emotion: str | None,
    order: Order,
    run: int | None,
    seed: int,
    people: tuple[str, ...],
    twice: float,
    thrice: float,
    control: float,
    gold: float,
    instructions: str,
    source: SourceLabels,
    quota: int | None,
    deadline: datetime | None,
    is_open: bool,
    as_json: bool,
) -> None:
    """Share a dataset's faces among people."""
    label = None if emotion is None else EMOTIONS.index(emotion)
    plan = TaskPlan(
        name,
        dataset,
        state,
        label,
        order,
        seed,
        people,
        twice,
        thrice,
        control,
        gold,
        instructions,
        not is_open,
        run,
        source,
        quota,
        deadline.date() if deadline else None,
    )
    number = assignments.create(context.store, plan)
    if plan.deadline and plan.deadline < datetime.now().astimezone().date():
        warn([f"The deadline {plan.deadline} has passed."], strict=False)
    made = next(status for status in assignments.listed(context.store) if status.task.id == number)
    show(assignments.as_json(made), as_json, lambda: _text([made]))


def _text(statuses: list[TaskStatus]) -> str:
    rows: list[tuple[object, ...]] = []
    for status in statuses:
        state = "closed" if status.task.closed_at else "open" if status.left else "done"
        rows.append((status.task.id, status.task.name, status.dataset, state, status.wanted, status.done, ""))
        rows += [("", "", "", "", "", part.decided, part.reviewer) for part in status.parts]
    return table(("task", "name", "dataset", "state", "wanted", "done", "by"), rows)


COMMANDS: Final[tuple[click.Command, ...]] = (tasks_command, task_command)
