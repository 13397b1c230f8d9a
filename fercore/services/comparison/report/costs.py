"""Costs in a report: what each run takes, beside its accuracy on the first place that says something of new faces."""

from fercore.exports.documents.document import Column, Kind, Paragraph, Section, Table
from fercore.language import tr
from fercore.services.comparison import cost
from fercore.services.comparison.cost import Cost
from fercore.services.comparison.report.material import Material


def section(material: Material) -> Section | None:
    """The costs of the runs that were trained here; None where there is none."""
    place = next((place for place in material.places if place.tests_claims), material.places[0])
    found = cost.of_runs(material.store, place.views)
    names = {
        Cost.PARAMETERS: tr("Parameters"),
        Cost.FLOPS: tr("FLOPs"),
        Cost.LATENCY: tr("Latency"),
        Cost.SECONDS: tr("Training time"),
        Cost.MEMORY: tr("Training memory"),
    }
    fronts = {each: found.front(each) for each in Cost}
    columns = (
        Column(tr("Run"), Kind.COUNT),
        Column(tr("Accuracy"), Kind.SHARE),
        Column(tr("Parameters"), Kind.COUNT),
        Column(tr("GFLOPs"), Kind.NUMBER),
        Column(tr("Latency, ms"), Kind.NUMBER),
        Column(tr("Training time, s"), Kind.NUMBER),
        Column(tr("Training memory, MiB"), Kind.NUMBER),
        Column(tr("On the front by")),
    )
    rows = tuple(
        (
            run.run,
            run.accuracy,
            run.parameters,
            run.flops and run.flops / 1e9,
            run.latency,
            run.seconds,
            run.memory,
            tr("few faces") if run.is_few else ", ".join(names[each] for each in Cost if run.run in fronts[each]),
        )
        for run in sorted(found.runs, key=lambda run: run.is_few)
        if not run.is_foreign
    )
    if not rows:
        return None
    meaning = tr("On the front, no other run is as accurate for less. A dash: not measured.")
    measured_on = tr("Latency is that of one face on {machine}.", machine=found.machine) if found.machine else ""
    words = " ".join(part for part in (meaning, measured_on) if part)
    caption = tr("Accuracy on {place} against cost", place=place.words)
    return Section(tr("Cost"), (Paragraph(words), Table("cost", caption, columns, rows)))
