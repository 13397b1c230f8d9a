"""Commands about faces that are there: datasets, review, snapshots."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from fercore.cli.choices import WordChoice
from fercore.cli.common import NUMBER, CommandContext, json_option, of_dataset, pass_context, show, table
from fercore.curation.votes import RULES
from fercore.language import counts
from fercore.services.datasets import catalogue
from fercore.services.review import adjudication, decision_transfer, history, label_studio, remark_files
from fercore.services.review.history import HistoryQuery
from fercore.services.training import snapshots
from fercore.splits import SPLITS


@click.command("datasets")
@json_option
@pass_context
def datasets_command(context: CommandContext, as_json: bool) -> None:
    """Counts by dataset, split, emotion and review state."""
    summaries = catalogue.summaries(context.store)
    rows: list[tuple[object, ...]] = [
        (
            d.name,
            d.source,
            d.faces,
            *(sum(d.counts[s].values()) for s in SPLITS),
            d.reviewed,
            d.rejected,
            d.unlabelled,
            d.unsure,
            d.disputed,
        )
        for d in summaries
    ]
    header = ("dataset", "source", "faces", *SPLITS, "reviewed", "rejected", "unlabelled", "not sure", "disputed")
    show([catalogue.as_json(d) for d in summaries], as_json, lambda: table(header, rows))


FILES_HELP: Final = "Folder with Label Studio's files: tells faces with the same name apart by content; repeatable."


@click.group("review")
def review_group() -> None:
    """Decisions as CSV or JSON Lines, both ways; from Label Studio; taken back."""


@review_group.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dataset", default=None, help="Only this dataset.")
@click.option("--replace", is_flag=True, help="Replace a regular file that has that name.")
@json_option
@pass_context
def review_export(context: CommandContext, file: Path, dataset: str | None, replace: bool, as_json: bool) -> None:
    """Write every decision to a file: JSON Lines where it ends in .jsonl, CSV otherwise."""
    written = decision_transfer.export(context.store, file, dataset, replace)
    show({"file": str(file), "decisions": written}, as_json, lambda: f"{counts.decisions(written)} written to {file}.")


@review_group.command("notes")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dataset", default=None, help="Only this dataset.")
@click.option("--replace", is_flag=True, help="Replace a regular file that has that name.")
@json_option
@pass_context
def review_notes(context: CommandContext, file: Path, dataset: str | None, replace: bool, as_json: bool) -> None:
    """Write flags and notes to a file, a row for each face and person: JSON Lines or CSV, as `export` writes."""
    written = remark_files.export(context.store, file, dataset, replace)
    show({"file": str(file), "rows": written}, as_json, lambda: f"{counts.rows(written)} written to {file}.")


@review_group.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dataset", default=None, help="Whose faces an export of Label Studio is about.")
@click.option("--files", multiple=True, type=click.Path(path_type=Path), help=FILES_HELP)
@click.option("--skip-bad", is_flag=True, help="Import what is good and list what is not.")
@json_option
@pass_context
def review_import(
    context: CommandContext, file: Path, dataset: str | None, files: tuple[Path, ...], skip_bad: bool, as_json: bool
) -> None:
    """Read decisions from such a file, or from Label Studio's export (JSON, JSON_MIN or CSV).

    Decisions that are here already are not stored twice. In an export of Label Studio, each annotator is a reviewer,
    and a skipped task is "not sure".
    """
    if label_studio.is_export(file):
        if dataset is None:
            raise click.UsageError("Say with --dataset whose faces an export of Label Studio is about.")
        roots = (file.absolute().parent, *files)
        report = asdict(label_studio.import_file(context.store, file, dataset, skip_bad, roots))
    else:
        report = decision_transfer.import_file(context.store, file, skip_bad)

    def text() -> str:
        left_out = report.get("left_out", 0)
        more = f" {counts.decisions(left_out)} on crops that were redrawn elsewhere: left out." if left_out else ""
        head = f"{counts.decisions(report['added'])} added, {report['known']:,} already known.{more}"
        return "\n".join([head, *(f"  {fault['where']}: {fault['why']}" for fault in report["skipped"])])

    show(report, as_json, text)


@review_group.command("rule")
@click.argument("rule", type=WordChoice(RULES))
@click.option("--dataset", required=True)
@click.option("--yes", is_flag=True, help="Do not ask before labels change.")
@json_option
@pass_context
def review_rule(context: CommandContext, rule: str, dataset: str, yes: bool, as_json: bool) -> None:
    """Let votes become labels by the latest vote, a majority or all votes; faces with different votes stay disputed."""
    changes = adjudication.rule_changes(context.store, dataset, rule)
    if changes and not yes:
        click.confirm(f"This rule changes {counts.labels(changes)} of '{dataset}'. Go on?", abort=True, err=True)
    disputed = adjudication.set_rule(context.store, dataset, rule)
    report = {"dataset": dataset, "rule": rule, "changed": changes, "disputed": disputed}
    show(
        report,
        as_json,
        lambda: f"{counts.labels(changes)} of '{dataset}' changed; {counts.faces(disputed)} disputed.",
    )


@review_group.command("revert")
@click.option("--reviewer", required=True, help="Whose decisions.")
@click.option("--dataset", default=None, help="Only in this dataset.")
@click.option("--since", type=click.DateTime(), default=None, help="From this moment on, in this machine's time.")
@click.option("--until", type=click.DateTime(), default=None, help="Up to before this moment.")
@click.option("--task", type=NUMBER, default=None, help="Only what was decided in this task.")
@json_option
@pass_context
def review_revert(
    context: CommandContext,
    reviewer: str,
    dataset: str | None,
    since: datetime | None,
    until: datetime | None,
    task: int | None,
    as_json: bool,
) -> None:
    """Revert a range of one person's decisions, as new events under the name of this system's user."""
    begin, end = (None if moment is None else moment.astimezone() for moment in (since, until))
    query = HistoryQuery(dataset, reviewer, begin, end, task)
    crops = history.look(context.store, query, limit=0).crops
    taken = history.revert(context.store, query)
    more = f", {counts.crops(crops)} withdrawn" if crops else ""
    report = {"reviewer": reviewer, "taken_back": taken, "crops": crops}
    show(report, as_json, lambda: f"{counts.decisions(taken)} reverted{more}.")


@click.command("snapshots")
@json_option
@pass_context
def snapshots_command(context: CommandContext, as_json: bool) -> None:
    """All snapshots, newest first."""
    summaries = snapshots.listed(context.store)
    rows: list[tuple[object, ...]] = [(s.name, s.faces, snapshots.origin(s), s.hash[:12]) for s in summaries]
    show(
        [snapshots.as_json(s) for s in summaries],
        as_json,
        lambda: table(("snapshot", "faces", "datasets", "hash"), rows),
    )


@click.command("snapshot-diff")
@click.argument("old")
@click.argument("new")
@json_option
@pass_context
def snapshot_diff_command(context: CommandContext, old: str, new: str, as_json: bool) -> None:
    """Changes between two snapshots: faces added, removed, relabelled, and those with other votes or weights."""
    changes = snapshots.difference(context.store, old, new)

    def text() -> str:
        lines = [f"{changes['added']:,} added, {changes['removed']:,} removed, {changes['relabelled']:,} relabelled."]
        if changes["voted"]:
            lines.append(f"{counts.faces(changes['voted'])} with the same label and other votes.")
        if changes["reweighted"]:
            lines.append(f"{counts.faces(changes['reweighted'])} with another weight.")
        lines += [f"  {move['from']} → {move['to']}: {move['faces']:,}" for move in changes["moves"]]
        return "\n".join(lines)

    show(changes, as_json, text)


@click.command("agreement")
@json_option
@pass_context
@of_dataset
def agreement_command(context: CommandContext, dataset: str, as_json: bool) -> None:
    """Agreement of people who decided the same faces: coefficients with 95 % intervals."""
    from fercore.services.review import agreement  # it needs NumPy, which no other command here does

    result = agreement.agree(context.store, dataset)

    def text() -> str:
        parts = {
            "all people": result.overall,
            "Cohen's kappa": {" and ".join(pair): estimate for pair, estimate in result.pairs.items()},
            "Krippendorff's alpha by category": result.by_category,
        }
        rows: list[tuple[object, ...]] = [
            (part, name, estimate.value, estimate.low, estimate.high, estimate.faces)
            for part, estimates in parts.items()
            for name, estimate in estimates.items()
        ]
        figures = table(("of", "what", "value", "low", "high", "faces"), rows)
        return "\n".join([figures, *agreement.left_out(result.unsure)])

    show(agreement.as_json(result), as_json, text)


COMMANDS: Final[tuple[click.Command, ...]] = (
    datasets_command,
    review_group,
    snapshots_command,
    snapshot_diff_command,
    agreement_command,
)
