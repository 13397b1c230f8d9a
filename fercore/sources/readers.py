"""The sources by the names that people type."""

from dataclasses import dataclass
from typing import Final

from fercore.errors import InputError
from fercore.language.sentences import sentence
from fercore.sources import aihub, ckplus, fer2013, folder, jaffe, parquet
from fercore.sources.record import Reader


@dataclass(frozen=True)
class Source:
    """A source: its reader, its title, what its dataset is called by default, and what a user gives for it.

    One that names no persons cannot be split by person. Pages and commands list what stands here.
    """

    read: Reader
    title: str
    dataset: str
    gives: str
    names_persons: bool = True


SOURCES: Final[dict[str, Source]] = {
    "fer2013": Source(
        fer2013.read,
        "FER2013",
        "FER2013",
        "Kaggle's fer2013.csv, plain, .gz or in a .zip; or its folders.",
        names_persons=False,
    ),
    "aihub": Source(
        aihub.read,
        "AI Hub (KFE)",
        "KFE",
        "The folder below which AI Hub's zips or unpacked folders lie. Half a million photos stay where they are.",
    ),
    "ckplus": Source(
        ckplus.read,
        "CK+",
        "CK+",
        "48 px pictures in emotion folders, the CSV, or the original release with its labels.",
    ),
    "jaffe": Source(jaffe.read, "JAFFE", "JAFFE", "The folder or zip with its 213 TIFF pictures."),
    "folder": Source(
        folder.read,
        "Folders named after emotions",
        "Folders",
        "A folder or zip, such as train/angry/1.jpg.",
        names_persons=False,
    ),
    "parquet": Source(parquet.read, "Parquet", "Parquet", "What fercore exported, or an image dataset with labels."),
}


def reader(name: str) -> Reader:
    """The reader of the source of that name; raises `InputError` naming the known ones."""
    if name not in SOURCES:
        raise InputError(
            sentence("There is no source '{name}'. Choose one of {known}.", name=name, known=", ".join(SOURCES))
        )
    return SOURCES[name].read
