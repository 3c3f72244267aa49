"""Definition files as they were parsed, for a quick start: ``python -m relmetrics.publishing.parsed`` rewrites them."""

from __future__ import annotations

import json

from relmetrics.documents import read_text
from relmetrics.standard import KINDS, data_root, definition_files, load_release
from relmetrics.standard.parsed import digest_of, parsed_file

__all__ = ["main", "text_of_parsed_files"]


def text_of_parsed_files() -> str:
    """Content of ``schema/<version>/parsed.json``: one line a file, so that changes can be read."""
    root, version = data_root(), load_release().version
    lines = []
    for path in sorted(path for kind in KINDS for path in definition_files(kind, version, root)):
        if path.suffix == ".yaml":
            content, file = path.read_bytes(), path.relative_to(root).as_posix()
            kept = [digest_of(content), read_text(content, file).data]
            lines.append(f"{json.dumps(file)}: {json.dumps(kept, ensure_ascii=False, separators=(',', ':'))}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Rewrite ``schema/<version>/parsed.json`` of the newest release."""
    file = parsed_file(load_release().version, data_root())
    file.write_text(text_of_parsed_files(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
