"""A document as one HTML file that needs nothing else: no script, no other file, no network."""

import base64
from html import escape
from typing import Final

from fercore.exports.documents.document import Block, Document, Kind, Listing, Paragraph, Picture, Source, Table, shown

_STYLE: Final = """
:root {
  color-scheme: light dark; --ink: #1f2933; --soft: #52606d; --ground: #ffffff; --line: #d5dae0; --band: #f3f5f7;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaee; --soft: #a9b4bf; --ground: #14181c; --line: #3a434c; --band: #1d2329; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 68rem; color: var(--ink); background: var(--ground);
  font: 1rem/1.55 system-ui, "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 0.25rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
p, li { overflow-wrap: anywhere; }
.made { color: var(--soft); margin: 0 0 1.5rem; }
nav ul { columns: 2; padding-left: 1.2rem; }
a { color: inherit; }
.scroll { overflow: auto; margin: 1rem 0; max-height: 36rem; }
table { border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: 0.4rem; }
th, td { padding: 0.3rem 0.7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }

thead th { border-bottom-width: 2px; position: sticky; top: 0; background: var(--ground); } 
tbody tr:nth-child(even) { background: var(--band); }
.figure { text-align: right; } td.figure { white-space: nowrap; }
figure { margin: 1.25rem 0; } figure img { max-width: 100%; height: auto; border-radius: 6px; background: #ffffff; }
figcaption { color: var(--soft); font-size: 0.9rem; }
pre { overflow-x: auto; padding: 0.8rem; background: var(--band); border-radius: 6px; font-size: 0.85rem; }
@media (max-width: 40rem) { nav ul { columns: 1; } }
@media print { body { max-width: none; }
  .scroll { max-height: none; overflow: visible; } h2 { break-after: avoid; } figure, table { break-inside: avoid; } }
"""
# Nothing may be loaded or run, whatever stands in a name.
_POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def as_html(document: Document, contents: str) -> str:
    """The whole file; `contents` is the title of its table of contents."""
    links = "".join(
        f'<li><a href="#part-{number}">{escape(section.title)}</a></li>'
        for number, section in enumerate(document.sections, 1)
    )
    parts = [
        f'<section aria-labelledby="part-{number}"><h2 id="part-{number}">{escape(section.title)}</h2>\n'
        + "\n".join(map(_block, section.blocks))
        + "</section>"
        for number, section in enumerate(document.sections, 1)
    ]
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<header>",
            f'<h1>{escape(document.title)}</h1>\n<p class="made">{escape(document.made)}</p>\n</header>',
            f'<nav aria-label="{escape(contents)}"><ul>{links}</ul></nav>\n<main>',
            *parts,
            "</main>\n</body>\n</html>\n",
        ]
    )


def _block(block: Block) -> str:
    match block:
        case Paragraph(text):
            return f"<p>{escape(text)}</p>"
        case Listing(items):
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
        case Source(_, title, text):
            return f"<figure><figcaption>{escape(title)}</figcaption><pre><code>{escape(text)}</code></pre></figure>"
        case Picture(_, title, words, svg):
            data = base64.b64encode(svg.encode()).decode()
            alt = escape(f"{title}. {words}")
            picture = f'<img alt="{alt}" src="data:image/svg+xml;base64,{data}">'
            return f"<figure>{picture}<figcaption>{escape(words)}</figcaption></figure>"
        case Table():
            return _table(block)


def _table(table: Table) -> str:
    kinds = [column.kind for column in table.columns]
    head = "".join(f'<th scope="col"{_class(column.kind)}>{escape(column.title)}</th>' for column in table.columns)
    rows = [
        "<tr>"
        + "".join(
            f"<td{_class(kind)}>{escape(shown(value, kind))}</td>" for value, kind in zip(row, kinds, strict=True)
        )
        + "</tr>"
        for row in table.rows
    ]
    caption = escape(table.caption)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{caption}"><table><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>\n" + "\n".join(rows) + "\n</tbody></table></div>"
    )


def _class(kind: Kind) -> str:
    return ' class="figure"' if kind.is_figure else ""
