"""Reference pages: every definition of a release as a page in Markdown, for the documentation site.

Nothing that this module writes is kept in the repository; the site's hook (``docs/hooks.py``) asks for the pages when
the site is built. The same release and the same cases give the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2

from relmetrics.definitions.definition import Definition
from relmetrics.definitions.release import Release
from relmetrics.publishing.as_markdown import markdown_of
from relmetrics.publishing.blocks import Document
from relmetrics.publishing.check_index import BY_SEVERITY_NAME, checks_by_severity, checks_by_table
from relmetrics.publishing.check_page import check_document
from relmetrics.publishing.decks import Decks, base_manifest
from relmetrics.publishing.markdown import Markdown, code, escape, fence, link
from relmetrics.publishing.matrix_page import MATRIX_PAGE, MATRIX_TITLE, matrix_pages
from relmetrics.publishing.places import CHECKS, CODELISTS, TABLES, title_from_id
from relmetrics.publishing.table_page import codelist_document, table_document

__all__ = ["FOLDERS", "navigation", "reference_pages"]

_TEMPLATES = Path(__file__).parent / "templates"
# Kind of definition to the folder of its pages and the title of that folder, in the order of the navigation.
FOLDERS: dict[str, tuple[str, str]] = {
    "indicator": ("indicators", "Indicators"),
    "table": (TABLES, "Tables"),
    "codelist": (CODELISTS, "Codelists"),
    "rule": (CHECKS, "Checks"),
    "structure": (CHECKS, "Checks"),
    "screen": (CHECKS, "Checks"),
    "view": ("views", "Views"),
}
# Kinds with few pages: the navigation names each. Of the others it names the page that lists them.
_NAMED = ("indicator", "table", "view")
_LISTED = ("indicator", "table", "codelist", "view")
_BY_SEVERITY_PAGE = f"reference/{CHECKS}/{BY_SEVERITY_NAME}.md"
_ID = re.compile(r"[a-z][a-z0-9_]*")
# A case longer than this is no example any more; it is in the deck.
_MOST_LINES = 80
# Sections of Speer & Han (2018), by the short names that sheets use.
_SECTIONS = {
    "P0": "introduction",
    "P1": "Social Phenomena at the Heart of Democratic Organizing",
    "P2": "What Is Power in the Context of Organizing?",
    "P3": "How Do Social Relationships Shape the Ability of Organizing Groups to Build Power?",
    "P4": "The Increasing Influence of Professional ‘Expertise’ in Organizing",
    "P5": "A Focus on Individual Rather Than Relational Accountability",
    "P6": "The Rise of Technology and Big Data in Organizing",
    "P7": "The Concern for Democratic Power",
}

# Codes of estimators in sheets to the codes by which values name the same methods.
_METHODS = {
    "U1": "wilson",
    "U2d": "dyadic_bootstrap",
    "U3": "vertex_bootstrap",
    "U5": "random_graphs",
    "U9": "event_jackknife",
}


def reference_pages(release: Release, decks: Decks | None = None) -> dict[str, str]:
    """Write the reference pages.

    Parameters
    ----------
    release : Release
        The release that is described.
    decks : mapping, optional
        Cases, from `read_decks`, shown as examples.

    Returns
    -------
    dict
        Path of each page below the site's pages, ``reference/tables/people.md``, to its Markdown.
    """
    environment = _environment(release)
    pages: dict[str, str] = {}
    for kind in _LISTED:
        folder, title = FOLDERS[kind]
        definitions = list(_definitions(release, kind).values())
        overview = environment.get_template("list.md.j2")
        pages[f"reference/{folder}/index.md"] = overview.render(kind=kind, title=title, definitions=definitions)
    for kind in ("indicator", "view"):
        template = environment.get_template(f"{kind}.md.j2")
        for name, definition in _definitions(release, kind).items():
            cases = _cases((decks or {}).get((kind, name), {}))
            pages[f"reference/{FOLDERS[kind][0]}/{name}.md"] = template.render(item=definition, cases=cases)
    for path, document in _documents(release, decks or {}):
        pages[path] = markdown_of(document)
    pages["reference/index.md"] = environment.get_template("index.md.j2").render(n_checks=_n_checks(release))
    pages["reference/reasons.md"] = environment.get_template("reasons.md.j2").render()
    pages |= matrix_pages(release)
    return {path: re.sub(r"\n{3,}", "\n\n", text).strip() + "\n" for path, text in pages.items()}


def _documents(release: Release, decks: Decks) -> Iterator[tuple[str, Document]]:
    for table in release.tables.values():
        yield f"reference/{TABLES}/{table.id}.md", table_document(table, release)
    for codelist in release.codelists.values():
        yield f"reference/{CODELISTS}/{codelist.id}.md", codelist_document(codelist, release)
    base = base_manifest()
    for kind in ("rule", "structure", "screen"):
        for name, check in _definitions(release, kind).items():
            document = check_document(check, release, decks.get((kind, name), {}), base)
            yield f"reference/{CHECKS}/{name}.md", document
    yield f"reference/{CHECKS}/index.md", checks_by_table(release)
    yield _BY_SEVERITY_PAGE, checks_by_severity(release)


def _n_checks(release: Release) -> int:
    return len(release.rules) + len(release.structure) + len(release.screens)


def navigation(release: Release) -> list[dict[str, Any]]:
    """Entries of the site's navigation for the reference pages: of checks and codelists only the lists."""
    entries: list[dict[str, Any]] = [
        {"Overview": "reference/index.md"},
        {"Reasons and warnings": "reference/reasons.md"},
        {MATRIX_TITLE: MATRIX_PAGE},
        {"Checks": [{"By table": f"reference/{CHECKS}/index.md"}, {"By severity": _BY_SEVERITY_PAGE}]},
    ]
    for kind in _LISTED:
        folder, title = FOLDERS[kind]
        pages: list[Any] = [f"reference/{folder}/index.md"]
        if kind in _NAMED:
            pages += [
                {_title(definition): f"reference/{folder}/{name}.md"}
                for name, definition in _definitions(release, kind).items()
            ]
        entries.append({title: pages} if kind in _NAMED else {title: pages[0]})
    return entries


