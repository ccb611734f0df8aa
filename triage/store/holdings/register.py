"""What every table holds of people: what for, for how long, and what erasing a person does to it.

In: nothing. Out: one `Holding` for each table. Erasure, export and retention follow these rows, so
a new table joins all three with its own; a test refuses a table, or a column that could hold text,
that is not named here.
Not here: finding a person's rows (persons), removing them (erasing, aging).
"""

from collections.abc import Mapping

from triage.store.holdings.answer import ANSWER_HOLDINGS
from triage.store.holdings.follow_up import FOLLOW_UP_HOLDINGS
from triage.store.holdings.handing import HANDING_HOLDINGS
from triage.store.holdings.holding import FIXED as FIXED
from triage.store.holdings.holding import LOG, VISITS, Link
from triage.store.holdings.holding import Fate as Fate
from triage.store.holdings.holding import Holding as Holding
from triage.store.holdings.insight import INSIGHT_HOLDINGS
from triage.store.holdings.measuring import MEASURING_HOLDINGS
from triage.store.holdings.policy import POLICY_HOLDINGS
from triage.store.holdings.question import QUESTION_HOLDINGS
from triage.store.holdings.report import REPORT_HOLDINGS
from triage.store.holdings.review import REVIEW_HOLDINGS

_PERSON = (Link("person"),)
_OF_USER = "of the staff, not of customers"

HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "forums",
        "which forums there are and what serves them",
        Fate.NOTHING,
        plain=("name", "live_version", "encoder", "encoder_prompts", "encoder_id"),
    ),
    Holding(
        "api_keys",
        "which programs may call; secrets as hashes",
        Fate.NOTHING,
        plain=("name", "prefix", "secret_hash", "role", "origins", "replaces"),
    ),
    Holding(
        "users",
        f"staff who sign in: {_OF_USER}",
        Fate.STAFF,
        persons=("email", "name", "oidc_subject"),
        plain=("id", "role", "password_hash", "oidc_issuer"),
    ),
    Holding(
        "sign_in_links",
        f"links that sign staff in once: {_OF_USER}",
        Fate.STAFF,
        kept="sign_ins",
        aged="expires_at",
        plain=("token_hash", "user_id"),
    ),
    Holding(
        "web_sessions",
        f"who is signed in to the pages: {_OF_USER}",
        Fate.STAFF,
        kept="sign_ins",
        aged="expires_at",
        plain=("token_hash", "user_id", "means"),
    ),
    Holding(
        "visitor_secrets",
        "what the forum's server signs tokens with, sealed",
        Fate.NOTHING,
        plain=("id", "name", "sealed"),
    ),
    Holding(
        "audit",
        "privileged acts of staff, without anybody's text; nothing in it can be changed",
        Fate.STAFF,
        kept=LOG,
        persons=("actor",),
        plain=("actor_kind", "act", "object", "before", "after", "digest"),
    ),
    Holding(
        "models",
        "the versions of the forum's model and how they measured",
        Fate.NOTHING,
        plain=("version", "manifest_digest", "metrics"),
    ),
    Holding(
        "model_history",
        "what became of the versions, and who of the staff did it",
        Fate.STAFF,
        persons=("by",),
        plain=("action", "version", "former", "reason", "details"),
    ),
    *POLICY_HOLDINGS,
    Holding(
        "jobs",
        "long work and how far it is",
        Fate.NOTHING,
        plain=("kind", "options", "state", "code", "claimed_by", "note", "result"),
    ),
    Holding(
        "past_jobs",
        "training runs that have ended, who asked for them and what came of them",
        Fate.NOTHING,
        plain=("kind", "options", "state", "code", "claimed_by", "note", "result"),
    ),
    Holding(
        "accounts",
        "customer companies: what they have a right to",
        Fate.NOTHING,
        plain=(
            *("id", "name", "support_level", "expert_team", "customised_products", "groups"),
            *("preferred_channel", "digest"),
        ),
    ),
    Holding(
        "account_members",
        "which person belongs to which company",
        Fate.DELETED,
        persons=("person",),
        plain=("account_id",),
        of=_PERSON,
        exported=True,
    ),
    Holding(
        "boilerplate",
        "lines that many people's texts share; of one person's signature a digest",
        Fate.DELETED,
        texts=("segment",),
        plain=("kind", "source", "product"),
    ),
    Holding(
        "threads",
        "questions of the forum, which are searched and suggested",
        Fate.DELETED,
        persons=("person", "verified_by"),
        texts=("title", "body", "url", "tags"),
        plain=(
            *("id", "lang", "product", "valid_versions", "groups", "duplicate_of"),
            *("superseded_by", "digest"),
        ),
        # With a case goes the thread that was made of it.
        of=(*_PERSON, Link("id", "proposals")),
        key="id",
        exported=True,
    ),
    Holding(
        "answers",
        "answers of the forum, which are searched and suggested",
        Fate.DELETED,
        persons=("person",),
        texts=("body",),
        plain=("thread_id", "id"),
        of=_PERSON,
        exported=True,
    ),
    Holding(
        "removed_threads",
        "ids of threads that are gone, so that every index lets go of them",
        Fate.NOTHING,
        plain=("id",),
    ),
    Holding(
        "units",
        "into which passages threads are cut, as digests",
        Fate.DELETED,
        plain=("thread_id", "kind", "answer_id", "text_digest"),
        of=(Link("thread_id", "threads"),),
    ),
    Holding(
        "vectors",
        "what the encoder makes of passages and cases",
        Fate.DELETED,
        texts=("vector",),
        plain=("encoder_id", "text_digest"),
    ),
    Holding(
        "cases",
        "resolved questions that the model learns from",
        Fate.DELETED,
        kept="cases",
        aged="created",
        persons=("person",),
        texts=("title", "body", "answer"),
        plain=(
            *("id", "account", "groups", "product", "version", "lang", "kind", "topic"),
            *("destination", "group", "text_digest", "digest", "tone"),
        ),
        # What was made of an ask or a question goes with it, though nobody knows whose it was.
        of=(
            *_PERSON,
            Link("id", "asks", prefix="ask:"),
            Link("id", "questions", prefix="question:"),
        ),
        key="id",
        exported=True,
    ),
    Holding(
        "doubtful_labels",
        "labels of cases that look wrong, for review",
        Fate.DELETED,
        plain=("case_id", "target", "label", "likelier", "why", "state", "decided"),
        of=(Link("case_id", "cases"),),
        exported=True,
    ),
    *ANSWER_HOLDINGS,
    Holding(
        "asks",
        "that somebody asked, over all keystrokes",
        Fate.DELETED,
        kept="events",
        aged="last_at",
        blanked="asks",
        waits=True,
        persons=("person", "session"),
        # As whoever asked named it.
        texts=("product",),
        plain=(
            *("ask_id", "lang", "arm", "unit", "topic", "barred", "return_of", "account"),
            "destination",
        ),
        of=(*_PERSON, Link("session", VISITS)),
        key="ask_id",
        exported=True,
    ),
    Holding(
        "triages",
        "what was asked, redacted, and what was replied",
        Fate.DELETED,
        kept="events",
        aged="at",
        blanked="asks",
        waits=True,
        texts=("question", "reply"),
        plain=("triage_id", "ask_id", "stage", "model_version", "index_version", "mode"),
        of=(Link("ask_id", "asks"),),
        key="triage_id",
        exported=True,
    ),
    Holding(
        "events",
        "what people did after a reply",
        Fate.DELETED,
        kept="events",
        aged="received_at",
        blanked="asks",
        persons=("person", "session"),
        # A forum's own names of its questions are often made of their titles.
        texts=("value_text", "external_id", "question_id"),
        # Of the details of an ask, its product and account are emptied like those of the ask.
        plain=("event_id", "type", "triage_id", "ask_id", "thread_id", "held", "details"),
        of=(*_PERSON, Link("ask_id", "asks"), Link("triage_id", "triages")),
        key="event_id",
        exported=True,
    ),
    Holding(
        "originals",
        "what only an expert may read of a question, sealed",
        Fate.DELETED,
        kept="originals",
        aged="created_at",
        persons=("person",),
        texts=("sealed",),
        plain=("triage_id",),
        of=(*_PERSON, Link("triage_id", "triages")),
        exported=True,
    ),
    Holding(
        "idempotency",
        "replies that are given again to a repeated request",
        Fate.DELETED,
        kept="idempotency",
        aged="at",
        persons=("person", "caller"),
        texts=("body",),
        plain=("route", "idempotency_key", "request_digest"),
        of=_PERSON,
    ),
    Holding(
        "erasures",
        "who was erased and when, as keyed hashes, with the receipt",
        Fate.KEPT,
        kept=LOG,
        persons=("person",),
        plain=("id", "receipt"),
        of=_PERSON,
        exported=True,
    ),
    *INSIGHT_HOLDINGS,
    *QUESTION_HOLDINGS,
    *REPORT_HOLDINGS,
    *MEASURING_HOLDINGS,
    *FOLLOW_UP_HOLDINGS,
    *HANDING_HOLDINGS,
    *REVIEW_HOLDINGS,
)

BY_TABLE: Mapping[str, Holding] = {holding.table: holding for holding in HOLDINGS}
