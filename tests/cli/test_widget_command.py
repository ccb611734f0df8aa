"""The lines that put the widget into a page, as they are typed for."""

import pytest
from click.testing import CliRunner, Result

from triage.cli import main
from triage.web import widget


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["widget", *arguments])


def test_the_lines_are_printed_alone_with_what_was_asked_for() -> None:
    base = "https://ask.example"
    printed = run("--key", "pk_abc", "--base", base, "--for", "new-topic", "--lang", "fi")
    assert printed.exit_code == 0
    assert printed.stdout == widget.snippet(base, "pk_abc", form="new-topic", lang="fi")
    assert printed.stderr == ""


def test_without_a_key_the_place_of_one_is_shown() -> None:
    assert 'key="pk_YOUR_KEY"' in run().stdout


@pytest.mark.parametrize("key", ["sk_secret", "pk_", 'pk_"', ""])
def test_what_may_stand_in_no_page_is_wrong_usage_and_not_repeated(key: str) -> None:
    refused = run("--key", key)
    assert refused.exit_code == 2
    assert "publishable" in refused.stderr
    assert refused.stdout == ""
    assert not key.startswith("sk_") or key not in refused.stderr