def _definitions(release: Release, kind: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = {
        "indicator": release.indicators,
        "table": release.tables,
        "codelist": release.codelists,
        "rule": release.rules,
        "structure": release.structure,
        "screen": release.screens,
        "view": release.views,
    }[kind]
    if kind == "indicator":
        return dict(sorted(found.items(), key=lambda pair: (pair[1].domain, pair[1].code)))
    return found if kind == "table" else dict(sorted(found.items()))


def _title(definition: Any) -> str:
    if isinstance(definition, Definition):
        return definition.title["en"]
    return title_from_id(str(definition.id))


def _cases(deck: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Cases as the templates show them; the form of `given` and `expect` is the deck's own."""
    shown = []
    for case in deck.get("cases", ()):
        given = case.get("given") or {}
        tables = given.get("tables") or {}
        lines = sum(str(text).count("\n") for text in tables.values())
        shown.append(
            {
                "title": case.get("title", ""),
                "kind": case.get("kind", ""),
                "manifest": given.get("manifest") or {},
                "tables": tables if lines <= _MOST_LINES else {},
                "is_long": lines > _MOST_LINES,
                "expect": list(_flat(case.get("expect") or {})),
            }
        )
    # The worked example comes first; a deck that marks none shows its first case.
    return sorted(shown, key=lambda case: case["kind"] != "worked")


def _flat(value: Any, name: str = "") -> Iterable[tuple[str, str]]:
    """Nested expectations as rows of a table: ``interval.low``, ``findings.1.cell``."""
    if isinstance(value, Mapping):
        pairs: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value):
        pairs = enumerate(value, start=1)
    else:
        plain = ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
        yield name, plain
        return
    for key, inner in pairs:
        yield from _flat(inner, f"{name}.{key}" if name else str(key))


def _anchor(name: str) -> Markdown:
    """Use an id as the name of a place on a page; ids are letters, digits and _, and anything else is refused."""
    if not _ID.fullmatch(name):
        raise ValueError(f"'{name}' is no id")
    return Markdown(name)


class _Links:
    """Links between reference pages. All pages of definitions stand in one folder below ``reference/``."""

    def __init__(self, release: Release) -> None:
        self._release = release

    def page(self, name: str, kind: str) -> Markdown:
        """Link to the page of a definition, by its id; code without a link where it has none."""
        if name not in _definitions(self._release, kind):
            return code(name)
        return Markdown(f"[{code(name)}](../{FOLDERS[kind][0]}/{name}.md)")

    def title(self, definition: Any, kind: str, up: str = "../") -> Markdown:
        return link(_title(definition), f"{up}{FOLDERS[kind][0]}/{definition.id}.md")

    def field(self, name: str) -> Markdown:
        """Link to a field, given as ``table.field``."""
        table, _, field = name.partition(".")
        if table not in self._release.tables or field not in self._release.tables[table].by_id:
            return code(name)
        return Markdown(f"[{code(name)}](../tables/{table}.md#{field})")

    def companions(self, text: str) -> Markdown:
        """Ids become links, ``|`` becomes a word."""
        parts = [part for part in re.split(r"(\|)|[\s,;]+", text) if part]
        words = "".join(" or " if part == "|" else f", {self._one(part)}" for part in parts)
        return Markdown(words.replace(" or , ", " or ").removeprefix(", "))

    def _one(self, name: str) -> Markdown:
        return self.page(name, "indicator") if _ID.fullmatch(name) else escape(name)

    def called(self, codelist: str, name: str) -> str:
        """Title of a code; the code itself where the list does not have it."""
        found = self._release.codelists.get(codelist)
        return found.by_code[name].title_en if found is not None and name in found.by_code else name

    def described(self, codelist: str, name: str) -> str:
        found = self._release.codelists.get(codelist)
        return found.by_code[name].description_en if found is not None and name in found.by_code else ""


def _environment(release: Release) -> jinja2.Environment:
    # Autoescape is for HTML; here everything that a template prints passes `escape`, unless we made it ourselves.
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        finalize=escape,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    environment.globals.update(
        release=release, links=_Links(release), title_of=_title, section_titles=_SECTIONS, methods=_METHODS
    )
    environment.filters.update(
        code=code,
        fence=fence,
        anchor=_anchor,
        joined=lambda parts: Markdown(", ".join(map(escape, parts))),
        # Only for what a macro of ours has written: its own values are escaped already.
        safe_markdown=lambda text: Markdown(text.strip()),
    )
    return environment
