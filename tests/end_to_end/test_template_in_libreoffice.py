"""The Excel template in LibreOffice: it opens, can be printed, and saved again it still reads without a finding."""

from __future__ import annotations

import subprocess
from pathlib import Path

import openpyxl
import pytest

from relmetrics.publishing.export import select, write_file
from relmetrics.standard import load_release
from relmetrics.submission import read_submission
from relmetrics.validation import validate
from relmetrics.words import Words

pytestmark = pytest.mark.system


def converted(libreoffice: Path, source: Path, kind: str, folder: Path) -> Path:
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [str(libreoffice), profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    made = folder / f"{source.stem}.{kind.split(':')[0]}"
    assert made.is_file(), done.stdout + done.stderr
    return made


@pytest.fixture
def template(tmp_path) -> Path:
    write_file(select(load_release(), "full"), "template.xlsx", tmp_path / "made", Words())
    return tmp_path / "made" / "template.xlsx"


def test_saved_by_libreoffice_it_has_nothing_to_fix(libreoffice, template, tmp_path):
    saved = converted(libreoffice, template, "xlsx", tmp_path / "saved")
    with read_submission(saved) as submission:
        assert submission.unknown_tables == ()
        assert set(submission.tables) == set(load_release().tables)
        assert [(one.rule, one.sheet, one.cell) for one in validate(submission)] == []
    before, after = openpyxl.load_workbook(template), openpyxl.load_workbook(saved)
    # It understood the names: one that it cannot read it drops, and the drop-down lists with it.
    assert set(before.defined_names) <= set(after.defined_names)
    lists = [
        sorted(
            one.formula1.removeprefix("=")
            for one in book["one_to_ones"].data_validations.dataValidation
            if one.type == "list"
        )
        for book in (before, after)
    ]
    assert lists[0] == lists[1]
    assert "codes_meeting_status" in lists[0]


def test_printed_the_instructions_can_be_read(libreoffice, pdftotext, template, tmp_path):
    pdf = converted(libreoffice, template, "pdf", tmp_path / "printed")
    text = subprocess.run([str(pdftotext), "-l", "2", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    words = Words()
    seen = " ".join(text.split())
    for key in ("title", "never", "sheets", *(f"step.{number}" for number in range(1, 8)), "never_text"):
        assert " ".join(words.say(f"template.{key}").split())[-40:] in seen, key
