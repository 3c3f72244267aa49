"""The words of the standard: texts, examples, names and codes."""

from __future__ import annotations

import csv
import re
import unicodedata
from datetime import date

import pytest

from relmetrics.definitions import Field, Release
from relmetrics.standard import definition_files, load_release
from relmetrics.words import fill_sentences


@pytest.fixture(scope="module")
def release() -> Release:
    return load_release()


# --- texts and examples -------------------------------------------------------------------------------------------

# Words of engineers. Plain texts do without; the list is what was found in drafts and in the messages of other tools.
JARGON = re.compile(
    r"primary key|foreign key|\bnull\b|\btuple|\bboolean|\bstring\b|\binteger|\binvalid\b|\bconstraint|referential"
    r"|\bregex|\bschema\b|\bcolumn type|\bdatatype|\bparse|\bcast\b|\bentity\b|\bconform\b|\bviolat|\bfield\b",
    re.IGNORECASE,
)


def texts(release: Release) -> list[tuple[str, str]]:
    found = []
    for table in release.tables.values():
        found.append((f"{table.id}.description", table.description["en"]))
        found += [(f"{table.id}.{field.id}.description", field.description["en"]) for field in table.fields]
    for structure in (*release.structure.values(), *release.rules.values()):
        found += [(f"{structure.id}.{key}", getattr(structure, key)["en"]) for key in ("message", "why", "remedy")]
    for codelist in release.codelists.values():
        found += [(f"{codelist.id}.{code.code}", code.description_en) for code in codelist.codes]
    return found


def titles(release: Release) -> list[tuple[str, str]]:
    found = [(table.id, table.title["en"]) for table in release.tables.values()]
    found += [(f"{t.id}.{field.id}", field.title["en"]) for t in release.tables.values() for field in t.fields]
    found += [(item.id, item.title["en"]) for item in (*release.structure.values(), *release.rules.values())]
    return found


def test_texts_are_sentences_in_plain_words(release: Release) -> None:
    for place, text in texts(release):
        assert re.fullmatch(r"[A-Z0-9'{].*[.]", text, re.DOTALL), f"{place} is no sentence: {text}"
        assert "  " not in text, f"{place} has two blanks in a row: {text}"
        assert not (found := JARGON.search(re.sub(r"\{\w+\}", "", text))), f"{place} has the word {found}: {text}"
        for sentence in re.split(r"(?<=[.;:])\s", text):
            assert len(sentence.split()) <= 36, f"{place} has a sentence that is too long: {sentence}"


def test_jargon_is_found_where_it_stands() -> None:
    assert JARGON.search("This value is NULL.")
    assert JARGON.search("The primary key is repeated.")
    assert not JARGON.search("A strong team casts its net wide.")


def test_titles_are_short_and_no_sentences(release: Release) -> None:
    for place, title in titles(release):
        assert 2 <= len(title) <= 60, f"{place}: {title}"
        assert not title.endswith("."), f"{place}: {title}"
        assert not JARGON.search(title), f"{place}: {title}"


def test_the_three_texts_of_a_check_have_three_jobs(release: Release) -> None:
    for item in (*release.structure.values(), *release.rules.values()):
        said = {item.message["en"], item.why["en"], item.remedy["en"]}
        assert len(said) == 3, item.id


def fits(release: Release, field: Field, text: str) -> bool:
    """Whether `text` is a value of `field` as the standard would write it."""
    codes = release.codelists[field.codelist].by_code if field.codelist else {}
    match field.type:
        case "id":
            return bool(re.fullmatch(r"[A-Za-z0-9._-]{1,64}", text))
        case "code":
            return text in codes
        case "codes":
            return all(not codes or part in codes for part in text.split(";"))
        case "date" | "month":
            wanted = {"month": (7,), "date": (4, 7, 10) if field.reduced else (10,)}[field.type]
            try:
                date.fromisoformat(text + "-01-01"[len(text) - 10 :] if len(text) < 10 else text)
            except ValueError:
                return False
            return len(text) in wanted
        case "integer":
            return bool(re.fullmatch(r"\d+", text)) and (field.minimum is None or int(text) >= field.minimum)
        case "decimal":
            return bool(re.fullmatch(r"\d+(\.\d+)?", text))
        case "label" | "public_text":
            return 0 < len(text) <= (field.max_length or 0)
    return False


def test_every_field_has_an_example_that_is_one(release: Release) -> None:
    for table in release.tables.values():
        for field in table.fields:
            assert fits(release, field, field.example), f"{table.id}.{field.id}: '{field.example}'"


@pytest.mark.parametrize(
    ("name", "text"),
    [("people.person_id", "María"), ("people.person_type", "member"), ("people.first_contact_on", "2025-13"),
     ("events.held_on", "2025-03"), ("one_to_ones.minutes", "-1"), ("groups.label", "x" * 61)],
)  # fmt: skip
def test_an_example_that_is_none_is_told(release: Release, name: str, text: str) -> None:
    table, field = name.split(".")
    assert not fits(release, release.tables[table].by_id[field], text)


