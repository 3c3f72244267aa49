"""What people say of themselves and their teams: survey_items, survey_responses and reference_population."""

from __future__ import annotations

import numpy as np

from relmetrics.synthesis.organization import choose, pick
from relmetrics.synthesis.population import Table
from relmetrics.synthesis.records import Records, table_of
from relmetrics.synthesis.surveys import Wave

_SCALES = (
    ("collective_efficacy", "team", 5, ("ce1", "ce2", "ce3", "ce4r")),
    ("role_opportunity", "team", 7, ("ro1", "ro2", "ro3")),
    ("sense_of_community", "organization", 5, ("sc1", "sc2", "sc3")),
    ("sociopolitical_control", "self", 5, ("pc1", "pc2", "pc3r", "pc4")),
)
"""Scale, whom it is about, points, items; those that end in r are worded the other way round."""

_MODES = {"paper": 0.4, "web": 0.3, "phone": 0.2, "interview": 0.1}
_FILLED = 0.97
_PUBLICATIONS = {
    "focal": ("Minutes of the city council", "Riverside Weekly"),
    "comparison": ("Minutes of the county board", "Lakeside Weekly"),
}


def item_table() -> Table:
    """The table survey_items. Codes only."""
    rows = [
        (code, scale, referent, "1", str(points), "yes" if code.endswith("r") else "no", "2025-1", "own wording")
        for scale, referent, points, codes in _SCALES for code in codes
    ]  # fmt: skip
    columns = (
        "item_code", "scale", "referent", "minimum", "maximum", "is_reversed", "wording_version", "licence",
    )  # fmt: skip
    return table_of(columns, rows)


def respond(r: Records, rng: np.random.Generator, waves: list[Wave]) -> Table:
    """What those who answered say: a view that the team shares, a person's own, and what varies from item to item."""
    items = [(code, points, code.endswith("r")) for _, _, points, codes in _SCALES for code in codes]
    scale = np.repeat(np.arange(len(_SCALES)), [len(codes) for *_, codes in _SCALES])
    points = np.array([points for _, points, _ in items])
    turned = np.array([reverse for _, _, reverse in items])
    shared = rng.standard_normal((len(r.p.team_id) + 1, len(_SCALES))) * r.b.team_feeling
    own = rng.standard_normal((len(r.p.first), len(_SCALES)))
    parts: list[Table] = []
    for wave in waves:
        who, team = wave.asked[wave.answered], wave.team[wave.answered]
        n = len(who)
        felt = shared[team + 1] + 0.6 * own[who] + 0.2 * rng.standard_normal((n, len(_SCALES)))
        score = 0.62 * points + (points / 5) * (felt[:, scale] + 0.5 * rng.standard_normal((n, len(items))))
        value = np.clip(np.rint(score), 1, points).astype(np.int64)
        value = np.where(turned, points + 1 - value, value)
        cells = pick([str(i) for i in range(12)], value.ravel())
        cells[rng.random(len(cells)) >= _FILLED] = ""
        parts.append({
            "wave_id": np.full(len(cells), wave.wave_id, dtype=object),
            "person_id": np.repeat(r.p.person_id[who], len(items)),
            "item_code": np.tile(np.array([code for code, _, _ in items], dtype=object), n),
            "group_id": np.repeat(pick(list(r.p.team_id), team), len(items)), "value": cells,
            "mode": np.repeat(choose(rng, _MODES, n), len(items)),
        })  # fmt: skip
    columns = ("wave_id", "person_id", "item_code", "group_id", "value", "mode")
    empty = np.array([], dtype=object)
    return {name: np.concatenate([empty, *(part[name] for part in parts)]) for name in columns}


def refer(r: Records, rng: np.random.Generator) -> Table:
    """The table reference_population: who lives here, by the categories that the organization declared."""
    lines, rows = r.tables["lines"], list[tuple[str, ...]]()
    year = str(int(r.p.calendar.text(np.array([r.end]))[0][:4]) - 2)
    counted = int(rng.integers(6000, 20000))
    for line in dict.fromkeys(lines["line_id"].tolist()):
        categories = lines["category_id"][lines["line_id"] == line].tolist()
        share = rng.dirichlet(np.full(len(categories), 4.0))
        parts = np.maximum(1, np.rint(share * 1000)).astype(np.int64)
        parts[-1] += 1000 - parts.sum()
        rows += [
            (line, category, year, f"{part / 1000:g}", str(counted), "City household survey")
            for category, part in zip(categories, parts.tolist(), strict=True)
        ]
    return table_of(("line_id", "category_id", "year", "share", "n", "source"), rows)


def collect(r: Records, rng: np.random.Generator) -> dict[str, Table]:
    """The tables documents and document_codings: texts of two series before and after the organization took up work."""
    n = r.b.documents_per_cell
    cut = r.p.start + (r.end - r.p.start) // 3
    rows: list[tuple[int, str, str]] = []
    for series in ("focal", "comparison"):
        before = np.sort(rng.integers(cut - 400, cut, n))
        after = np.sort(rng.integers(cut + 1, max(cut + 2, r.end + 1), n))
        rows += [(int(on), series, "before") for on in before] + [(int(on), series, "after") for on in after]
    rows.sort()
    of_two = rng.integers(0, 2, len(rows)).tolist()
    names = [f"T-{i:04d}" for i in range(1, len(rows) + 1)]
    days = r.p.calendar.text(np.array([on for on, _, _ in rows], dtype=np.int64))
    chance = np.array([0.55 if (s, phase) == ("focal", "after") else 0.35 for _, s, phase in rows])
    framed = rng.random(len(rows)) < chance
    second = framed ^ (rng.random(len(rows)) < r.b.coders_differ)
    judged = np.empty(2 * len(rows), dtype=np.int64)
    judged[0::2], judged[1::2] = framed, second
    return {
        "documents": table_of(("document_id", "published_on", "series", "phase", "publication"), [
            (name, str(on), s, phase, _PUBLICATIONS[s][which])
            for name, on, (_, s, phase), which in zip(names, days, rows, of_two, strict=True)]),
        "document_codings": {
            "document_id": pick(names, np.repeat(np.arange(len(rows)), 2)),
            "coder": pick(["coder-1", "coder-2"], np.tile([0, 1], len(rows))),
            "has_frame": pick(["no", "yes"], judged),
        },
    }  # fmt: skip
