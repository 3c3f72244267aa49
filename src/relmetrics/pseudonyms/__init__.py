"""Pseudonyms: a person's own files with codes in place of ids, and everything out that says who somebody is."""

from __future__ import annotations

from relmetrics.pseudonyms.outcome import Outcome
from relmetrics.pseudonyms.run import pseudonymize

__all__ = ["Outcome", "pseudonymize"]
