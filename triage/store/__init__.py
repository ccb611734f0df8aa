"""Everything that is kept, and the only SQL.

In: records and a connection of `Database`. Out: records. Every function takes the forum that it
works for; a person is only ever a keyed hash.
Not here: deciding, scoring, HTTP. Callers import from here alone and never from sqlalchemy.
"""

from sqlalchemy import Connection

from triage.store.accounts import (
    account_behind,
    account_names,
    account_of,
    get_account,
    put_accounts,
    set_account_of,
)
from triage.store.aging import blank_too_old, count_too_old, drop_orphans, drop_too_old
from triage.store.answering import *  # noqa: F403
from triage.store.answering import __all__ as _of_answering
from triage.store.asks import TriageRow, get_triage, iter_triages, open_ask, put_triage
from triage.store.batches import PutCounts
from triage.store.boilerplate import (
    BoilerplateRow,
    boilerplate_segments,
    list_boilerplate,
    replace_boilerplate,
)
from triage.store.cases import (
    cases_kept_so,
    count_cases,
    delete_case,
    get_cases,
    iter_case_vectors,
    iter_cases,
    put_cases,
)
from triage.store.claims import beat_job, claim_asked_job, claim_job, end_job
from triage.store.confirmed import Judged, iter_confirmed
from triage.store.database import Database, sqlite_url
from triage.store.doubts import (
    DoubtRow,
    DoubtState,
    list_doubts,
    reopen_doubt,
    replace_open_doubts,
    settle_doubt,
    settled_doubts,
)
from triage.store.erasing import (
    OF_THREADS,
    delete_rows_of_person,
    delete_segments,
    drop_replies_about,
)
from triage.store.events import EventOutcome, iter_events, made_by, put_events
from triage.store.finding import Place, find_words
from triage.store.following import *  # noqa: F403
from triage.store.following import __all__ as _of_following
from triage.store.forums import (
    adopt_encoder,
    encoder_of,
    ensure_forum,
    get_forum,
    list_forums,
    live_version_of,
    next_revision,
    revision_of,
    set_live_version,
    switch_encoder,
)
from triage.store.handing import *  # noqa: F403
from triage.store.handing import __all__ as _of_handing
from triage.store.history import HistoryRow, ModelAction, add_history, list_history
from triage.store.holdings.register import BY_TABLE, FIXED, HOLDINGS, Fate, Holding
from triage.store.idempotency import (
    StoredReply,
    claim_request,
    drop_old_requests,
    finish_request,
    release_request,
)
from triage.store.insight import *  # noqa: F403
from triage.store.insight import __all__ as _of_insight
from triage.store.jobs import (
    ForumJob,
    JobRow,
    ask_job,
    cancel_job,
    get_job,
    jobs_of,
    list_jobs,
    list_past_jobs,
    queue_job,
)
from triage.store.keys import (
    KeyRow,
    create_key,
    find_key,
    list_keys,
    listed_origins,
    note_key_use,
    revoke_key,
    rotate_key,
)
from triage.store.links import LinkRow, iter_links, links_of
from triage.store.measuring import *  # noqa: F403
from triage.store.measuring import __all__ as _of_measuring
from triage.store.models import ModelRow, drop_model, get_model, list_models, put_model
from triage.store.overseeing import *  # noqa: F403
from triage.store.overseeing import __all__ as _of_overseeing
from triage.store.persons import PersonRows, rows_of_person, threads_verified_by
from triage.store.questions import *  # noqa: F403
from triage.store.questions import __all__ as _of_questions
from triage.store.reporting import *  # noqa: F403
from triage.store.reporting import __all__ as _of_reporting
from triage.store.reviewing import *  # noqa: F403
from triage.store.reviewing import __all__ as _of_reviewing
from triage.store.ruling import *  # noqa: F403
from triage.store.ruling import __all__ as _of_ruling
from triage.store.taxonomy import *  # noqa: F403
from triage.store.taxonomy import __all__ as _of_taxonomy
from triage.store.threads import (
    Changes,
    changes_since,
    count_threads,
    delete_thread,
    get_thread,
    get_threads,
    iter_threads,
    put_threads,
    thread_languages,
    thread_state,
    threads_kept_so,
)
from triage.store.trust import *  # noqa: F403
from triage.store.trust import __all__ as _of_trust
from triage.store.units import put_units, unit_digests
from triage.store.vectors import (
    count_texts,
    count_vectors,
    drop_orphan_vectors,
    drop_vectors,
    get_vectors,
    known_digests,
    list_encoders,
    put_vectors,
)
from triage.store.watching import *  # noqa: F403
from triage.store.watching import __all__ as _of_watching

