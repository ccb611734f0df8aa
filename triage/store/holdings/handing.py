"""What the tables of handing over hold of people.

In: nothing. Out: their rows for `holdings`.
Not here: what a row means (holding), the other tables (register).
"""

from triage.store.holdings.holding import PART, Fate, Holding, Link

_PERSON = (Link("person"),)
_OF_QUESTION = (Link("question_id", "questions"),)
_OF_MESSAGE = (Link("message_id", "messages"), Link("channel_id", "channels"))

HANDING_HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "channels",
        "other systems that are told of questions, and where a person wants to be told; sealed",
        Fate.DELETED,
        persons=("person",),
        plain=(
            *("channel_id", "kind", "name", "address", "sealed", "options", "wants"),
            "disabled_why",
        ),
        of=_PERSON,
        key="channel_id",
        exported=True,
    ),
    Holding(
        "messages",
        "what other systems and people's own addresses are told: ids and codes",
        Fate.DELETED,
        kept="messages",
        aged="at",
        persons=("person",),
        plain=("message_id", "type", "stream", "question_id", "data"),
        of=(*_PERSON, *_OF_QUESTION),
        key="message_id",
        exported=True,
    ),
    Holding(
        "deliveries",
        "whether it arrived",
        Fate.DELETED,
        kept=PART,
        plain=(
            *("channel_id", "message_id", "type", "stream", "state", "claimed_by"),
            "code",
        ),
        of=_OF_MESSAGE,
        exported=True,
    ),
    Holding(
        "delivery_attempts",
        "why it did not arrive at once",
        Fate.DELETED,
        kept=PART,
        plain=("channel_id", "message_id", "code"),
        of=_OF_MESSAGE,
        exported=True,
    ),
    Holding(
        "notice_ways",
        "how a person wants to be told",
        Fate.DELETED,
        persons=("person",),
        plain=("kind", "way"),
        of=_PERSON,
        exported=True,
    ),
    Holding(
        "sources",
        "where threads and cases are read from, and how far",
        Fate.NOTHING,
        plain=("source", "kind", "cursor", "counts"),
    ),
    Holding(
        "source_items",
        "which thread or case is which there",
        Fate.NOTHING,
        plain=("source", "item_id", "kept_as", "stamp"),
    ),
    Holding(
        "incoming",
        "what another system has told that it has, until it is looked at",
        Fate.NOTHING,
        plain=("channel_id", "item", "code"),
    ),
    Holding(
        "filings",
        "which ticket or topic of another system is which question",
        Fate.DELETED,
        kept=PART,
        persons=("owner",),
        staff=("owner",),
        plain=(
            *("question_id", "channel_id", "foreign_id", "number", "url", "state", "queue"),
            "said",
        ),
        of=_OF_QUESTION,
        exported=True,
    ),
)
