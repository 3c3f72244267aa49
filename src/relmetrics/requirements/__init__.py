"""A funder's requirements document: read, and held to what the standard allows."""

from __future__ import annotations

from relmetrics.requirements.reading import LEAST_COVERAGE, read_requirements

__all__ = ["LEAST_COVERAGE", "read_requirements"]
