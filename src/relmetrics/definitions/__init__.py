"""The nouns of the standard as frozen pydantic models: no input, no output, no pandas."""

from __future__ import annotations

from relmetrics.definitions.codelist import Code, Codelist
from relmetrics.definitions.indicator import Benchmark, Gate, Indicator, Interval, Parameter, RaisedWarning
from relmetrics.definitions.manifest import FileForm, Manifest
from relmetrics.definitions.release import Release, ReleaseHeader
from relmetrics.definitions.requirements import Requirements
from relmetrics.definitions.rule import Rule, Structure
from relmetrics.definitions.table import Field, Reference, Table
from relmetrics.definitions.view import View

__all__ = [
    "Benchmark",
    "Code",
    "Codelist",
    "Field",
    "FileForm",
    "Gate",
    "Indicator",
    "Interval",
    "Manifest",
    "Parameter",
    "RaisedWarning",
    "Reference",
    "Release",
    "ReleaseHeader",
    "Requirements",
    "Rule",
    "Structure",
    "Table",
    "View",
]
