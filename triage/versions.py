"""Product versions and ranges of them: the one syntax (PEP 440 specifiers, `>=8.0,<8.1`).

In: what people and files write. Out: whether a version lies in a range; unknown stays unknown.
"""

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version


def is_range(text: str) -> bool:
    """Whether the text is a version range."""
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True


def in_range(version: str, valid: str) -> bool | None:
    """Whether a version lies in a range; None when either cannot be understood."""
    try:
        return SpecifierSet(valid).contains(Version(version), prereleases=True)
    except (InvalidVersion, InvalidSpecifier):
        return None
