"""What the finders hand to `redact`: a stretch of text that may be sensitive.

In: nothing. Out: `Found`, the names of the types and their placeholders.
Not here: how any of them is found.
"""

import re
from dataclasses import dataclass

SENSITIVE_TYPES = ("iban", "card", "identity_number", "email", "phone", "password", "key")

PLACEHOLDER = re.compile("|".join(rf"\[{name.upper()}\]" for name in SENSITIVE_TYPES))


@dataclass(frozen=True, slots=True)
class Found:
    """Characters `start` to `end` hold something of this type."""

    type: str
    start: int
    end: int


def placeholder(name: str) -> str:
    """Return what stands in the text instead of something of this type."""
    return f"[{name.upper()}]"
