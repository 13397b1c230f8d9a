"""Requests of audits: the datasets, the checks, and what doubts labels."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from pydantic import Field

from fercore.curation.checks import Check
from fercore.errors import InputError
from fercore.jobs.kinds import JobRequest, NamedDataset
from fercore.language import tr
from fercore.services.audit.methods import EPOCHS, Method
from fercore.training.models.backbones import backbone
from fercore.training.models.pretrained import InitialWeights
from fercore.training.recipes.recipe import MAX_EPOCHS


class AuditJob(JobRequest):
    """The datasets to audit, the checks, and the source of suspicion about labels: `run` belongs to some methods, what
    follows to `crossval`.
    """

    datasets: list[NamedDataset] = Field(min_length=1)
    checks: list[Check] = Field(default_factory=lambda: list(Check))
    method: Method = Method.FEATURES
    run: int | None = None
    backbone: str | None = None
    recipe: str = "modern"
    epochs: int = Field(default=EPOCHS, ge=1, le=MAX_EPOCHS)
    weights: str = InitialWeights.NONE

    @property
    def names(self) -> list[str]:
        """The datasets, each once."""
        return list(dict.fromkeys(each.dataset for each in self.datasets))


class CrossvalJob(AuditJob):
    """An audit that trains networks: it waits for a device as trainings do."""


@dataclass(frozen=True)
class Doubt:
    """The source of suspicion about labels: a method, and the run or the training that it asks."""

    method: Method = Method.FEATURES
    run: int | None = None
    backbone: str | None = None
    recipe: str = "modern"
    epochs: int = EPOCHS
    weights: str = InitialWeights.NONE


BY_FEATURES: Final = Doubt()


def request(
    names: Sequence[str], wanted: Sequence[Check] = tuple(Check), doubt: Doubt = BY_FEATURES
) -> AuditJob | CrossvalJob:
    """A request of an audit; raises InputError where no dataset is named, or a run or backbone does not fit."""
    if not names:
        raise InputError(tr("Name a dataset to audit."))
    if doubt.method.asks_a_run != (doubt.run is not None):
        raise InputError(tr("A run is named with the methods run and dynamics, and only with them."))
    if (doubt.method == Method.CROSSVAL) != (doubt.backbone is not None):
        raise InputError(tr("A backbone is named with the method crossval, and only with it."))
    if doubt.backbone is not None:
        backbone(doubt.backbone)
    kind = CrossvalJob if doubt.method == Method.CROSSVAL else AuditJob
    return kind(datasets=[NamedDataset(dataset=name) for name in names], checks=list(wanted), **asdict(doubt))
