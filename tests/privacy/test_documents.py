"""The page on privacy says what the code does."""

from triage.privacy import holdings_table
from triage.retention import CLASSES, parse_retention
from triage.settings import ROOT

PAGE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")


def test_every_table_is_on_the_page_as_it_is_dealt_with() -> None:
    assert holdings_table(parse_retention("")) in PAGE


def test_every_class_is_on_the_page_with_its_days() -> None:
    for name, (days, meaning) in CLASSES.items():
        usual = "until somebody removes it" if days is None else days
        assert f"| `{name}` | {usual} | {meaning} |" in PAGE
