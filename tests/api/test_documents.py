"""The documents say what the code does."""

import re
from pathlib import Path

from triage.api.access import MATRIX, PUBLIC
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


def test_every_endpoint_is_in_the_table_with_its_keys() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([A-Z]+ /[^`]*)` \| (.*?) \|$", text, re.MULTILINE))
    expected = {
        f"{method} {path.replace('{thread_id:path}', '{id}')}": access
        for (method, path), access in MATRIX.items()
    }
    assert rows.keys() == expected.keys()
    for endpoint, access in expected.items():
        if access is PUBLIC:
            assert rows[endpoint].startswith("none needed")
        else:
            more = "; publishable too" if access.publishable else ""
            assert rows[endpoint] == ", ".join(access.roles) + more
