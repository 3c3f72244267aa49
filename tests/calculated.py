"""Values of the engine and rows of the oracle, in one form: what the tests of indicators compare."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pandas as pd

from deck import DECK, merged
from oracle import compute
from relmetrics.documents import dump_json, read_document
from relmetrics.submission import Submission

INDICATORS = (
    "one_to_one_coverage", "member_to_member_share", "repeat_conversation_rate", "member_connectedness", "closure",
    "effective_leaders", "relational_coverage", "contacts_made",
)  # fmt: skip

# The oracle names methods by their codes in estimators.md, the engine by the codelists.
METHODS = {
    "U1": "wilson", "wilson_clusters": "wilson_clusters", "U2d": "dyadic_bootstrap", "U3": "vertex_bootstrap",
    "U9": "event_jackknife", "U5": "random_graphs",
}  # fmt: skip


def engine(submission: Submission, *indicators: str, parameters: Mapping[str, str] | None = None) -> Any:
    """Values of the engine; the import stands here, so that the oracle can be held to the deck without it."""
    from relmetrics.calculation import calculate

    chosen = list(indicators) or list(INDICATORS)
    given = {name: dict(parameters) for name in chosen} if parameters else None
    return calculate(submission, indicators=chosen, parameters=given)


def engine_row(value: Any) -> dict[str, Any]:
    """A value of the engine as the oracle writes its rows: no reason is None, warnings are sorted."""
    row = plain(value)
    return row | {"reason": row["reason"] or None, "warnings": sorted(row["warnings"])}


def oracle_rows(
    indicator: str, tables: Mapping[str, pd.DataFrame], manifest: Mapping[str, Any], **options: Any
) -> list[dict[str, Any]]:
    """Rows of the oracle, with the methods' names of the codelists."""
    rows = compute(indicator, dict(tables), dict(manifest), **options)
    for row in rows:
        row["warnings"] = sorted(row["warnings"])
        for part in ("interval", "benchmark"):
            if row[part] is not None:
                row[part] = row[part] | {"method": METHODS[row[part]["method"]]}
    return rows


def case_for_oracle(given: Mapping[str, Any]) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Tables and manifest of a case of the deck, as the oracle takes them."""
    manifest = merged(read_document(DECK / "manifest.yaml").data, given.get("manifest", {}))
    return {name: frame(block) for name, block in given["tables"].items()}, manifest


def frame(block: str) -> pd.DataFrame:
    """Text cells of a CSV table."""
    return pd.read_csv(io.StringIO(block), dtype=object, keep_default_na=False, skip_blank_lines=True)


def plain(value: Any) -> Any:
    """Dataclasses and mappings as dicts, sequences as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def as_text(values: Any) -> str:
    """All values as JSON: equal text is equality to the last bit."""
    return dump_json([plain(value) for value in values])
