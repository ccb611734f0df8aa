"""A question -> the probability that it is about a contract, agreed prices, or security.

In: a text already redacted. Out: a probability, from which signs in it six languages give.
Not here: what follows from it (decide), secrets that stand in a text (redact).
"""

import math
import re
from collections.abc import Mapping

from triage.text.telling import SIGNS

# Fitted on sentences written for it: `python -m benchmarks.redaction.confidential`.
_BIAS = -3.48
_WEIGHTS: Mapping[str, float] = {
    "our_contract": 2.04,
    "subscription": 3.07,
    "contract": 2.64,
    "our_price": 1.99,
    "price": 1.63,
    "per_seat": 1.77,
    "raised": 0.66,
    "bargain": 3.45,
    "offer": 1.66,
    "leave": 3.47,
    "hush": 3.23,
    "bought": 2.89,
    "hole": 5.24,
    "breach": 5.51,
    "others_data": 4.85,
    "processing": 2.07,
    "parts": -1.24,
    "how_to": -1.76,
    "customers_own": -1.82,
}
# What is pasted below a question is not what is asked.
_READ = 3_000

_COMPILED = {name: re.compile(pattern) for name, pattern in SIGNS.items()}


def signs(text: str) -> tuple[str, ...]:
    """Return the names of the signs that a text gives."""
    lowered = text[:_READ].lower()
    return tuple(name for name, pattern in _COMPILED.items() if pattern.search(lowered))


def confidential(text: str) -> float:
    """Return the probability that only the customer and the provider should read this."""
    odds = _BIAS + sum(_WEIGHTS[name] for name in signs(text))
    return 1 / (1 + math.exp(-odds))
