"""One record of an evaluation set -> Query or Judgement.

In: the fields of a record of the queries or the qrels format. Out: a `Query`, a `Judgement`.
Not here: ranking and measuring (learn).
"""

from collections.abc import Mapping

from triage.connect import fields
from triage.errors import BadField
from triage.records import Judgement, Query

KNOWN_QUERY_FIELDS = frozenset("id title body lang candidates".split())
KNOWN_JUDGEMENT_FIELDS = frozenset("query_id doc_id gain".split())

_LARGEST_GAIN = 10


def query_from(row: Mapping[str, object]) -> Query:
    """Read one query. Raises BadField without an id, or without a title and a body."""
    query_id = fields.required(row, "id")
    title, body = fields.text(row, "title") or "", fields.text(row, "body") or ""
    if not (title or body):
        raise BadField("title", "is missing, and so is a body; some text is needed")
    return Query(
        id=query_id,
        title=title,
        body=body,
        lang=fields.language(row),
        candidates=fields.names(row, "candidates"),
        extra={
            name: str(value)
            for name, value in row.items()
            if name not in KNOWN_QUERY_FIELDS and isinstance(value, str | int | float)
        },
    )


def judgement_from(row: Mapping[str, object]) -> Judgement:
    """Read one judgement. Raises BadField where one of its three fields is missing."""
    query_id, doc_id = fields.required(row, "query_id"), fields.required(row, "doc_id")
    gain = fields.integer(row, "gain", least=0, most=_LARGEST_GAIN)
    if gain is None:
        raise BadField("gain", "is missing")
    return Judgement(query_id=query_id, doc_id=doc_id, gain=gain)
