"""Raw draft -> Question: the only room that sees raw text.

In: drafts as typed, threads and cases as read. Out: cleaned and redacted ones with their
language, their units, and what all of a forum's texts share.
Not here: meaning (encode), search (retrieve), storage (store).
"""

from triage.text.boilerplate import NOTHING, Boilerplate, SegmentKind, Span, signature_keys
from triage.text.candidates import SENSITIVE_TYPES
from triage.text.clean import clean
from triage.text.confidential import confidential
from triage.text.courtesies import without_courtesies
from triage.text.frequency import Document, Segment, learn_boilerplate
from triage.text.identifiers import error_codes, identifiers
from triage.text.language import detect
from triage.text.originals import original_of
from triage.text.passages import digest, passages_of, snippet, units_of
from triage.text.question import prepare, prepare_case, prepare_thread, warm_up
from triage.text.redact import redact

__all__ = [
    "NOTHING",
    "SENSITIVE_TYPES",
    "Boilerplate",
    "Document",
    "Segment",
    "SegmentKind",
    "Span",
    "clean",
    "confidential",
    "detect",
    "digest",
    "error_codes",
    "identifiers",
    "learn_boilerplate",
    "original_of",
    "passages_of",
    "prepare",
    "prepare_case",
    "prepare_thread",
    "redact",
    "signature_keys",
    "snippet",
    "units_of",
    "warm_up",
    "without_courtesies",
]
