"""The threat model names files and tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`((?:triage|tests|benchmarks)/[\w./]+)`|\]\((?:\.\./)?([\w./-]+\.md)[#)]")


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/separation.md"])
def test_what_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = [path or link for path, link in NAMED.findall(text)]
    assert len(named) > 2
    for name in named:
        beside = (ROOT / page).parent / name
        assert (ROOT / name).exists() or beside.exists(), name
