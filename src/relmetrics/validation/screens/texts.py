"""The different texts of a submission in one table, and which screens they break: each text is looked at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relmetrics.definitions.screen import LETTERS, LISTED, Shape
from relmetrics.submission.codes import trim_sql
from relmetrics.validation.sql import string

if TYPE_CHECKING:
    import duckdb

    from relmetrics.definitions import Release
    from relmetrics.definitions.screen import Form, Screen
    from relmetrics.validation.screens.sources import Source

__all__ = ["Hit", "Texts"]

_BATCH = 50
_MOST_LETTERS = 200  # names are looked for in texts up to this length; what is longer is told as a note
_LEAST_SURNAME = 5
_SPLIT = (
    # It's, O'Connor; McDonald, MariaGonzalez; maria2; everything else parts words.
    (r"['’]s\b", ""),
    (r"['’`]", ""),
    (r"([a-z])([A-Z])", r"\1 \2"),
    (r"([A-Za-z])([0-9])", r"\1 \2"),
    (r"([0-9])([A-Za-z])", r"\1 \2"),
    (r"[^A-Za-z0-9]+", " "),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a screen found in one source.

    Attributes
    ----------
    source : int
        Its position among the sources.
    n_cells : int
        Cells with such a text.
    """

    screen: str
    source: int
    n_cells: int


