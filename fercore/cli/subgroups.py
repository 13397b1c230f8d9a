"""Runs by emotion, by subgroup of faces, and by slices that they misread."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import click

from fercore.cli.choices import WordChoice
from fercore.cli.common import NUMBER, CommandContext, json_option, pass_context, show, table, warn
from fercore.emotions import EMOTIONS
from fercore.errors import NotFoundError
from fercore.evaluation.emotion_scores import FIGURES
from fercore.evaluation.measures import ACCURACY, MEASURES, Measured
from fercore.evaluation.one_versus_rest import Estimate
from fercore.language import counts
from fercore.services.comparison import (
    attribute_words,
    emotion_scores,
    pair,
    selected_faces,
    slice_faces,
    slices,
    stored_evaluations,
    subgroups,
)
from fercore.services.comparison.claims import p_words, points
from fercore.services.comparison.emotion_scores import EmotionFigures
from fercore.services.comparison.selected_faces import Sending
from fercore.services.comparison.slice_faces import Shown
from fercore.services.comparison.slices import SliceChoice, Slices
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.comparison.subgroups import Subgroups
from fercore.splits import SPLITS, Split

dataset = click.option("--on", "--dataset", "dataset", metavar="NAME", required=True, help="Where it was evaluated.")
split = click.option("--split", type=WordChoice(SPLITS), default=str(Split.TEST), show_default=True)


@click.command("emotions")
@click.argument("runs", type=NUMBER, nargs=-1, required=True)
@dataset
@split
@json_option
@pass_context
def emotions_command(context: CommandContext, runs: tuple[int, ...], dataset: str, split: str, as_json: bool) -> None:
    """Precision, recall, F1, AUC and average precision of each emotion, of one run or of two with tests."""
    if len(runs) > 2 or len(set(runs)) != len(runs):
        raise click.UsageError("Name one run, or two different ones.")
    views = [pair.evaluated(context.store, run, dataset, split) for run in runs]
    _warn(views)
    found = emotion_scores.of_runs(context.store, views)
    show(emotion_scores.as_json(found), as_json, lambda: _emotions_text(found))


def _emotions_text(found: EmotionFigures) -> str:
    head = f"On '{found.faces.dataset}' {found.faces.split}, {counts.faces(found.faces.n)}; 95 % intervals in brackets"
    rows: list[tuple[object, ...]] = [
        (emotion, run.view.run, run.scores[at].n, *(_estimate(run.scores[at].figure(name)) for name in FIGURES))
        for at, emotion in enumerate(EMOTIONS)
        for run in found.runs
    ]
    parts = [head, table(("emotion", "run", "n", "precision", "recall", "F1", "AUC", "average precision"), rows)]
    if found.differences:
        changes: list[tuple[object, ...]] = [
            (emotion, name, points(change.value), f"{points(change.low)} to {points(change.high)}",
             p_words(change.p_value), p_words(p_holm))
            for name in FIGURES
            for emotion, change, p_holm in zip(EMOTIONS, found.differences[name], found.p_holm[name], strict=True)
            if change is not None and p_holm is not None
        ]  # fmt: skip
        parts.append(table(("emotion", "figure", "points", "95 % interval", "p", "after Holm"), changes))
    return "\n".join(parts)


@click.command("subgroups")
@click.argument("runs", type=NUMBER, nargs=-1, required=True)
@click.option("--on", "--dataset", "datasets", metavar="NAME", multiple=True, help="Repeat; without it, all.")
@split
@click.option("--measure", type=click.Choice(MEASURES), default=ACCURACY, show_default=True)
@json_option
@pass_context
def subgroups_command(
    context: CommandContext, runs: tuple[int, ...], datasets: tuple[str, ...], split: str, measure: str, as_json: bool
) -> None:
    """A measure by gender, age, professional or lay, picture and dataset; the largest gap of each, tested."""
    places = subgroups.places(
        stored_evaluations.listed(context.store), tuple(dict.fromkeys(runs)), split, tuple(dict.fromkeys(datasets))
    )
    _warn([view for views in places for view in views])
    found = subgroups.of_runs(context.store, places, measure)
    show(subgroups.as_json(found), as_json, lambda: _subgroups_text(found))


def _subgroups_text(found: Subgroups) -> str:
    head = f"{found.measure} on {', '.join(found.datasets)} ({found.split}), {counts.faces(found.n)}"
    rows: list[tuple[object, ...]] = [
        (attribute_words.attribute(each.attribute), attribute_words.value(row.value), row.by_run[0].n,
         *map(_measured, row.by_run), "" if row.fitness == "fit" else str(row.fitness))
        for each in found.attributes
        for row in each.rows
    ]  # fmt: skip
    runs = [f"run {view.run}" for view in found.runs]
    gaps: list[tuple[object, ...]] = [
        (attribute_words.attribute(each.attribute), view.run, attribute_words.value(gap.high),
         attribute_words.value(gap.low), points(gap.gap.value),
         f"{points(gap.gap.low)} to {points(gap.gap.high)}", p_words(gap.p_holm))
        for each in found.attributes
        for view, gap in zip(found.runs, each.gaps, strict=True)
        if gap is not None
    ]  # fmt: skip
    gap_header = ("attribute", "run", "highest", "lowest", "gap in points", "95 % interval", "after Holm")
    return "\n".join([head, table(("attribute", "group", "n", *runs, ""), rows), table(gap_header, gaps)])


@click.command("slices")
@click.argument("run", type=NUMBER)
@click.option("--on", "--dataset", "dataset", metavar="NAME", help="The test split on which slices are tested.")
@click.option("--found-on", metavar="NAME", help="The validation split on which slices are searched for.")
@click.option("--without-label", is_flag=True, help="Name slices without the emotion that faces show.")
@click.option("--least", type=click.IntRange(2), help="The fewest validation faces; by default 30, or 1 % if more.")
@click.option("--slice", "number", type=click.IntRange(1), default=1, show_default=True, help="The one to send.")
@click.option("--send", "name", default=None, help="Send its misread test faces to review as a task of this name.")
@click.option("--person", "people", multiple=True, help="Who takes part; repeat. Without it, everybody may.")
@click.option("--seed", type=NUMBER, default=0, show_default=True, help="Of the control faces that are drawn.")
@json_option
@pass_context
def slices_command(
    context: CommandContext,
    run: int,
    dataset: str | None,
    found_on: str | None,
    without_label: bool,
    least: int | None,
    number: int,
    name: str | None,
    people: tuple[str, ...],
    seed: int,
    as_json: bool,
) -> None:
    """Faces that a run misreads most, by up to three properties: found on validation, each tested once on test."""
    evaluations = stored_evaluations.listed(context.store)
    tested = _named(slices.tests(evaluations, run), dataset, "--on")
    validation = slices.validation(evaluations, run)
    same = [view for view in validation if view.dataset == tested.dataset]
    found_view = _named(same or validation, None) if found_on is None else _named(validation, found_on)
    _warn([found_view, tested])
    found = slices.search(context.store, SliceChoice(found_view, tested, not without_label, least))
    document, lines = slices.as_json(found), [_slices_text(found)]
    if name is not None:
        if number > len(found.slices):
            raise NotFoundError("slice", number)
        chosen = slice_faces.chosen(context.store, found, found.slices[number - 1], Shown.MISREAD)
        sent = selected_faces.write(context.store, chosen, Sending(name, people, seed))
        document["sent"] = asdict(sent)
        lines.append(f"Task {sent.task}: {counts.faces(sent.faces)} of the slice, {sent.control} for control.")
    show(document, as_json, lambda: "\n".join(lines))


def _named(views: Sequence[EvaluationView], name: str | None, option: str = "") -> EvaluationView:
    """The evaluation on a dataset; without a name the only one, or the first where no option could name it."""
    if name is None:
        if option and len(views) > 1:
            raise click.UsageError(f"Say with {option} which: {', '.join(view.dataset for view in views)}.")
        return views[0]
    found = next((view for view in views if view.dataset == name), None)
    if found is None:
        raise NotFoundError("evaluation", name, [view.dataset for view in views])
    return found


def _slices_text(found: Slices) -> str:
    choice = found.choice
    head = (
        f"Run {choice.tested_on.run}: found on '{choice.found_on.dataset}' validation ({_measured(found.found_on)}), "
        f"tested on '{choice.tested_on.dataset}' test ({_measured(found.tested_on)})"
    )
    rows: list[tuple[object, ...]] = [
        (attribute_words.conjunction(each.values), each.found.n, _measured(each.found), each.tested.n,
         _measured(each.tested), *_against(each))
        for each in found.slices
    ]  # fmt: skip
    header = ("slice", "n", "validation", "n", "test", "points to others", "95 % interval", "after Holm")
    return "\n".join([head, table(header, rows)])


def _against(each: slices.TestedSlice) -> tuple[str, str, str]:
    if each.gap is None or each.p_holm is None:
        return "too few test faces", "", ""
    return points(each.gap.value), f"{points(each.gap.low)} to {points(each.gap.high)}", p_words(each.p_holm)


def _estimate(found: Estimate) -> str:
    return "-" if found.value is None else f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"


def _measured(found: Measured) -> str:
    return "-" if found.value is None else f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"


def _warn(views: Sequence[EvaluationView]) -> None:
    """The marks of evaluations, on stderr."""
    marks: dict[str, Any] = {
        f"Run {view.run}: {stored_evaluations.selection_mark(view.selected_by)}": None
        for view in views
        if view.selected_by
    }
    warn(list(marks), strict=False)


COMMANDS: Final[tuple[click.Command, ...]] = (emotions_command, subgroups_command, slices_command)
