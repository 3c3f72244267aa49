"""Rules as SQL, kept beside them: ``python -m relmetrics.publishing.compiled`` rewrites the file."""

from __future__ import annotations

import json

from relmetrics.standard import data_root, load_release
from relmetrics.validation.compiled import to_json

__all__ = ["main", "text_of_compiled_rules"]


def text_of_compiled_rules() -> str:
    """Content of ``validators/<version>/compiled.json``: one line a rule, so that changes can be read."""
    data = to_json(load_release())
    rules = (f"{json.dumps(name)}: {_line(rule)}" for name, rule in sorted(data["rules"].items()))
    lines = ",\n".join(rules)
    return f'{{"fingerprint": {json.dumps(data["fingerprint"])}, "rules": {{\n{lines}\n}}}}\n'


def _line(rule: object) -> str:
    return json.dumps(rule, ensure_ascii=False, separators=(",", ":"))


def main() -> None:
    """Rewrite ``validators/<version>/compiled.json`` of the newest release."""
    file = data_root() / "validators" / load_release().version / "compiled.json"
    file.write_text(text_of_compiled_rules(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
