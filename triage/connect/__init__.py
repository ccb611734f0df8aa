"""Files and foreign systems -> records.

In: files of the formats in data/README.md. Out: threads, cases, accounts, queries, judgements, and
the fields of events.
Not here: making text safe (text), keeping anything (store).
"""

from triage.connect.accounts import account_from
from triage.connect.cases import case_from
from triage.connect.events import event_lines
from triage.connect.judgements import judgement_from, query_from
from triage.connect.mapped import Unmapped, read_mapped_cases
from triage.connect.mapping import CaseMap, fits, no_map, open_map
from triage.connect.preview import Preview, preview_cases
from triage.connect.reading import (
    Reading,
    read_accounts,
    read_cases,
    read_judgements,
    read_queries,
    read_threads,
)
from triage.connect.threads import thread_from

__all__ = [
    "CaseMap",
    "Preview",
    "Reading",
    "Unmapped",
    "account_from",
    "case_from",
    "event_lines",
    "fits",
    "judgement_from",
    "no_map",
    "open_map",
    "preview_cases",
    "query_from",
    "read_accounts",
    "read_cases",
    "read_judgements",
    "read_mapped_cases",
    "read_queries",
    "read_threads",
    "thread_from",
]
