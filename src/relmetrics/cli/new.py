"""``relmetrics new``: the files of a new rule or indicator, to be filled in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from relmetrics.errors import UsageError
from relmetrics.output import write_whole

if TYPE_CHECKING:
    from relmetrics.definitions import Release

__all__ = ["files_of_indicator", "files_of_rule", "new"]

RULE = """\
$id: urn:relmetrics:1.0:rule:{id}
id: {id}
version: 1.0.0
status: draft
since: "1.0"
# Every 'Fill in' below is yours. CONTRIBUTING.md says how. The file loads as it is; the rule finds nothing yet.
title: {{en: "Fill in: the pattern found, in a few words"}}
severity: warning # error, warning or note
dimension: plausibility # conformance, completeness or plausibility
{level}table: {table}
fields: [{field}] # the cell that a finding shows, then others that it is about
applies_when: "TRUE" # which rows are looked at
finding_when: "FALSE" # true is a finding, false is none, null cannot tell
message:
  en: >-
    Fill in: what this row shows. No raw values.
why:
  en: >-
    Fill in: what it harms.
remedy:
  en: >-
    Fill in: what to do, in words that a volunteer understands.
"""

RULE_CASES = """\
# Change the rows until they show what the rule is about. 'make tests' runs the cases: the first fails at the start.
rule: {id}
cases:
  - title: "Fill in: a row that the rule finds"
    kind: fires
    given:
{manifest}      tables:
        {table}: |
          {header}
          {row}
    expect:
      table: {table}
      outcome: findings
      n_examined: 1
      findings:
        - {{table: {table}, row: 2, field: {field}, cell: {cell}}}
  - title: "Fill in: a row that is in order"
    kind: clean
    given:
{manifest}      tables:
        {table}: |
          {header}
          {row}
    expect:
      table: {table}
      outcome: clean
      n_examined: 1
  - title: "no row"
    kind: not_applicable
    given:
{manifest}      tables:
        {table}: |
          {header}
    expect:
      table: {table}
      outcome: not_applicable
      reason: no_eligible_rows
      n_examined: 0
  # Where a field of the rule is optional, add a case of the kind cannot_tell in which it is empty.