__all__ = [
    "BY_TABLE",
    "FIXED",
    "HOLDINGS",
    "OF_THREADS",
    "BoilerplateRow",
    "Changes",
    "Connection",
    "Database",
    "DoubtRow",
    "DoubtState",
    "EventOutcome",
    "Fate",
    "ForumJob",
    "HistoryRow",
    "Holding",
    "JobRow",
    "Judged",
    "KeyRow",
    "LinkRow",
    "ModelAction",
    "ModelRow",
    "PersonRows",
    "Place",
    "PutCounts",
    "StoredReply",
    "TriageRow",
    "account_behind",
    "account_names",
    "account_of",
    "add_history",
    "adopt_encoder",
    "ask_job",
    "beat_job",
    "blank_too_old",
    "boilerplate_segments",
    "cancel_job",
    "cases_kept_so",
    "changes_since",
    "claim_asked_job",
    "claim_job",
    "claim_request",
    "count_cases",
    "count_texts",
    "count_threads",
    "count_too_old",
    "count_vectors",
    "create_key",
    "delete_case",
    "delete_rows_of_person",
    "delete_segments",
    "delete_thread",
    "drop_model",
    "drop_old_requests",
    "drop_orphan_vectors",
    "drop_orphans",
    "drop_replies_about",
    "drop_too_old",
    "drop_vectors",
    "encoder_of",
    "end_job",
    "ensure_forum",
    "find_key",
    "find_words",
    "finish_request",
    "get_account",
    "get_cases",
    "get_forum",
    "get_job",
    "get_model",
    "get_thread",
    "get_threads",
    "get_triage",
    "get_vectors",
    "iter_case_vectors",
    "iter_cases",
    "iter_confirmed",
    "iter_events",
    "iter_links",
    "iter_threads",
    "iter_triages",
    "jobs_of",
    "known_digests",
    "links_of",
    "list_boilerplate",
    "list_doubts",
    "list_encoders",
    "list_forums",
    "list_history",
    "list_jobs",
    "list_keys",
    "list_models",
    "list_past_jobs",
    "listed_origins",
    "live_version_of",
    "made_by",
    "next_revision",
    "note_key_use",
    "open_ask",
    "put_accounts",
    "put_cases",
    "put_events",
    "put_model",
    "put_threads",
    "put_triage",
    "put_units",
    "put_vectors",
    "queue_job",
    "release_request",
    "reopen_doubt",
    "replace_boilerplate",
    "replace_open_doubts",
    "revision_of",
    "revoke_key",
    "rotate_key",
    "rows_of_person",
    "set_account_of",
    "set_live_version",
    "settle_doubt",
    "settled_doubts",
    "sqlite_url",
    "switch_encoder",
    "thread_languages",
    "thread_state",
    "threads_kept_so",
    "threads_verified_by",
    "unit_digests",
]

__all__ += _of_trust
__all__ += _of_taxonomy
__all__ += _of_ruling
__all__ += _of_insight
__all__ += _of_questions
__all__ += _of_answering
__all__ += _of_measuring
__all__ += _of_following
__all__ += _of_handing
__all__ += _of_reporting
__all__ += _of_watching
__all__ += _of_reviewing
__all__ += _of_overseeing
