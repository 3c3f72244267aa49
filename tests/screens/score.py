"""How well the screens see: recall and false alarms on made-up data, written into docs/methods/personal_data.md.

``python -m screens.score`` (with ``tests`` on the path) writes the table again; a test demands that it is the
one of the run.
"""

from __future__ import annotations

import csv
import dataclasses
import json
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from deck import DECK
from relmetrics.documents import read_document
from relmetrics.standard import load_release
from relmetrics.submission import read_submission
from relmetrics.submission.submission import column_letter
from relmetrics.validation import Findings, validate
from relmetrics.validation.screens.names import says_so
from relmetrics.validation.screens.sources import Column
from screens import generate as g
from screens import headers as h
from screens.words import LANGUAGES, VOCABULARY, words

PAGE = Path(__file__).parents[2] / "docs" / "methods" / "personal_data.md"
BEGIN, END = "<!-- scores: python -m screens.score -->", "<!-- end of scores -->"
_BLOCKS = 5
_MOST = 100_000


@dataclass
class Score:
    """Counts of one kind in one language."""

    n_cells: int = 0
    n_alone: int = 0
    n_in_company: int = 0
    n_decoys: int = 0
    n_false: int = 0
    n_labels: int = 0
    n_false_labels: int = 0
    strata: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def precision(self) -> float:
        """Share of what was found that is right, among the harmless cells that are there."""
        found = self.n_alone + self.n_false
        return self.n_alone / found if found else 1.0


def validated(folder: Path, tables: Mapping[str, tuple[Sequence[str], Sequence[Sequence[str]]]]) -> Findings:
    """Write the tables as CSV, hand them in, and list every finding."""
    folder.mkdir(parents=True)
    manifest = read_document(DECK / "manifest.yaml").data
    (folder / "submission.yaml").write_text(json.dumps(manifest), encoding="utf-8")
    for name, (header, rows) in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(header)
            writer.writerows(rows)
    # Rules take time and tell nothing here.
    release = dataclasses.replace(load_release(), rules=MappingProxyType({}))
    with read_submission(folder, release) as submission:
        return validate(submission, most_listed=_MOST)


def cells_found(found: Findings) -> dict[str, set[tuple[str, str]]]:
    """Table and cell of every finding, by rule."""
    cells: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for finding in found:
        cells[finding.rule].add((finding.table, finding.cell))
    return cells


def score_cells(folder: Path, language: str) -> dict[str, Score]:
    """Score the screens of contents: each kind among harmless cells, and in a column of its own."""
    kinds = [kind for kind in g.KINDS if kind not in g.ID_KINDS]
    harmless = g.decoys(language)
    columns: list[list[str]] = []
    where: dict[str, list[tuple[int, int, g.Cell | None]]] = defaultdict(list)  # column, row, what was planted
    own: dict[str, tuple[int, list[g.Cell]]] = {}
    for kind in kinds:
        planted = g.positives(kind, language)
        for block in range(_BLOCKS):
            part: list[g.Cell | str] = [*planted[block::_BLOCKS], *harmless[block::_BLOCKS]]
            random.Random(f"{kind} {block}").shuffle(part)
            where[kind] += [
                (len(columns), row, one if isinstance(one, g.Cell) else None) for row, one in enumerate(part)
            ]
            columns.append([one.text if isinstance(one, g.Cell) else one for one in part])
        own[kind] = (len(columns), planted)
        columns.append([cell.text for cell in planted])
    n_rows = max(map(len, columns))
    header = ["person_id", *(f"x_{number}" for number in range(len(columns)))]
    rows = [[f"P-{row:05}", *(column[row] if row < len(column) else "" for column in columns)] for row in range(n_rows)]
    labels = [[f"G-{row:05}", text] for row, text in enumerate(harmless)]
    found = cells_found(validated(folder, {"people": (header, rows), "groups": (["group_id", "label"], labels)}))
    scores = {}
    for kind in kinds:
        score = Score(n_cells=len(own[kind][1]), n_labels=len(labels))
        for column, row, planted_cell in where[kind]:
            is_found = ("people", f"{column_letter(column + 1)}{row + 2}") in found[kind]
            if planted_cell is None:
                score.n_decoys += 1
                score.n_false += is_found
            else:
                score.n_alone += is_found
                _count(score, planted_cell, "alone", is_found)
        column, planted = own[kind]
        for row, cell in enumerate(planted):
            is_found = ("people", f"{column_letter(column + 1)}{row + 2}") in found[kind]
            score.n_in_company += is_found
            _count(score, cell, "company", is_found)
        score.n_false_labels = sum(table == "groups" for table, _ in found[kind])
        scores[kind] = score
    return scores


def _count(score: Score, cell: g.Cell, how: str, is_found: bool) -> None:
    score.strata[cell.stratum][f"n_{how}"] += 1
    score.strata[cell.stratum][f"found_{how}"] += is_found


def score_ids(folder: Path, language: str) -> dict[str, Score]:
    """Score the screens of ids: among 4,000 harmless ids, and alone in the column."""
    scores = {}
    harmless = g.decoy_ids(language)
    for kind in g.ID_KINDS:
        planted = g.positives(kind, language)
        of_text = {cell.text: cell for cell in planted}
        mixed = [*of_text, *(text for text in harmless if text not in of_text)]
        random.Random(kind).shuffle(mixed)
        score = Score(n_cells=len(planted), n_decoys=len(mixed) - len(planted))
        found = cells_found(validated(folder / kind, {"people": (["person_id"], [[text] for text in mixed])}))
        for row, text in enumerate(mixed):
            is_found = ("people", f"A{row + 2}") in found[kind]
            if text in of_text:
                score.n_alone += is_found
                _count(score, of_text[text], "alone", is_found)
            else:
                score.n_false += is_found
        rows = [[cell.text] for cell in planted]
        found = cells_found(validated(folder / f"{kind} own", {"people": (["person_id"], rows)}))
        for row, cell in enumerate(planted):
            is_found = ("people", f"A{row + 2}") in found[kind]
            score.n_in_company += is_found
            _count(score, cell, "company", is_found)
        scores[kind] = score
    return scores


