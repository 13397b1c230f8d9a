"""Named runs compared: two with a sentence on what may be claimed, more as a ranking."""

import click

from fercore.cli.common import CommandContext, show, table, warn
from fercore.language import counts, tr
from fercore.services.comparison import claims, pair, ranking, stored_evaluations, training_overlap
from fercore.services.comparison.claims import p_words, points
from fercore.services.comparison.pair import PairComparison
from fercore.services.comparison.ranking import Ranking
from fercore.services.comparison.stored_evaluations import EvaluationView
from fercore.services.system.installation import Store


def show_runs(
    context: CommandContext, runs: tuple[int, ...], dataset: str | None, split: str | None, as_json: bool
) -> None:
    """Print the comparison of named runs on a split."""
    if len(set(runs)) < 2:
        raise click.UsageError("Name two runs or more to compare them.")
    views = _evaluations(context.store, tuple(dict.fromkeys(runs)), *place(context.store, runs, dataset, split))
    for view in views:
        sentences = list(training_overlap.known_faces(context.store, view))
        emotion, share = view.baseline
        if view.n and view.accuracy <= share:
            sentences.append(
                tr("No better than always answering {emotion}: {share}.", emotion=emotion, share=f"{share:.1%}")
            )
        if mark := stored_evaluations.selection_mark(view.selected_by):
            sentences.append(mark)
        warn([f"Run {view.run}: {sentence}" for sentence in sentences], strict=False)
    if len(views) > 2:
        ranked = ranking.rank(context.store, views)
        most = max(each.view.n for each in ranked.runs)
        warn([claims.left_out(view, most) for view in ranked.left_out], strict=False)
        show(ranking.as_json(ranked), as_json, lambda: _ranking_text(ranked))
        return
    compared = pair.compare(context.store, *views)
    show(claims.as_json(compared), as_json, lambda: _pair_text(compared))


def place(store: Store, runs: tuple[int, ...], dataset: str | None, split: str | None) -> tuple[str, str]:
    """The split to compare on: the one that was named, or the only one on which all runs were evaluated."""
    if dataset and split:
        return dataset, split
    by_run: dict[int, set[tuple[str, str]]] = {run: set() for run in runs}
    for view in stored_evaluations.listed(store):
        if view.run in by_run:
            by_run[view.run].add((view.dataset, view.split))
    common = sorted(set.intersection(*by_run.values()))
    fitting = [place for place in common if dataset in (None, place[0]) and split in (None, place[1])]
    if len(fitting) != 1:
        known = ", ".join(f"{name} {part}" for name, part in common) or tr("none")
        raise click.UsageError(f"Say with --dataset and --split where to compare. All were evaluated on: {known}.")
    return fitting[0]


def _evaluations(store: Store, runs: tuple[int, ...], dataset: str, split: str) -> list[EvaluationView]:
    return [pair.evaluated(store, run, dataset, split) for run in runs]


def _pair_text(compared: PairComparison) -> str:
    test, change = compared.test, compared.difference
    of = counts.faces(compared.faces.n)
    lines = [
        f"Runs {compared.a.run} and {compared.b.run} on '{compared.faces.dataset}' {compared.faces.split}, {of}",
        f"accuracy: {compared.accuracy[0]:.4f} and {compared.accuracy[1]:.4f}",
        f"difference: {points(change.value)} points, 95 % interval {points(change.low)} to {points(change.high)}",
        f"only run {compared.a.run} right: {test.only_first}, only run {compared.b.run}: {test.only_second}",
        f"McNemar: mid-p {test.p_mid:.4g}, exact {test.p_exact:.4g}; Cohen's g {test.cohen_g:+.3f}",
    ]
    if compared.clusters is not None:
        lines.append(f"faces that are alike as one, {compared.clusters} in all: {p_words(change.p_value)}")
    if compared.needed_n is not None:
        lines.append(f"faces that would settle this difference: {compared.needed_n:,}")
    return "\n".join([*lines, claims.of_pair(compared)])


def _ranking_text(ranked: Ranking) -> str:
    rows: list[tuple[object, ...]] = [
        (
            each.view.run,
            each.view.backbone,
            each.accuracy,
            f"{each.ranks.low} to {each.ranks.high}",
            f"{each.ranks.first:.0%}",
            ", ".join(map(str, each.beaten)) or "-",
        )
        for each in ranked.runs
    ]
    head = f"Ranking on '{ranked.faces.dataset}' {ranked.faces.split}, {counts.faces(ranked.faces.n)}"
    foot = f"Better than: at 5 % after Holm over all pairs, {ranked.pairs} in number. Ranks: 95 % of draws."
    return "\n".join([head, table(("run", "backbone", "accuracy", "ranks", "first", "better than"), rows), foot])
