"""Logic hashes of a release, kept beside it: ``python -m relmetrics.publishing.hashes`` rewrites the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relmetrics.definitions.logic import indicator_hash, rule_hash, screen_hash
from relmetrics.documents import dump_json
from relmetrics.standard import data_root, load_release

if TYPE_CHECKING:
    from relmetrics.definitions import Release

__all__ = ["hashes", "main"]


def hashes(release: Release) -> dict[str, dict[str, dict[str, str]]]:
    """Version and logic hash of every rule, screen and indicator: a hash may not change without its version."""
    return {
        "indicators": {
            name: {"version": sheet.version, "logic_hash": indicator_hash(sheet, release)}
            for name, sheet in sorted(release.indicators.items())
        },
        "rules": {
            name: {"version": rule.version, "logic_hash": rule_hash(rule, release)}
            for name, rule in sorted(release.rules.items())
        },
        "screens": {
            name: {"version": screen.version, "logic_hash": screen_hash(screen, release)}
            for name, screen in sorted(release.screens.items())
        },
    }


def main() -> None:
    """Rewrite ``schema/<version>/hashes.json`` of the newest release."""
    release = load_release()
    file = data_root() / "schema" / release.version / "hashes.json"
    file.write_text(dump_json(hashes(release)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
