"""Logic hashes: kept with the release, and moved by what decides a value alone."""

from __future__ import annotations

import json

from relmetrics.definitions import Indicator
from relmetrics.definitions.logic import indicator_hash
from relmetrics.publishing.hashes import hashes
from relmetrics.standard import data_root, load_release


def test_the_file_of_hashes_is_in_sync() -> None:
    release = load_release()
    kept = json.loads((data_root() / "schema" / release.version / "hashes.json").read_text(encoding="utf-8"))
    assert kept == hashes(release), "run: python -m relmetrics.publishing.hashes (and move versions once released)"


def _with(sheet: Indicator, **changes: object) -> Indicator:
    return sheet.model_copy(update=changes)


def test_a_text_moves_no_hash_and_a_gate_does() -> None:
    release = load_release()
    sheet = release.indicators["one_to_one_coverage"]
    before = indicator_hash(sheet, release)
    assert indicator_hash(_with(sheet, rationale={"en": "another text"}), release) == before
    assert indicator_hash(_with(sheet, gates=sheet.gates[:1]), release) != before
    assert indicator_hash(_with(sheet, numerator="NOT is_reached"), release) != before


def test_a_view_far_below_moves_the_hash() -> None:
    release = load_release()
    sheet = release.indicators["one_to_one_coverage"]
    views = dict(release.views)
    views["staff_periods"] = views["staff_periods"].model_copy(update={"query": "SELECT 1 AS other"})
    changed = type(release)(
        release.header,
        release.tables,
        release.codelists,
        views,  # type: ignore[arg-type]
        release.rules,
        release.structure,
        release.indicators,
    )
    assert indicator_hash(sheet, changed) != indicator_hash(sheet, release)
