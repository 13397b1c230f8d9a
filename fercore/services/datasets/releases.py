"""Datasets beside releases: whether faces and labels are those that a known or recorded release has."""

from collections.abc import Mapping, Sequence
from typing import Any

from fercore.errors import InputError, NotFoundError
from fercore.language import tr, trn
from fercore.services.naming import checked_name
from fercore.sources import releases
from fercore.sources.releases import Release, ReleaseCheck, SplitCheck
from fercore.store import Store
from fercore.store.datasets import datasets
from fercore.store.datasets import releases as table


def listed(store: Store) -> list[str]:
    """The names of all releases: shipped ones, then those that were recorded here."""
    with store.database.reading() as session:
        return [*releases.SHIPPED, *table.names(session)]


def record(store: Store, name: str, dataset: str) -> Release:
    """Keep the faces and labels of a dataset as a release; raises InputError for a name that is taken."""
    clean = checked_name(name)
    if clean in releases.SHIPPED:
        raise InputError(tr("There is a release '{name}' already: choose another name.", name=clean))
    with store.database.writing() as session:
        release = releases.recorded(clean, table.faces(session, datasets.named(session, dataset)))
        table.add(session, release)
    return release


def check(store: Store, name: str, dataset: str) -> ReleaseCheck:
    """A dataset beside a release; raises NotFoundError for either."""
    with store.database.reading() as session:
        faces = table.faces(session, datasets.named(session, dataset))
        release = releases.shipped(name) if name in releases.SHIPPED else table.named(session, name)
        if release is None:
            raise NotFoundError("release", name, [*releases.SHIPPED, *table.names(session)])
    return releases.check(release, faces)


def claim(store: Store, dataset: str, *names: str) -> ReleaseCheck | None:
    """A dataset beside the shipped release that one of these names claims; None where none does."""
    name = releases.claimed([dataset, *names])
    return None if name is None else check(store, name, dataset)


def verdict(found: ReleaseCheck) -> str:
    """The result in one sentence."""
    if found.is_released and all(check.is_released for check in found.splits):
        return tr("These are the faces and labels of {name}.", name=found.name)
    if found.is_released:
        splits = ", ".join(tr(check.split) for check in found.splits if check.is_released is None)
        return tr("As far as {name} is known, it is this one; not verified: {splits}.", name=found.name, splits=splits)
    if found.is_part:
        return tr("This is a part of {name}.", name=found.name)
    return tr("This is not the {name} that was released.", name=found.name)


def sentences(found: ReleaseCheck) -> list[str]:
    """The verdict, and what differs in each split."""
    texts = [verdict(found), *(text for check in found.splits for text in _differences(check)), *_repeated(found)]
    if found.absent:
        texts.append(tr("Not here: {splits}.", splits=", ".join(map(tr, found.absent))))
    return texts


def _differences(check: SplitCheck) -> list[str]:
    if check.is_released:
        return []
    texts = []
    if check.faces != check.released:
        texts.append(
            tr(
                "{split}: faces here / in the release: {faces} / {released}.",
                split=tr(check.split),
                faces=f"{check.faces:,}",
                released=f"{check.released:,}",
            )
        )
    texts += [sentence for count, sentence in _counted(check) if count]
    labels = ", ".join(f"{tr(name)} {here:,} / {there:,}" for name, (here, there) in check.emotions.items())
    if labels and check.is_released is False:
        texts.append(tr("{split}: labels here / in the release: {labels}.", split=tr(check.split), labels=labels))
    return texts


def _counted(check: SplitCheck) -> Sequence[tuple[int, str]]:
    """The faces of a split that the release has otherwise: how many, and the sentence on them."""
    split, strange = tr(check.split), check.unknown or 0
    unknown = trn(
        "{split}: {count} face is unknown to the release, pixel by pixel.",
        "{split}: {count} faces are unknown to the release, pixel by pixel.",
        strange,
        split=split,
    )
    other = trn(
        "{split}: {count} face is of another split of the release.",
        "{split}: {count} faces are of other splits of the release.",
        check.other,
        split=split,
    )
    lacking = trn(
        "{split}: {count} released picture is lacking.",
        "{split}: {count} released pictures are lacking.",
        check.lacking,
        split=split,
    )
    return (strange, unknown), (check.other, other), (check.lacking, lacking)


def _repeated(found: ReleaseCheck) -> list[str]:
    if not found.repeated:
        return []
    text = trn(
        "{count} held-out face is repeated in training",
        "{count} held-out faces are repeated in training",
        found.repeated,
    )
    there = tr("{count} of them in the release itself, as far as it is known", count=f"{found.repeated_there:,}")
    return [f"{text} ({there})."]


def as_json(found: ReleaseCheck) -> dict[str, Any]:
    """A check as the command line prints it."""
    return {
        "release": found.name,
        "is_released": found.is_released,
        "is_part": found.is_part,
        "verified": [check.split for check in found.splits if check.is_released],
        "splits": {
            check.split: {
                "faces": check.faces,
                "released": check.released,
                "unknown": check.unknown,
                "of_other_splits": check.other,
                "lacking": check.lacking,
                "is_released": check.is_released,
                "labels": {name: {"here": here, "released": there} for name, (here, there) in check.emotions.items()},
            }
            for check in found.splits
        },
        "absent": list(found.absent),
        "repeated_in_training": found.repeated,
        "repeated_in_the_release": found.repeated_there,
        "sentences": sentences(found),
    }


def from_json(given: Mapping[str, Any]) -> ReleaseCheck:
    """A check that was kept as `as_json` gave it."""
    checks = [
        SplitCheck(
            split,
            part["faces"],
            part["released"],
            part["unknown"],
            part.get("of_other_splits", 0),
            part.get("lacking", 0),
            {name: (each["here"], each["released"]) for name, each in part["labels"].items()},
            part["is_released"],
        )
        for split, part in given["splits"].items()
    ]
    return ReleaseCheck(
        given["release"],
        tuple(checks),
        given["repeated_in_training"],
        given["repeated_in_the_release"],
        tuple(given.get("absent", ())),
    )
