"""The form of a known issue <-> what was typed into it, and what it begins with.

In: a form; or a known issue, a cluster, a group of asks that rises. Out: the fields as text, and
what is written, checked as the API checks it.
Not here: keeping it (affected), the page around it (issues).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from triage import affected, store
from triage.api.schemas.issue import IssueBody
from triage.errors import BadField
from triage.records import Visibility
from triage.store import KnownIssueRow

_LISTS = ("products", "groups")
_TEXTS = (
    *("title", "body", "lang", "versions", "workaround"),
    *("fix", "fixed_in", "thread_id"),
)
# Nearly all have to name it before it is taken for what the others mean.
_MOSTLY = 0.8


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form as people type them; lists one in a line.

    `revision` is that of the issue that was read, if the form says it; `cluster_id` names the
    questions that are about it.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    revision: int | None = None
    cluster_id: str = ""
    issue_id: str = ""

    def __getitem__(self, name: str) -> str:
        """Return what stands in a field."""
        return self.values.get(name, "")

    def written(self) -> affected.Written:
        """Return what is written. Raises BadField for what cannot be."""
        body: dict[str, object] = {name: self[name].strip() or None for name in _TEXTS}
        body |= {name: _lines(self[name]) for name in _LISTS}
        body |= {"title": self["title"].strip(), "body": self["body"].strip()}
        try:
            return IssueBody.model_validate(body).written()
        except ValidationError as error:
            name = str(error.errors()[0]["loc"][0])
            raise BadField(name, "is too long, or nothing that it could be") from error


def typed_of(form: Mapping[str, str]) -> Typed:
    """Return the form as it was sent."""
    revision = form.get("revision", "")
    return Typed(
        {name: form.get(name, "").replace("\r\n", "\n") for name in (*_TEXTS, *_LISTS)},
        int(revision[:18]) if revision.isdecimal() and revision.isascii() else None,
        form.get("cluster", "")[:300],
        form.get("issue_id", "")[:100],
    )


def typed_row(row: KnownIssueRow) -> Typed:
    """Return the form of an issue as it is kept."""
    texts = {name: getattr(row, name) or "" for name in _TEXTS}
    lists = {name: "\n".join(sorted(getattr(row, name))) for name in _LISTS}
    return Typed({**texts, **lists}, row.revision, "", row.issue_id)


def typed_cluster(cluster: affected.ClusterTold) -> Typed:
    """Return a form that begins with the words of a cluster's first question that all may read."""
    rows = cluster.rows
    told = _words(
        (row.visibility, row.groups, row.question, row.lang) for row in sorted(rows, key=_closed)
    )
    products = _mostly(row.product for row in rows)
    return Typed({**told, "products": products}, cluster_id=cluster.cluster_id)


def typed_asks(asked: Iterable[store.Asked], products: Sequence[str]) -> Typed:
    """Return a form that begins with the words of the latest of these asks that all may read."""
    rows = sorted(asked, key=lambda one: one.at, reverse=True)
    told = _words(
        (one.visibility, one.groups, {"title": one.title, "body": one.body}, one.lang)
        for one in sorted(rows, key=lambda one: one.visibility != Visibility.PUBLIC)
    )
    return Typed({**told, "products": "\n".join(products)})


def with_revision(typed: Typed, revision: int) -> Typed:
    """Return what was typed as a change of the issue as it stands now."""
    return replace(typed, revision=revision)


def _closed(row: store.QuestionRow) -> bool:
    return row.visibility != Visibility.PUBLIC


def _words(
    said: Iterable[tuple[str, frozenset[str], Mapping[str, object], str | None]],
) -> dict[str, str]:
    """Return the first words that may be published; those of private asks never are."""
    for visibility, groups, question, lang in said:
        title, body = (str(question.get(name) or "") for name in ("title", "body"))
        if visibility == Visibility.PRIVATE or not (title or body):
            continue
        only = "\n".join(sorted(groups)) if visibility == Visibility.GROUP else ""
        words = {"title": title or body[:200], "body": body if title else ""}
        return {**words, "lang": lang or "", "groups": only}
    return {}


def _mostly(products: Iterable[str | None]) -> str:
    named = Counter(one for one in products if one)
    if not named:
        return ""
    product, many = named.most_common(1)[0]
    return product if many >= _MOSTLY * named.total() else ""


def _lines(said: str) -> list[str]:
    """Return what stands in a list, one in a line."""
    return [one for line in said.splitlines() if (one := line.strip())]
