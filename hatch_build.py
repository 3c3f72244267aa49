"""Puts the standard and the bundled example into the wheel, so that an installed `relmetrics demo` works.

Not a plain ``force-include`` in pyproject.toml, because that also copies the files into an editable installation, where
they would grow old beside the ones that are being worked on.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = (
    "schema",
    "validators",
    # The conformance deck ships with the release: `relmetrics explain` shows its cases.
    "tests/conformance",
    "examples/riverside_tenants",
    "examples/riverside_tenants_with_mistakes",
    "examples/requirements",
    "examples/template_rows",
)


class CarryTheStandard(BuildHookInterface[Any]):
    """Adds what `CARRIED` names to a wheel that is not editable."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files; a folder that is not there fails the build."""
        if version == "standard":
            build_data["force_include"].update({folder: f"relmetrics/_data/{folder}" for folder in CARRIED})
