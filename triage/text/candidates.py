"""What the finders hand to `redact`: a stretch of text that may be sensitive.

In: nothing. Out: `Found`, the names of the types in their two classes, their placeholders.
Not here: how any of them is found.
"""

import re
from dataclasses import dataclass

# What opens a door, moves money or is a person's for life: kept nowhere, not even encrypted.
SECRETS = ("iban", "card", "identity_number", "licence", "password", "key")
# What an expert may need to help, and nobody else may read.
PRIVATE = (
    "email",
    "organisation_number",
    "customer_number",
    "phone",
    "host",
    "address",
    "account",
    "company",
)
# In the order in which the type of two equally long candidates is chosen.
SENSITIVE_TYPES = (*SECRETS, *PRIVATE)

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


def is_secret(name: str) -> bool:
    """Say whether something of this type may be kept nowhere at all."""
    return name in SECRETS
