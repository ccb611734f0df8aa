"""Raw draft -> Question: the only room that sees raw text.

In: drafts as typed, threads and cases as read. Out: cleaned and redacted ones with their
language, and their units.
Not here: meaning (encode), search (retrieve), storage (store).
"""

from triage.text.candidates import SENSITIVE_TYPES
from triage.text.clean import clean
from triage.text.language import detect
from triage.text.passages import digest, snippet, units_of
from triage.text.question import prepare, prepare_case, prepare_thread, warm_up
from triage.text.redact import redact

__all__ = [
    "SENSITIVE_TYPES",
    "clean",
    "detect",
    "digest",
    "prepare",
    "prepare_case",
    "prepare_thread",
    "redact",
    "snippet",
    "units_of",
    "warm_up",
]
