"""No pattern that looks through raw text can take more than time in proportion to its length."""

import importlib
import re
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

import pytest

MODULES = (
    "addresses companies customers hostnames hosts identities keys licences numbers organisations"
    " passwords postal wordings"
).split()
REPEATS = {codes.MAX_REPEAT, codes.MIN_REPEAT}
# Words that were cut out of a text already; they are 130 characters at most.
ON_WORDS = {"_REFERENCE", "_KNOWN", "_NUMBERS", "_CODE_NAME", "_PROGRAM", "_NOT_A_NAME"}
ON_WORDS |= {"_GENERIC", "_BLANK"}


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for name in MODULES:
        module = importlib.import_module(f"triage.text.{name}")
        for attribute, value in vars(module).items():
            if isinstance(value, re.Pattern) and attribute not in ON_WORDS:
                yield f"{name}.{attribute}", value


def repeats(parsed: parser.SubPattern, inside: int) -> Iterator[tuple[int, int]]:
    """Yield the largest count of every repeat, and how many unbounded ones it stands in."""
    for code, argument in parsed:
        if code in REPEATS:
            _, most, inner = argument
            yield most, inside
            yield from repeats(inner, inside + (most == codes.MAXREPEAT))
        elif isinstance(argument, tuple | list):
            for part in argument:
                if isinstance(part, parser.SubPattern):
                    yield from repeats(part, inside)
                elif isinstance(part, list):
                    for branch in part:
                        if isinstance(branch, parser.SubPattern):
                            yield from repeats(branch, inside)
        elif isinstance(argument, parser.SubPattern):
            yield from repeats(argument, inside)


@pytest.mark.parametrize(("name", "pattern"), list(patterns()), ids=lambda value: str(value)[:40])
def test_nothing_repeats_within_what_repeats_without_bound(
    name: str, pattern: re.Pattern[str]
) -> None:
    parsed = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    for most, inside in repeats(parsed, 0):
        assert most == 1 or inside == 0, f"{name} has {most} inside what has no bound"
