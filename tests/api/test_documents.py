"""The documents say what the code does."""

import re
from pathlib import Path

from triage.api.access_page import access_page, access_table
from triage.api.matrix import MATRIX
from triage.api.problems import PROBLEMS
from triage.settings import ROOT, Settings

DOCS = ROOT / "docs"
_ROW = re.compile(r"^\| `([^`]+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)


def _default(value: object) -> str:
    shown = value.relative_to(ROOT) if isinstance(value, Path) else value
    return f"`{shown}`" if shown != "" else "(empty)"


def test_every_setting_is_in_the_table_with_its_default_and_meaning() -> None:
    rows = _ROW.findall((DOCS / "settings.md").read_text(encoding="utf-8"))
    assert rows == [
        (f"TRIAGE_{name.upper()}", _default(field.default), field.description)
        for name, field in Settings.model_fields.items()
    ]


def test_every_problem_is_in_the_table() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    rows = _ROW.findall(text[text.index("## Problems") :])
    assert rows == [(code, str(kind.status), kind.title) for code, kind in PROBLEMS.items()]


def test_the_page_of_who_may_call_what_is_the_one_that_is_made() -> None:
    page = (DOCS / "access.md").read_text(encoding="utf-8")
    assert page == access_page(), "python -m triage access > docs/access.md"


def test_the_table_has_a_row_for_every_endpoint() -> None:
    rows = re.findall(r"^\| `([A-Z]+) (/[^`]*)` \|", access_table(), re.MULTILINE)
    assert [(method, path.split("{")[0]) for method, path in rows] == [
        (method, path.split("{")[0]) for method, path in MATRIX
    ]