def score_lines(folder: Path, language: str) -> dict[str, Score]:
    """Score the topics of lines, as titles of categories."""
    harmless = h.line_texts(words("harmless_lines", language), g.N_CELLS, f"{g.DRAW} lines {language}", language)
    scores = {}
    for kind, topics in VOCABULARY["lines"].items():
        planted = h.line_texts(topics[language], g.N_CELLS, f"{g.DRAW} {kind} {language}", language)
        rows = [[f"l{row}", "c", text] for row, text in enumerate([*planted, *harmless])]
        found = cells_found(validated(folder / kind, {"lines": (["line_id", "category_id", "title"], rows)}))[kind]
        is_found = [("lines", f"C{row + 2}") in found for row in range(len(rows))]
        n = len(planted)
        scores[kind] = Score(
            n_cells=n,
            n_alone=sum(is_found[:n]),
            n_in_company=sum(is_found[:n]),
            n_decoys=len(harmless),
            n_false=sum(is_found[n:]),
        )
    return scores


def score_headers(language: str) -> dict[str, Score]:
    """Score the names of columns, as columns of people."""
    release = load_release()
    harmless = h.headers(words("harmless_column_names", language), 1000, f"harmless {language}")

    def n_found(kind: str, names: Sequence[str]) -> int:
        columns = release.screens[kind].columns
        assert columns is not None
        made = (Column("people", "people", "people.csv", "", 1, name, 1, "") for name in names)
        return sum(says_so(columns, column, release, []) for column in made)

    scores = {}
    for kind, names in VOCABULARY["column_names"].items():
        planted = h.headers(names[language], 1000, f"{kind} {language}")
        scores[kind] = Score(
            n_cells=len(planted),
            n_alone=n_found(kind, planted),
            n_decoys=len(harmless),
            n_false=n_found(kind, harmless),
        )
    return scores


@dataclass(frozen=True)
class Scores:
    """All scores: by kind and language."""

    cells: Mapping[str, Mapping[str, Score]]
    headers: Mapping[str, Mapping[str, Score]]


def run_scores(folder: Path) -> Scores:
    """Score everything."""
    cells: dict[str, dict[str, Score]] = defaultdict(dict)
    headers: dict[str, dict[str, Score]] = defaultdict(dict)
    for language in LANGUAGES:
        found = {
            **score_cells(folder / f"cells {language}", language),
            **score_ids(folder / f"ids {language}", language),
            **score_lines(folder / f"lines {language}", language),
        }
        for kind, score in found.items():
            cells[kind][language] = score
        for kind, score in score_headers(language).items():
            headers[kind][language] = score
    return Scores(cells, headers)


def table_lines(scores: Scores) -> Iterator[str]:
    """The tables of the page, in Markdown."""
    heads = ("Cells", "Found, one among others", "Found, in a column of such cells", "Harmless cells", "False alarms")
    yield f"| Kind | Language | {' | '.join(heads)} | False alarms in 4,000 labels | Precision |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    for kind, by_language in scores.cells.items():
        for language, score in by_language.items():
            labels = f"{score.n_false_labels}" if score.n_labels else ""
            yield (
                f"| `{kind}` | {language} | {score.n_cells:,} | {_share(score.n_alone, score.n_cells)} | "
                f"{_share(score.n_in_company, score.n_cells)} | {score.n_decoys:,} | "
                f"{score.n_false} ({_share(score.n_false, score.n_decoys)}) | {labels} | {score.precision:.3f} |"
            )
    yield ""
    yield "What differs within a kind:"
    yield ""
    yield "| Kind | Language | Cells that are | Number | Found, one among others | Found, in a column of such cells |"
    yield "|---|---|---|--:|--:|--:|"
    for kind, by_language in scores.cells.items():
        for language, score in by_language.items():
            for stratum, count in sorted(score.strata.items()):
                if stratum:
                    yield (
                        f"| `{kind}` | {language} | {stratum} | {count['n_alone']:,} | "
                        f"{_share(count['found_alone'], count['n_alone'])} | "
                        f"{_share(count['found_company'], count['n_company'])} |"
                    )
    yield ""
    yield "Names of columns:"
    yield ""
    yield "| Kind | Language | Names | Found | Harmless names | False alarms |"
    yield "|---|---|--:|--:|--:|--:|"
    for kind, by_language in scores.headers.items():
        for language, score in by_language.items():
            yield (
                f"| `{kind}` | {language} | {score.n_cells} | {_share(score.n_alone, score.n_cells)} | "
                f"{score.n_decoys} | {score.n_false} ({_share(score.n_false, score.n_decoys)}) |"
            )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""


def published(page: str) -> str:
    """The part of the page between the marks."""
    return page.partition(BEGIN)[2].partition(END)[0].strip()


def main() -> None:
    """Write the tables into the page again."""
    with tempfile.TemporaryDirectory() as folder:
        text = "\n".join(table_lines(run_scores(Path(folder))))
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8", newline="\n")
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