# --- names --------------------------------------------------------------------------------------------------------

# Persons and coders are named by what they do, not by `_id`; the rest are words of the paper forms.
# Questions, scales and versions of a wording are codes of the survey's own.
OTHER_IDS = {
    "coder", "person_a", "person_b", "developed_by", "invited_by", "asked_by", "reporter", "alter", "item_code",
    "scale", "wording_version",
}  # fmt: skip
OTHER_ANSWERS = {"attended", "keeps_conversation_log"}
OTHER_DATES = {"conversation_log_from"}


def test_names_of_fields_say_what_they_hold(release: Release) -> None:
    for table in release.tables.values():
        for field in table.fields:
            name = f"{table.id}.{field.id}"
            if field.type == "id":
                assert field.id.endswith("_id") or field.id in OTHER_IDS, name
            if field.type == "date":
                assert field.id.endswith("_on") or field.id in OTHER_DATES, name
            if field.codelist == "yes_no_unknown":
                assert field.id.startswith(("is_", "has_", "have_")) or field.id in OTHER_ANSWERS, name
            if field.unit:
                assert field.unit in ("minutes", "hours", "people"), name


def test_rules_are_named_by_the_pattern_found(release: Release) -> None:
    for rule in release.rules.values():
        assert not re.match(r"(check|valid|no|not|must|is|has|should|verify|ensure|require)_", rule.id), rule.id
        assert rule.id.count("_") >= 2, rule.id


def test_joins_read_as_words_of_their_own(release: Release) -> None:
    for table in release.tables.values():
        for name, field in table.references.items():
            assert name == field.id or name not in table.by_id, f"{table.id}: {name} is a column too"
            assert not name.endswith("_id"), name


# --- codelists ----------------------------------------------------------------------------------------------------


def bare(word: str) -> str:
    """Small letters without accents, blanks, hyphens or underscores: what a hurried reader sees."""
    plain = "".join(one for one in unicodedata.normalize("NFD", word) if not unicodedata.combining(one))
    return re.sub(r"[\s_-]+", " ", plain.casefold()).strip()


def test_no_word_means_two_codes(release: Release) -> None:
    for codelist in release.codelists.values():
        owners: dict[str, str] = {}
        for code in codelist.codes:
            for word in (code.code, *code.synonyms):
                assert owners.setdefault(bare(word), code.code) == code.code, f"{codelist.id}: '{word}'"


def test_codes_on_forms_have_other_words_in_both_languages(release: Release) -> None:
    used = {f.codelist for table in release.tables.values() for f in table.fields if f.type in ("code", "codes")}
    for name in sorted(used - {None}):
        for code in release.codelists[name].codes:
            assert code.synonyms, f"{name}.{code.code}"
            assert not any(";" in word or word != word.strip() for word in code.synonyms)
    yes = release.codelists["yes_no_unknown"].by_synonym
    assert {yes[word.casefold()] for word in ("Sí", "Si", "S", "Yes", "Y", "1", "true")} == {"yes"}


def test_reasons_and_warnings_are_those_of_the_catalogue(release: Release) -> None:
    reasons = (
        "not_adopted_level missing_required_field missing_records_window no_staff no_eligible_units below_coverage "
        "below_minimum_n follow_up_too_short undefined_0_over_0 no_variance too_large coding_disagreement "
        "gate_not_passed companion_missing small_cell"
    )
    warnings = (
        "window_incomplete status_switchers coverage_low partial_coverage coverage_unknown few_clusters "
        "interval_unavailable too_large_to_resample bounds_only coding_unverified coding_disagreement no_staff "
        "unknown_high sparse core_not_unique choice_cap confirmation_low draft_precision"
    )
    assert [code.code for code in release.codelists["reasons"].codes] == reasons.split(), "their order decides"
    assert [code.code for code in release.codelists["warnings"].codes] == warnings.split()


def test_every_codelist_is_written_the_same_way() -> None:
    for file in definition_files("codelist"):
        content = file.read_bytes()
        assert b"\r" not in content, file.name
        assert content.endswith(b"\n"), file.name
        assert next(csv.reader(content.decode().splitlines()))[0] == "code"


def test_a_text_still_says_something_where_an_optional_name_is_empty(release: Release) -> None:
    names = ("row", "cell", "table", "column", "field", "file", "sheet", "related_row", "related_table")
    for item in (*release.structure.values(), *release.rules.values()):
        given = {name: "" if "or empty" in what else "x" for name, what in item.params.items()}
        filled = dict.fromkeys(names, "x") | given
        for key in ("message", "why", "remedy"):
            assert fill_sentences(getattr(item, key)["en"], filled), f"{item.id}.{key}"
