"""Whether the definitions of one release fit together: every name that one of them uses is defined by another."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass

from relmetrics.definitions.codelist import Codelist
from relmetrics.definitions.definition import LEVELS
from relmetrics.definitions.indicator import Indicator
from relmetrics.definitions.rule import MANIFEST, Each, Rule, Structure
from relmetrics.definitions.screen import LISTED, Screen, WordList
from relmetrics.definitions.table import Field, Table
from relmetrics.definitions.view import View

__all__ = ["PLACE_NAMES", "Contents", "Inconsistency", "inconsistencies"]

# Names that every message may use without declaring them: the renderer fills them from the finding's place.
PLACE_NAMES = frozenset({"table", "file", "sheet", "row", "field", "column", "cell", "related_row", "related_table"})

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """All definitions of a release by id."""

    tables: dict[str, Table]
    codelists: dict[str, Codelist]
    views: dict[str, View]
    rules: dict[str, Rule]
    screens: dict[str, Screen]
    word_lists: dict[str, WordList]
    structure: dict[str, Structure]
    indicators: dict[str, Indicator]


@dataclass(frozen=True, slots=True)
class Inconsistency:
    """One misfit: kind and id of the definition, path of the value in its file, and what is wrong."""

    kind: str
    id: str
    path: Path
    sentence: str


def inconsistencies(contents: Contents) -> Iterator[Inconsistency]:
    """Yield every misfit among the definitions of a release."""
    for table in contents.tables.values():
        for path, sentence in _table(table, contents):
            yield Inconsistency("table", table.id, path, sentence)
    for structure in contents.structure.values():
        for path, sentence in _texts(structure):
            yield Inconsistency("structure", structure.id, path, sentence)
    for rule in contents.rules.values():
        for path, sentence in (*_rule(rule, contents), *_texts(rule)):
            yield Inconsistency("rule", rule.id, path, sentence)
    for screen in contents.screens.values():
        for path, sentence in (*_screen(screen, contents), *_texts(screen)):
            yield Inconsistency("screen", screen.id, path, sentence)
    for indicator in contents.indicators.values():
        for path, sentence in _indicator(indicator, contents):
            yield Inconsistency("indicator", indicator.id, path, sentence)


def _table(table: Table, contents: Contents) -> Iterator[tuple[Path, str]]:
    if not table.key:
        yield ("key",), "the list 'key' is empty; name at least one field."
    for name in table.key:
        if name not in table.by_id:
            yield ("key",), f"the key names '{name}', which is no field of this table."
        elif not table.by_id[name].required:
            yield ("key",), f"'{name}' is a part of the key and must have 'required: yes'."
    seen: set[str] = set()
    for place, field in enumerate(table.fields):
        at: Path = ("fields", place)
        if field.id in seen:
            yield (*at, "id"), f"the field '{field.id}' stands twice; rename or remove one."
        seen.add(field.id)
        if LEVELS.index(field.level) < LEVELS.index(table.level):
            yield (*at, "level"), f"the field's level is {field.level}, below that of its table, {table.level}."
        for key, sentence in (*_field(field, contents), *_reference(table, field, contents)):
            yield (*at, key), sentence
    joins = [field.references.join for field in table.fields if field.references is not None]
    for place, field in enumerate(table.fields):
        if field.references is not None and joins.count(field.references.join) > 1:
            yield ("fields", place, "references"), f"two references are named '{field.references.join}'; rename one."


def _field(field: Field, contents: Contents) -> Iterator[tuple[str, str]]:
    if field.codelist is not None and field.codelist not in contents.codelists:
        yield "codelist", f"there is no codelist '{field.codelist}'; correct the name or add the file to codelists/."
    if field.type == "code" and field.codelist is None:
        yield "type", f"'{field.id}' is a code; name its codelist."
    if field.type == "codes" and field.codelist is None and field.references is None:
        yield "type", f"'{field.id}' holds codes; name their codelist or the table they refer to."
    if (field.type == "codes") != (field.singular is not None):
        yield "singular", f"'{field.id}': 'singular' is needed for type codes, and only there."
    if field.reduced and field.type != "date":
        yield "reduced", f"'{field.id}' is no date, so it cannot be reduced."
    if field.type in ("label", "public_text") and field.max_length is None:
        yield "type", f"'{field.id}' is text; say with max_length how long it may be."
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        yield "minimum", f"'{field.id}': the minimum is above the maximum."
    if (field.minimum is not None or field.maximum is not None) and field.type not in ("integer", "decimal"):
        yield "minimum", f"'{field.id}' is no number, so it has no minimum or maximum."


def _reference(table: Table, field: Field, contents: Contents) -> Iterator[tuple[str, str]]:
    reference = field.references
    if reference is None:
        return
    target = contents.tables.get(reference.table)
    if target is None:
        yield "references", f"there is no table '{reference.table}'; correct the name."
        return
    if reference.field is not None and reference.field not in target.by_id:
        yield "references", f"the table '{target.id}' has no field '{reference.field}'."
    for name in reference.with_fields:
        if name not in table.by_id:
            yield "references", f"'with' names '{name}', which is no field of this table."
    if len(reference.with_fields) + 1 != len(target.key):
        yield "references", f"the key of '{target.id}' has {len(target.key)} fields; name the others under 'with'."
    # An optional field may name a table above its level: there it is the organization's own code, and not looked up.
    if field.required and LEVELS.index(field.level) < LEVELS.index(target.level):
        yield "references", f"'{field.id}' refers to '{target.id}' of level {target.level}; give the field that level."


def _texts(structure: Structure) -> Iterator[tuple[Path, str]]:
    """Placeholders that nothing would fill would reach a reader as they stand."""
    for key in ("message", "why", "remedy"):
        for language, text in getattr(structure, key).items():
            try:
                names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            except ValueError:
                yield (key, language), f"{key}: a brace stands alone; write {{name}} or leave it out."
                continue
            known = structure.params.keys() | PLACE_NAMES
            if isinstance(structure, Rule) and structure.told_once:
                known |= {"n_cells"}
            for name in sorted(names - known):
                yield (key, language), f"{key} uses {{{name}}}, which is not among the params."


def _rule(rule: Rule, contents: Contents) -> Iterator[tuple[Path, str]]:
    for place, name in enumerate(rule.explained_by):
        if name not in contents.rules and name not in contents.structure:
            yield ("explained_by", place), f"there is no rule or structural constraint '{name}'."
    if rule.each is not None:
        if not any(rule.fields_of(one) for one in contents.tables.values()):
            yield ("each",), "no field of any table is of this kind."
        yield from _each(rule, rule.each, contents)
        return
    if rule.table == MANIFEST:
        return
    table = contents.tables.get(rule.table)
    if table is None:
        yield ("table",), f"there is no table '{rule.table}'."
        return
    if not rule.fields:
        yield ("fields",), "the list 'fields' is empty; name the field whose cell is shown."
    for place, name in enumerate(rule.fields):
        if name not in table.by_id:
            yield ("fields", place), f"the table '{rule.table}' has no field '{name}'."
        elif LEVELS.index(table.by_id[name].level) > LEVELS.index(rule.level):
            yield ("fields", place), f"the field '{name}' is above the rule's level, {rule.level}."
    if rule.related_table is not None and rule.related_table not in contents.tables:
        yield ("related_table",), f"there is no table '{rule.related_table}'."


def _screen(screen: Screen, contents: Contents) -> Iterator[tuple[Path, str]]:
    for key in ("forms", "shapes"):
        for place, form in enumerate(getattr(screen, key)):
            for name in LISTED.findall(form.regex + form.unless):
                if name not in contents.word_lists:
                    yield (key, place, "regex"), f"there is no list of words '{name}'; add words/{name}.csv."
    for place, name in enumerate(screen.excepted):
        table, _, field = name.partition(".")
        if table not in contents.tables or field not in contents.tables[table].by_id:
            yield ("excepted", place), f"there is no field '{name}'; write table.field."


def _each(rule: Rule, each: Each, contents: Contents) -> Iterator[tuple[Path, str]]:
    for key, names in (("only", each.only_fields), ("except", each.except_fields)):
        for place, name in enumerate(names):
            table, _, field = name.partition(".")
            if table not in contents.tables or field not in contents.tables[table].by_id:
                yield ("each", key, place), f"there is no field '{name}'; write table.field."
    for place, name in enumerate(each.tables):
        if name not in contents.tables:
            yield ("each", "tables", place), f"there is no table '{name}'."
    for place, name in enumerate(each.codelists):
        if name not in contents.codelists:
            yield ("each", "codelists", place), f"there is no codelist '{name}'."
    types = {field.type for table in contents.tables.values() for field in table.fields if each.covers(table, field)}
    if rule.pattern_reads == "given" and types - {"id", "label", "public_text"}:
        yield ("pattern_reads",), "the text of every cell is looked at only for types id, label and public_text."


def _indicator(indicator: Indicator, contents: Contents) -> Iterator[tuple[Path, str]]:
    known = contents.tables.keys()
    for key in ("needs", "reads"):
        for place, name in enumerate(getattr(indicator, key)):
            if name not in known:
                yield (key, place), f"there is no table '{name}'."
    for place, name in enumerate(indicator.required_fields):
        table, _, field = name.partition(".")
        if table not in known or (table in contents.tables and field not in contents.tables[table].by_id):
            yield ("required_fields", place), f"there is no field '{name}'; write table.field."
    if indicator.population not in contents.views and indicator.population not in contents.tables:
        yield ("population",), f"there is no view '{indicator.population}'; add views/{indicator.population}.yaml."
    for key, name_of, codelist in (("gates", "reason", "reasons"), ("warnings", "warning", "warnings")):
        codes = contents.codelists[codelist].by_code if codelist in contents.codelists else {}
        for place, item in enumerate(getattr(indicator, key)):
            if getattr(item, name_of) not in codes:
                yield (key, place), f"'{getattr(item, name_of)}' does not stand in codelists/{codelist}.csv."