class Texts:
    """The different texts of some sources. Close it: its tables are temporary, and hold what people wrote.

    Parameters
    ----------
    connection : DuckDBPyConnection
        The database of the submission.
    release : Release
        Its screens and lists of words.
    sources : sequence of Source
        What is looked at.

    Attributes
    ----------
    n_cells : dict
        Number of filled cells of each source, by its position.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, release: Release, sources: Sequence[Source]) -> None:
        self.connection = connection
        self.release = release
        self.sources = sources
        connection.execute("CREATE SCHEMA screening")
        connection.execute("CREATE TABLE screening.gathered (source INTEGER, kind VARCHAR, text VARCHAR, n BIGINT)")
        self._gather()
        connection.execute(
            "CREATE TABLE screening.texts AS SELECT CAST(row_number() OVER () AS BIGINT) AS id, source, kind, "
            f"text, lower(strip_accents({trim_sql('text')})) AS folded, n "
            f"FROM screening.gathered WHERE {trim_sql('text')} <> ''"
        )
        counted = connection.execute("SELECT source, sum(n)::BIGINT FROM screening.texts GROUP BY source").fetchall()
        self.n_cells: dict[int, int] = dict(counted)
        self._spell()
        self._facts: dict[str, tuple[int, bool, bool]] = {
            kind: (longest, has_digit, has_names)
            for kind, longest, has_digit, has_names in connection.execute(
                "SELECT kind, max(length(folded)), bool_or(regexp_matches(folded, '[0-9]')), "
                "bool_or(regexp_matches(letters, '(?i)[GHSRBCJ]')) "
                "FROM screening.spelled GROUP BY kind"
            ).fetchall()
        }

    def hits(self, screens: Sequence[Screen]) -> list[Hit]:
        """Look for what the screens look for; `texts_of` tells the texts afterwards."""
        selects = [
            f"SELECT {string(screen.id)} AS screen, id, source, n FROM screening.spelled WHERE {condition}"
            for screen in screens
            if (condition := self._condition(screen))
        ]
        if not selects:
            return []
        self.connection.execute(f"CREATE TABLE screening.hits AS {' UNION ALL '.join(selects)}")
        found = self.connection.execute(
            "SELECT screen, source, sum(n)::BIGINT FROM screening.hits GROUP BY screen, source ORDER BY screen, source"
        ).fetchall()
        return [Hit(*row) for row in found]

    def rows_of(self, hit: Hit, most: int) -> list[tuple[int, str, tuple[str, ...]]]:
        """First rows of a hit: row, text, texts of the row's key."""
        source = self.sources[hit.source]
        texts = (
            f"(SELECT text FROM screening.hits JOIN screening.texts USING (id) WHERE screen = {string(hit.screen)} "
            f"AND hits.source = {hit.source})"
        )
        # Rows first, keys afterwards: only for those that are listed.
        rows = f'SELECT "_row", s.text FROM ({source.query}) AS s SEMI JOIN {texts} AS h ON h.text = s.text'
        rows += f' ORDER BY "_row", s.text LIMIT {most}'
        if source.key:
            table = f'given."{source.table}"'
            joined = f'({rows}) AS s LEFT JOIN {table} AS t ON t."_row" = s."_row"'
            query = f'SELECT s."_row", s.text, {source.key} FROM {joined}'
        else:
            query = f'SELECT s."_row", s.text, [] FROM ({rows}) AS s'
        found = self.connection.execute(f'{query} ORDER BY s."_row", s.text').fetchall()
        return [(row, text, tuple(part or "" for part in key)) for row, text, key in found]

    def close(self) -> None:
        """Drop the tables."""
        self.connection.execute("DROP SCHEMA IF EXISTS screening CASCADE")

    # --- the different texts ------------------------------------------------------------------------------------------

    def _gather(self) -> None:
        told = [(number, source.kind, source.text) for number, source in enumerate(self.sources) if not source.query]
        if told:
            self.connection.execute(
                "INSERT INTO screening.gathered "
                "SELECT unnest($1::INTEGER[]), unnest($2::VARCHAR[]), unnest($3::VARCHAR[]), 1",
                [[number for number, *_ in told], [kind for _, kind, _ in told], [text for *_, text in told]],
            )
        asked = [(number, source.kind, source.query) for number, source in enumerate(self.sources) if source.query]
        for first in range(0, len(asked), _BATCH):
            selects = [
                f"SELECT {number}, {string(kind)}, text, count(*) FROM ({query}) WHERE text IS NOT NULL GROUP BY text"
                for number, kind, query in asked[first : first + _BATCH]
            ]
            self.connection.execute(f"INSERT INTO screening.gathered {' UNION ALL '.join(selects)}")

    def _spell(self) -> None:
        """Add the letters of the words of each text in which a name could stand."""
        words, letters = self._words()
        self.connection.execute(
            "CREATE TABLE screening.words AS SELECT unnest($1::VARCHAR[]) AS word, unnest($2::VARCHAR[]) AS letter",
            [words, letters],
        )
        split = "text"
        for regex, by in _SPLIT:
            split = f"regexp_replace({split}, {string(regex)}, {string(by)}, 'g')"
        surnames = "SELECT word FROM screening.words WHERE letter = 'S' OR letter = 'B'"
        joined = " OR ".join(
            f"(length(word) > {_LEAST_SURNAME} AND {part} IN ({surnames}))"
            for part in ("word[2:]", "left(word, length(word) - 1)")
        )
        self.connection.execute(
            "CREATE TABLE screening.spelled AS WITH tokens AS ("
            "  SELECT id, unnest(words) AS token, generate_subscripts(words, 1) AS nth FROM ("
            f"    SELECT id, string_split(trim({split.replace('text', 'strip_accents(text)')}), ' ') AS words"
            f"    FROM screening.texts WHERE length(text) <= {_MOST_LETTERS} "
            "    AND regexp_matches(folded, '[a-z]{3}'))), "
            "looked_up AS (SELECT id, nth, token, lower(token) AS word, w.letter FROM tokens "
            "  LEFT JOIN screening.words AS w ON w.word = lower(token)), "
            "lettered AS (SELECT id, nth, token, CASE WHEN letter IS NOT NULL THEN letter "
            "  WHEN regexp_matches(word, '^[0-9]') THEN 'N' WHEN length(word) = 1 THEN 'I' "
            f"  WHEN {joined} THEN 'J' ELSE 'X' END AS letter FROM looked_up), "
            "spellings AS (SELECT id, string_agg(CASE WHEN token = lower(token) AND letter <> 'N' THEN lower(letter) "
            "  ELSE letter END, '' ORDER BY nth) AS letters FROM lettered GROUP BY id) "
            "SELECT t.*, coalesce(letters, '') AS letters FROM screening.texts AS t LEFT JOIN spellings USING (id)"
        )

    def _words(self) -> tuple[list[str], list[str]]:
        lists = self.release.word_lists
        given = {word.word: word.is_also_a_word for word in lists["given_names"].words}
        letters: dict[str, str] = {}
        for name, (usual, also) in LETTERS.items():
            for word in lists[name].words:
                letters[word.word] = also if word.is_also_a_word else usual
                if name == "surnames" and word.word in given:
                    letters[word.word] = "C" if word.is_also_a_word or given[word.word] else "B"
        return list(letters), list(letters.values())

    # --- what a screen looks for --------------------------------------------------------------------------------------

    def _condition(self, screen: Screen) -> str:
        """What a text has to be for a finding, or nothing where no text stands where the screen looks."""
        forms = [
            (form, one) for form in (*screen.forms, *screen.shapes) if (one := self._one(screen, form)) is not None
        ]
        firm = [one for form, one in forms if form.share is None]
        all_firm = f"({' OR '.join(firm)})" if firm else "FALSE"
        found = [*firm]
        for form, one in forms:
            if form.share is not None:
                evidence = one if form.evidence == "itself" else all_firm
                found.append(
                    f"({one} AND source IN (SELECT source FROM screening.spelled GROUP BY source "
                    f"HAVING count(*) FILTER (WHERE {evidence}) >= greatest({form.share} * count(*), {form.at_least})))"
                )
        if not found:
            return ""
        parts = [f"({' OR '.join(found)})"]
        if screen.unless:
            parts.append(f"NOT {self._matches('folded', screen.unless)}")
        left_alone = [
            str(number)
            for number, source in enumerate(self.sources)
            if f"{source.table}.{source.field}" in screen.excepted
        ]
        if left_alone:
            parts.append(f"source NOT IN ({', '.join(left_alone)})")
        return " AND ".join(parts)

    def _one(self, screen: Screen, form: Form) -> str | None:
        # To make ready a regular expression takes a millisecond: only where there is something to look at.
        is_shape = isinstance(form, Shape)
        kinds = []
        for kind in form.within or screen.looks_at:
            longest, has_digit, has_names = self._facts.get(kind, (0, False, False))
            if kind in screen.looks_at and longest >= form.least_length and (has_names or not is_shape):
                kinds += [kind] if has_digit or not form.has_digit else []
        if not kinds:
            return None
        subject = "letters" if is_shape else "folded"
        parts = [f"kind IN ({', '.join(map(string, kinds))})", self._matches(subject, form.regex)]
        if form.unless:
            parts.append(f"NOT {self._matches(subject, form.unless)}")
        if isinstance(form, Shape) and form.text:
            parts.append(self._matches("folded", form.text))
        return f"({' AND '.join(parts)})"

    def _matches(self, subject: str, regex: str) -> str:
        def listed(name: str) -> str:
            return "(?:" + "|".join(word.word for word in self.release.word_lists[name].words) + ")"

        return f"regexp_matches({subject}, {string(LISTED.sub(lambda found: listed(found[1]), regex))})"
