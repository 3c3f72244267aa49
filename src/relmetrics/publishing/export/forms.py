"""What may be written into a column, in words and as the check that a spreadsheet makes while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from relmetrics.definitions import Field
from relmetrics.publishing.export.selection import Selection

if TYPE_CHECKING:
    from relmetrics.words import Words

__all__ = ["codes_name", "form_of", "ids_name", "typing_check"]

_LONGEST_MESSAGE, _LONGEST_TITLE = 255, 32


def codes_name(codelist: str) -> str:
    """Name of the range that holds a codelist."""
    return f"codes_{codelist}"


def ids_name(table: str, field: str) -> str:
    """Name of the range that holds the ids of a table."""
    return f"ids_{table}_{field}"


def form_of(field: Field, selection: Selection, words: Words) -> str:
    """Say in words what may stand in a column."""
    codes = ", ".join(code.code for code in selection.codes(field))
    lookup = selection.lookup(field)
    parts: list[str] = []
    if lookup is not None:
        kind = "references" if field.type == "codes" else "reference"
        parts.append(words.say(f"template.form.{kind}", table=lookup.table.id))
        if answers := ", ".join(code.code for code in selection.answers(field)):
            parts.append(words.say("template.form.answers", codes=answers))
    elif field.type in ("code", "codes"):
        parts.append(words.say(f"template.form.{field.type}", codes=codes) if codes else words.say("template.form.id"))
    else:
        kind = {"public_text": "label"}.get(field.type, field.type)
        parts.append(words.say("template.form.reduced" if field.reduced else f"template.form.{kind}"))
    if field.minimum is not None and field.maximum is not None:
        parts.append(words.say("template.form.between", minimum=field.minimum, maximum=field.maximum))
    elif field.minimum is not None:
        parts.append(words.say("template.form.least", minimum=field.minimum))
    elif field.maximum is not None:
        parts.append(words.say("template.form.most", maximum=field.maximum))
    if field.unit:
        parts.append(words.say("template.form.unit", unit=field.unit))
    if field.max_length is not None:
        parts.append(words.say("template.form.length", n=field.max_length))
    return " ".join(parts)


def typing_check(field: Field, selection: Selection, words: Words, cell: str) -> dict[str, Any] | None:
    """Return what the workbook library takes as a check of a column, or None where anything may be typed.

    Parameters
    ----------
    field : Field
        Field of the column.
    selection : Selection
        What is exported.
    words : Words
        Texts of messages.
    cell : str
        First cell of the column, for a formula.
    """
    check: dict[str, Any] = {
        "error_title": words.text(field.title)[:_LONGEST_TITLE],
        "error_message": form_of(field, selection, words)[:_LONGEST_MESSAGE],
    }
    lookup = selection.lookup(field)
    if lookup is not None:
        # Offered, never forced: the row that is referred to may be written later, and answers may stand instead.
        check |= {
            "validate": "list",
            "source": f"={ids_name(lookup.table.id, lookup.theirs[lookup.ours.index(field.id)])}",
        }
        if field.type == "codes" or selection.answers(field):
            return {**check, "show_error": False}
        message = words.say("template.wrong.reference", table=lookup.table.id)
        return {**check, "error_type": "warning", "error_message": message[:_LONGEST_MESSAGE]}
    if selection.codes(field):
        check |= {"validate": "list", "source": f"={codes_name(field.codelist or '')}"}
        if field.type == "codes":
            return {**check, "show_error": False}
        return {**check, "error_message": words.say("template.wrong.code")[:_LONGEST_MESSAGE]}
    match field.type:
        case "integer":
            return {**check, "validate": "integer", **_limits(field)}
        case "decimal":
            return {**check, "validate": "decimal", **_limits(field)}
        case "date" | "month":
            return {**check, "validate": "custom", "value": _is_date(field, cell)}
        case "id" | "code" | "codes":
            return {**check, "validate": "custom", "value": f'=AND(LEN({cell})<=64,ISERROR(FIND(" ",{cell})))'}
        case _ if field.max_length is not None:
            return {**check, "validate": "length", "criteria": "<=", "value": field.max_length}
        case _:
            return None


def _limits(field: Field) -> dict[str, Any]:
    if field.minimum is not None and field.maximum is not None:
        return {"criteria": "between", "minimum": field.minimum, "maximum": field.maximum}
    if field.maximum is not None:
        return {"criteria": "<=", "value": field.maximum}
    return {"criteria": ">=", "value": -999_999_999 if field.minimum is None else field.minimum}


def _is_date(field: Field, cell: str) -> str:
    """Formula for the form of a date as text; a real date of the spreadsheet is read as well, so it passes."""
    year = f"ISNUMBER(VALUE(LEFT({cell},4)))"
    month = f'AND(LEN({cell})=7,{year},MID({cell},5,1)="-")'
    day = f'AND(LEN({cell})=10,{year},MID({cell},5,1)="-",MID({cell},8,1)="-")'
    forms = [month] if field.type == "month" else [day]
    if field.reduced:
        forms = [day, month, f"AND(LEN({cell})=4,{year})"]
    return f"=OR(ISNUMBER({cell}),{','.join(forms)})"
