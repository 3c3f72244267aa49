"""The child in which `guarded.run_guarded` reads: limits first, then the task; every word to the parent is one line.

Run as a script, never imported. What `relmetrics.submission` imports at once (the database) takes twenty times as long
to load as this takes to read a small workbook, so its modules are found here without it.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from types import ModuleType


def main() -> None:
    """Do what the only argument asks for."""
    order = json.loads(sys.argv[1])
    sys.path[:] = order["path"]
    package = ModuleType("relmetrics.submission")
    package.__path__ = [str(Path(__file__).parent)]
    sys.modules[package.__name__] = package
    from relmetrics.errors import UnreadableInputError
    from relmetrics.posix import limit_this_process

    # The parent's clock decides; this one is for a parent that was killed and can stop nobody.
    limit_this_process(seconds=int(order["seconds"]) + 5, memory=order["memory"])
    try:
        module, _, function = order["task"].partition(":")
        getattr(importlib.import_module(module), function)(*order["arguments"], tell)
    except UnreadableInputError as problem:
        end("refused", str(problem))
    except MemoryError:
        end("memory")
    except BaseException as problem:  # a panic of the reading library is none of the usual exceptions
        if order["debug"]:
            raise
        end("memory" if "memory" in str(problem).casefold() else "broken")
    else:
        end("done")


def tell(sentence: str) -> None:
    """Tell the parent what is being done."""
    say({"telling": sentence})


def end(how: str, sentence: str = "") -> None:
    """Say the last word and go, without tidying up what the reading library holds."""
    say({"end": how, "sentence": sentence})
    os._exit(0)


def say(what: dict[str, str]) -> None:
    """Write one line; ASCII only, so that half characters pass too."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