"""

INDICATOR = """\
$id: urn:relmetrics:1.0:indicator:{id}
id: {id}
version: 1.0.0
status: draft
since: "1.0"
# Every 'Fill in' below is yours. CONTRIBUTING.md says how. The file loads as it is; the share is 0 of all people.
title: {{en: "Fill in: a noun phrase"}}
code: FILL-00 # short code: the domain in capitals and a number
class: R # I, E, R, C or X; I and E need companions
role: measure # measure, quality or context
adoption: core # core, relational or full
domain: {domain}
construct: {{en: "Fill in: what is meant to be known"}}
faithfulness: direct # direct, derived or instrumental
sections: []
definition: {{en: "Fill in: the number in one sentence"}}
rationale: {{en: "Fill in: why anybody should know it"}}
unit: {{en: "Fill in: what one row stands for"}}
value_unit: share # share, count, number or probability
direction: neither
population_text: {{en: "Fill in: who or what is looked at"}}
numerator_text: {{en: "Fill in: which of them count"}}
denominator_text: {{en: "Fill in: among which"}}
exclusions: {{en: "Fill in: who or what is left out"}}
window_text: {{en: "Fill in: of which time"}}
time_field: people.first_contact_on # the date that decides
needs: [people]
scoring: proportion # proportion, sum or function
population: people # a table, or a view of schema/1.0/views/
numerator: "FALSE" # row expression: true counts
comparison: own_trend # direct, standardized or own_trend
limitations: {{en: "Fill in: what it cannot say"}}
misuse: {{en: "Fill in: how it could harm"}}
sources: []
"""

INDICATOR_CASES = """\
# Look at the cases of a neighbour for the form. Fill in one of each kind; a person follows 'worked' on paper.
indicator: {id}
cases: [] # worked, boundary, true_zero, not_computable
"""


@click.group()
def new() -> None:
    """Begin a rule or an indicator.

    Writes its file and its cases for you to fill in. For work on the standard itself, in a checkout of relmetrics.
    """


@new.command()
@click.argument("name", metavar="ID")
@click.option("--table", required=True, help="Table whose rows the rule judges.")
def rule(name: str, table: str) -> int:
    """Begin a rule. ID names the pattern found: one_to_one_with_oneself, not check_people."""
    root, release = _checkout()
    _write(root, files_of_rule(release, name, table))
    return 0


@new.command()
@click.argument("name", metavar="ID")
@click.option("--domain", required=True, help="Domain of the indicator: a code of the codelist domain.")
def indicator(name: str, domain: str) -> int:
    """Begin an indicator. ID is a noun phrase with the kind of number last: repeat_conversation_rate."""
    root, release = _checkout()
    _write(root, files_of_indicator(release, name, domain))
    return 0


def files_of_rule(release: Release, name: str, table: str) -> dict[str, str]:
    """Return path and text of the files of a new rule."""
    _check_name(release, name)
    if table not in release.tables:
        raise UsageError(f"There is no table '{table[:64]}'. Choose one of: {', '.join(release.tables)}.")
    definition = release.tables[table]
    fields = [field for field in definition.fields if field.required]
    shown = next((field for field in fields if field.id not in definition.key), fields[0])
    names = {
        "id": name,
        "table": table,
        "field": shown.id,
        "cell": f"{chr(ord('A') + fields.index(shown))}2",
        "header": ",".join(field.id for field in fields),
        "row": ",".join(field.example or "X1" for field in fields),
        # The deck's manifest is at the core level, at which a rule of a higher one is not looked at.
        "level": "" if shown.level == "core" else f"level: {shown.level}\n",
        "manifest": "" if shown.level == "core" else f"      manifest: {{adoption_level: {shown.level}}}\n",
    }
    version = release.version
    return {
        f"validators/{version}/rules/{table}/{name}.yaml": RULE.format(**names),
        f"tests/conformance/{version}/rules/{name}.yaml": RULE_CASES.format(**names),
    }


def files_of_indicator(release: Release, name: str, domain: str) -> dict[str, str]:
    """Return path and text of the files of a new indicator."""
    _check_name(release, name)
    domains = release.codelists["domain"].by_code
    if domain not in domains:
        raise UsageError(f"There is no domain '{domain[:64]}'. Choose one of: {', '.join(domains)}.")
    version, names = release.version, {"id": name, "domain": domain}
    return {
        f"schema/{version}/indicators/{domain}/{name}.yaml": INDICATOR.format(**names),
        f"tests/conformance/{version}/indicators/{name}.yaml": INDICATOR_CASES.format(**names),
    }


def _check_name(release: Release, name: str) -> None:
    from relmetrics.definitions.definition import ID

    if not ID.fullmatch(name):
        raise UsageError(f"'{name[:64]}' is no id: small letters, digits and _, beginning with a letter.")
    if any(name in known for known in (release.rules, release.structure, release.indicators, release.tables)):
        raise UsageError(f"The standard already has a '{name}'. Choose another id, or change the file that is there.")


def _checkout() -> tuple[Path, Release]:
    from relmetrics.standard import data_root, load_release

    root = data_root()
    if not (root / "tests" / "conformance").is_dir():
        raise UsageError(
            "A rule or an indicator is begun in a checkout of relmetrics, and this one is installed without. Clone the "
            "repository, run make demo there, and use .venv/bin/relmetrics."
        )
    return root, load_release()


def _write(root: Path, files: dict[str, str]) -> None:
    there = [file for file in files if (root / file).exists()]
    if there:
        raise UsageError(f"{there[0]} is already there. Nothing was written; choose another id.")
    for file, text in files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        write_whole(root / file, text.encode("utf-8"), new=True)
        click.echo(f"Wrote {file}")
    click.echo("Fill both in, then run make tests.")
