"""A document as files: one HTML file, Markdown with its tables beside it, LaTeX, or all of them in a zip."""

import io
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from fercore.errors import InputError
from fercore.exports.documents.document import Document
from fercore.exports.documents.html import as_html
from fercore.exports.documents.latex import as_latex
from fercore.exports.documents.markdown import as_markdown, files
from fercore.exports.targets import placed, refuse_over, whole
from fercore.language import tr

FOLDER: Final = "{stem}-files"


SUFFIXES: Final = (".html", ".md", ".tex", ".zip")


def check(file: Path) -> None:
    """Raise InputError where a file's suffix says none of the kinds that are written."""
    if file.suffix.lower() not in SUFFIXES:
        raise InputError(tr("'{name}' must end in .html, .md, .tex or .zip.", name=file))


def write(document: Document, file: Path, replace: bool = False) -> None:
    """Write a document as what the file's suffix says: .html, .md with a folder of CSV and SVG, .tex, or .zip with all.

    Raises what `check` and `placed` raise.
    """
    check(file)
    target = whole(file)
    writers: Mapping[str, Callable[[Path], None]] = {
        ".html": lambda draft: _write(draft, html(document)),
        ".tex": lambda draft: _write(draft, as_latex(document).encode()),
        ".zip": lambda draft: _pack(document, draft),
    }
    suffix = target.suffix.lower()
    if suffix == ".md":
        _write_markdown(document, target, replace)
        return
    with placed(target, replace) as draft:
        writers[suffix](draft)


def html(document: Document) -> bytes:
    """The one HTML file."""
    return as_html(document, tr("Contents")).encode()


def zipped(document: Document) -> bytes:
    """All files of a document in one zip: the same document makes the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(_all(document).items()):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _all(document: Document) -> dict[str, bytes]:
    folder = FOLDER.format(stem="report")
    whole_files = {
        "report.html": html(document),
        "report.md": as_markdown(document, folder).encode(),
        "report.tex": as_latex(document).encode(),
    }
    return whole_files | {f"{folder}/{name}": content for name, content in files(document).items()}


def _pack(document: Document, draft: Path) -> None:
    draft.write_bytes(zipped(document))


def _write(draft: Path, content: bytes) -> None:
    draft.write_bytes(content)


def _write_markdown(document: Document, target: Path, replace: bool) -> None:
    folder = target.with_name(FOLDER.format(stem=target.stem))
    beside = files(document)
    refuse_over(target, replace)
    if replace and _is_ours(folder):
        shutil.rmtree(folder)
    with placed(folder) as draft:
        draft.mkdir()
        for name, content in beside.items():
            (draft / name).write_bytes(content)
    with placed(target, replace) as draft:
        draft.write_text(as_markdown(document, folder.name), "utf-8")


def _is_ours(folder: Path) -> bool:
    """True for a folder of nothing but what a report leaves there."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return all(each.suffix in (".csv", ".svg", ".yaml") and each.is_file() for each in folder.iterdir())
