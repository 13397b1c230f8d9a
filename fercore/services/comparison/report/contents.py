"""A report on runs: the question, what may be concluded, and everything that this rests on."""

from fercore import clock
from fercore.exports.documents.document import Document, Paragraph, Section
from fercore.language import current, tr, trn
from fercore.language.dates import moment
from fercore.services.comparison.report import (
    calibrations,
    conclusions,
    costs,
    data,
    differences,
    emotions,
    gaps,
    methods,
    results,
    trainings,
)
from fercore.services.comparison.report.material import Material, ReportChoice, gather
from fercore.store import Store

LONGEST_QUESTION = 2_000


def report(store: Store, choice: ReportChoice) -> Document:
    """The report as a document; made twice from the same store, only `made` differs. Raises what `gather` raises."""
    material = gather(store, choice)
    tests = differences.tested(material)
    gap = gaps.measured(material)
    may, may_not = conclusions.sections(material, tests, gap)
    sections = [
        Section(tr("Question"), (Paragraph(_question(material)),)),
        may,
        may_not,
        data.section(material),
        trainings.section(material),
        results.section(material),
        differences.section(tests),
        gaps.section(gap) if gap is not None else None,
        emotions.section(material),
        calibrations.section(material),
        costs.section(material),
        methods.section(),
        trainings.versions(material),
    ]
    title = trn("Report on {count} run", "Report on {count} runs", len(material.runs))
    made = tr("Made with fercore, {moment}", moment=moment(clock.now()))
    return Document(title, current(), made, tuple(section for section in sections if section is not None))


def _question(material: Material) -> str:
    if question := " ".join(material.choice.question.split())[:LONGEST_QUESTION]:
        return question
    if len(material.runs) == 1:
        return tr("How well does this run read the faces that it was tested on?")
    return tr("Which of these runs reads the faces best, and is the difference real?")
