"""A report on an audit: what each check found, how often that is right, and what it rests on."""

from collections.abc import Mapping, Sequence
from typing import Any

from fercore import clock
from fercore.curation.checks import Check
from fercore.emotions import EMOTIONS
from fercore.exports.documents.document import Block, Column, Document, Kind, Listing, Paragraph, Section, Table
from fercore.language import current, tr, trn
from fercore.language.dates import moment
from fercore.services.audit import words
from fercore.services.audit.score_card import CheckLine, ScoreCard


def report(card: ScoreCard) -> Document:
    """The report on an audit as a document; it holds no faces. Made twice, only `made` differs."""
    sections = [
        _opening(card),
        _checks(card),
        *(part for line in card.lines if (part := _details(line)) is not None),
        _methods(),
    ]
    title = tr("Audit of {datasets}", datasets=", ".join(card.datasets))
    made = tr("Made with fercore, {moment}", moment=moment(clock.now()))
    return Document(title, current(), made, tuple(sections))


def _opening(card: ScoreCard) -> Section:
    faces = trn("{count} face", "{count} faces", card.faces)
    left_out = trn("{count} rejected face was left out.", "{count} rejected faces were left out.", card.rejected)
    text = tr(
        "Audit {number} of {moment} looked at {faces}. {left_out}",
        number=card.audit,
        moment=moment(card.created_at),
        faces=faces,
        left_out=left_out,
    )
    return Section(tr("Data"), (Paragraph(text),))


def _checks(card: ScoreCard) -> Section:
    columns = (
        Column(tr("Check")),
        Column(tr("Found"), Kind.COUNT),
        Column(tr("Looked at"), Kind.COUNT),
        Column(tr("Share"), Kind.SHARE),
        Column(tr("Right")),
        Column(tr("Right in the control sample")),
        Column(tr("Found in the last audit"), Kind.COUNT),
    )
    titles = words.titles()
    rows = tuple(
        (
            titles[line.check],
            line.count,
            line.population,
            line.share,
            "" if line.check == Check.BIAS else words.rate(line.right),
            "" if line.check == Check.BIAS else words.rate(line.control),
            None if line.before is None else line.before[0],
        )
        for line in card.lines
    )
    text = tr(
        "Right: the share of findings that people confirmed since, with its 95 % interval (Wilson 1927); the control "
        "sample was drawn at random from what the audit did not find. No share is given below 20 decisions."
    )
    table = Table("checks", tr("Findings by check"), columns, rows)
    return Section(tr("Score card"), (Paragraph(text), table, *_not_looked_at(card.lines)))


def _not_looked_at(lines: Sequence[CheckLine]) -> tuple[Block, ...]:
    reasons = tuple(f"{name}: {why}" for line in lines for name, why in line.detail.get("not_looked_at", {}).items())
    return (Listing(reasons),) if reasons else ()


def _details(line: CheckLine) -> Section | None:
    blocks = _blocks(line)
    return Section(words.titles()[line.check], (Paragraph(words.purposes()[line.check]), *blocks)) if blocks else None


def _blocks(line: CheckLine) -> tuple[Block, ...]:
    detail = line.detail
    if line.check == Check.LEAKS:
        return _leaks(detail.get("pairs", ()))
    if line.check == Check.BIAS:
        return _bias(detail)
    if line.check == Check.LABELS:
        counted = {tr(name): detail.get("emotions", {}).get(name, 0) for name in EMOTIONS}
        return _counted("suspicious-labels", tr("Suspicious labels by emotion"), tr("Emotion"), counted)
    kinds = words.kinds()
    counted = {kinds.get(kind, kind): count for kind, count in detail.get("kinds", {}).items()}
    return _counted(str(line.check), tr("Findings by kind"), tr("Kind"), counted)


def _counted(name: str, caption: str, title: str, counted: Mapping[str, int]) -> tuple[Block, ...]:
    if not any(counted.values()):
        return ()
    return (Table(name, caption, (Column(title), Column(tr("Found"), Kind.COUNT)), tuple(counted.items())),)


def _leaks(pairs: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    columns = (
        Column(tr("Also in")),
        Column(tr("Held out")),
        *(Column(title, Kind.COUNT) for title in (tr("Equal"), tr("Altered"), tr("People"))),
    )
    rows = tuple(
        (_place(pair["from"]), _place(pair["to"]), pair["exact"], pair["near"], pair["people"]) for pair in pairs
    )
    return (Table("leaks", tr("Leaks by splits"), columns, rows),) if rows else ()


def _place(place: Sequence[str]) -> str:
    return f"{place[0]} · {tr(place[1])}"


def _bias(detail: Mapping[str, Any]) -> tuple[Block, ...]:
    names = words.properties()
    associations = tuple(
        (
            f"{names[each['first']]} × {names[each['second']]}",
            each["dataset"] or tr("all"),
            each["faces"],
            each["v"],
            each["p_holm"],
            f"{words.value(each['strongest']['first'])}, {words.value(each['strongest']['second'])}",
            tr("yes") if each["is_finding"] else "",
        )
        for each in detail.get("associations", ())
    )
    shortcuts = tuple(
        (
            names.get(each["measure"], each["measure"]),
            names[each["target"]],
            each["dataset"] or tr("all"),
            each["balanced_accuracy"],
            each["chance"],
            tr("yes") if each["is_finding"] else "",
        )
        for each in detail.get("shortcuts", ())
    )
    finding = Column(tr("Finding"))
    properties = (
        Column(tr("Properties")), Column(tr("Dataset")), Column(tr("Faces"), Kind.COUNT),
        Column(tr("Cramér's V"), Kind.NUMBER), Column(tr("p after Holm"), Kind.P), Column(tr("Stands out most")),
        finding,
    )  # fmt: skip
    measures = (
        Column(tr("Measure")), Column(tr("Tells")), Column(tr("Dataset")), Column(tr("Balanced accuracy"), Kind.SHARE),
        Column(tr("Chance"), Kind.SHARE), finding,
    )  # fmt: skip
    tables = (
        Table("associations", tr("Properties that go together"), properties, associations),
        Table("shortcuts", tr("What a plain measure of the picture tells"), measures, shortcuts),
    )
    return tuple(table for table in tables if table.rows)


def _methods() -> Section:
    return Section(
        tr("Methods"),
        (
            Listing(
                (
                    tr("Duplicates: equal pixels by SHA-256; altered copies by fingerprint and correlation."),
                    tr("Labels: confident learning (Northcutt et al. 2021) on probabilities of models that have not "
                       "seen the face."),
                    tr("Bias: chi-squared or permutation tests with Holm's correction; Cramér's V, bias-corrected "
                       "(Bergsma 2013)."),
                )
            ),
        ),
    )  # fmt: skip
