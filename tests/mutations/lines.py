"""Breaches of rules about lines of difference and the population outside."""

from __future__ import annotations

from mutations.sheets import Expected, Mutation, Sheets

__all__ = ["MUTATIONS"]


def _remove(sheets: Sheets, table: str, *rows: int) -> None:
    sheets.rows[table] = [cells for row, cells in enumerate(sheets.rows[table], start=2) if row not in rows]


def population_shares_off_one(sheets: Sheets) -> list[Expected]:
    row = sheets.find("reference_population", line_id="language")
    sheets.set("reference_population", row, share="0.01")
    return [Expected("population_shares_off_one", "reference_population", row, "share")]


def reference_share_of_zero(sheets: Sheets) -> list[Expected]:
    row, other = sheets.find_all("reference_population", line_id="building")
    sheets.set("reference_population", row, share="0")
    sheets.set("reference_population", other, share="1")
    return [Expected("reference_share_of_zero", "reference_population", row, "share")]


def reference_year_that_lies_ahead(sheets: Sheets) -> list[Expected]:
    rows = sheets.find_all("reference_population", line_id="language")
    for row in rows:
        sheets.set("reference_population", row, year="2042")
    return [Expected("reference_year_that_lies_ahead", "reference_population", row, "year") for row in rows]


def population_numbers_of_long_ago(sheets: Sheets) -> list[Expected]:
    rows = sheets.find_all("reference_population", line_id="language")
    for row in rows:
        sheets.set("reference_population", row, year="2000")
    return [Expected("population_numbers_of_long_ago", "reference_population", rows[0], "year")]


def category_that_means_unknown(sheets: Sheets) -> list[Expected]:
    row = sheets.append("lines", line_id="language", category_id="unknown", title="Nobody has asked", is_reference="no")
    return [Expected("category_that_means_unknown", "lines", row, "category_id")]


def line_with_one_category(sheets: Sheets) -> list[Expected]:
    row = sheets.append("lines", line_id="hours", category_id="nights", title="Works at night", is_reference="no")
    person = sheets.get("person_lines", sheets.find("person_lines"), "person_id")
    sheets.append("person_lines", person_id=person, line_id="hours", category_id="nights")
    return [Expected("line_with_one_category", "lines", row, "line_id")]


def line_with_several_references(sheets: Sheets) -> list[Expected]:
    row = sheets.find_all("lines", line_id="language")[-1]
    sheets.set("lines", row, is_reference="yes")
    return [Expected("line_with_several_references", "lines", row, "is_reference")]


def line_that_nobody_stands_on(sheets: Sheets) -> list[Expected]:
    row = sheets.append("lines", line_id="hours", category_id="nights", title="Works at night", is_reference="no")
    sheets.append("lines", line_id="hours", category_id="days", title="Works in the daytime", is_reference="no")
    return [Expected("line_that_nobody_stands_on", "lines", row, "line_id")]


def category_of_nobody_at_all(sheets: Sheets) -> list[Expected]:
    row = sheets.append("lines", line_id="building", category_id="boats", title="Lives on a boat", is_reference="no")
    like = sheets.find("reference_population", line_id="building")
    sheets.append_copy("reference_population", like, category_id="boats", share="0.001")
    return [Expected("category_of_nobody_at_all", "lines", row, "category_id")]


def line_that_most_left_open(sheets: Sheets) -> list[Expected]:
    kept: set[str] = set()
    for row, record in sheets.records("person_lines"):
        if record["line_id"] == "language":
            if record["category_id"] in kept:
                sheets.set("person_lines", row, category_id="prefer_not_to_say")
            kept.add(record["category_id"])
    return [Expected("line_that_most_left_open", "lines", sheets.find("lines", line_id="language"), "line_id")]


def category_without_population_share(sheets: Sheets) -> list[Expected]:
    first, last = sheets.find_all("reference_population", line_id="building")
    category = sheets.get("reference_population", last, "category_id")
    sheets.set("reference_population", first, share="1")
    _remove(sheets, "reference_population", last)
    row = sheets.find("lines", line_id="building", category_id=category)
    return [Expected("category_without_population_share", "lines", row, "category_id")]


def line_of_an_outsider(sheets: Sheets) -> list[Expected]:
    outsider = sheets.get("people", sheets.find("people", person_type="external"), "person_id")
    row = sheets.append("person_lines", person_id=outsider, line_id="building", category_id="towers")
    return [Expected("line_of_an_outsider", "person_lines", row, "person_id")]


MUTATIONS: dict[str, Mutation] = {
    plant.__name__: plant
    for plant in (
        population_shares_off_one,
        reference_share_of_zero,
        reference_year_that_lies_ahead,
        population_numbers_of_long_ago,
        category_that_means_unknown,
        line_with_one_category,
        line_with_several_references,
        line_that_nobody_stands_on,
        category_of_nobody_at_all,
        line_that_most_left_open,
        category_without_population_share,
        line_of_an_outsider,
    )
}
