"""What the staff write of a fault -> a known issue, and what follows when it is published.

In: words of the staff, or a proposal. Out: the issue as it is kept. Published, it stands first in
the replies to drafts that are about it, and those who asked before are told, and so are other
systems; once more when the fix appears. Whatever is written is redacted like a thread: it is read
by everybody.
Not here: HTTP, who may (api), noticing bursts (bursting).
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from triage import store, text
from triage.affected.counting import told_cluster
from triage.affected.issues import LiveIssue, live_issue
from triage.affected.reaching import REACH, affected_ask, asks_about, notices_about
from triage.encode import Encoder
from triage.errors import BadField, NoThread
from triage.languages import language_code
from triage.records import MessageType
from triage.redaction import Redaction
from triage.store import IssueState, KnownIssueRow
from triage.versions import in_range, is_range

# Like a thread: what hosts and companies it names is what others know their trouble by.
_PUBLISHED = Redaction(business=False)
_ISSUE_ID = re.compile(r"ki_[0-9a-f]{20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the staff write of a fault. No products: every product; no groups: everybody."""

    title: str
    body: str = ""
    lang: str | None = None
    products: frozenset[str] = frozenset()
    versions: str | None = None
    groups: frozenset[str] = frozenset()
    workaround: str | None = None
    fix: str | None = None
    fixed_in: str | None = None
    thread_id: str | None = None


def new_issue_id(now: datetime) -> str:
    """Return an id that sorts by the moment."""
    return f"ki_{int(now.timestamp() * 1000):012x}{secrets.token_hex(4)}"


def is_issue_id(said: str) -> bool:
    """Say whether that is an id as we make them: a form that is sent twice names the same one."""
    return _ISSUE_ID.fullmatch(said) is not None


def safe_words(written: Written) -> Written:
    """Return what was written as it may be kept. Raises BadField."""
    title, body = _safe(written.title), _safe(written.body)
    if not title:
        raise BadField("title", "has no text")
    if written.versions and not is_range(written.versions):
        raise BadField("versions", "is no range such as `>=8.0,<9`")
    if written.fixed_in and in_range(written.fixed_in, "") is None:
        raise BadField("fixed_in", "is no version such as `8.2.3`")
    if written.fixed_in and not written.fix:
        raise BadField("fixed_in", "needs a `fix` that says what to do")
    return replace(
        written,
        title=title,
        body=body,
        lang=language_code(written.lang) or text.detect(f"{title}\n{body}").lang,
        products=frozenset(filter(None, map(_safe, written.products))),
        groups=frozenset(filter(None, (group.strip() for group in written.groups))),
        versions=written.versions or None,
        workaround=_safe(written.workaround or "") or None,
        fix=_safe(written.fix or "") or None,
        fixed_in=written.fixed_in or None,
        thread_id=written.thread_id or None,
    )


def check_thread(c: store.Connection, forum_id: int, written: Written) -> None:
    """Raise NoThread or BadField for a thread that not everybody may read who reads the issue."""
    if written.thread_id is None:
        return
    thread = store.get_thread(c, forum_id, written.thread_id)
    if thread is None:
        raise NoThread(written.thread_id)
    if thread.groups and not (written.groups and written.groups <= thread.groups):
        raise BadField("thread_id", "names a thread that not all readers of the issue may read")


def new_issue(written: Written, now: datetime, issue_id: str | None = None) -> KnownIssueRow:
    """Return an issue that nobody sees yet but the staff; under an id that it has already."""
    words = words_of(written)
    issue_id = issue_id or new_issue_id(now)
    return KnownIssueRow(issue_id=issue_id, state=IssueState.PROPOSED, proposed_at=now, **words)


def rewritten(row: KnownIssueRow, written: Written, now: datetime) -> KnownIssueRow:
    """Return an issue in other words; one that is live is fixed with its fix, and not without."""
    theirs = row.title == written.title or (row.body != "" and row.body == written.body)
    person, words_at = (row.person, row.words_at) if theirs else (None, None)
    after = replace(row, **words_of(written), person=person, words_at=words_at)
    return _stated(after, now) if row.state in store.LIVE else after


def published(row: KnownIssueRow, now: datetime) -> KnownIssueRow:
    """Return an issue that is live: with a customer's words, the staff vouch for them now."""
    first = row.published_at or now
    return _stated(replace(row, published_at=first, withdrawn_at=None, words_at=None), now)


def withdrawn(row: KnownIssueRow, now: datetime) -> KnownIssueRow:
    """Return an issue that is shown no more, or a proposal that was none."""
    return replace(row, state=IssueState.WITHDRAWN, withdrawn_at=now)


def words_of(written: Written) -> dict[str, Any]:
    """Return what was written by the names of an issue's columns."""
    return {name: getattr(written, name) for name in Written.__slots__}


def reads_so(row: KnownIssueRow, written: Written) -> bool:
    """Say whether an issue is kept as it is written here. Raises BadField."""
    words = words_of(safe_words(written))
    return all(getattr(row, name) == said for name, said in words.items())


def asks_of_cluster(
    c: store.Connection, forum_id: int, cluster_id: str | None, issue_id: str
) -> list[store.AffectedAsk]:
    """Return the asks behind the questions of a cluster, as asks about an issue.

    Raises NoCluster.
    """
    if cluster_id is None:
        return []
    rows = told_cluster(c, forum_id, cluster_id).rows
    told = store.get_asked(c, forum_id, [row.ask_id for row in rows if row.ask_id is not None])
    return [affected_ask(one, issue_id, 1.0) for one in told.values()]


class Publisher:
    """Keeps the issues of one forum, and tells those whom they are about."""

    def __init__(self, database: store.Database, forum_id: int, encoder: Encoder | None) -> None:
        self._database = database
        self._forum_id = forum_id
        self._encoder = encoder

    def put(
        self,
        row: KnownIssueRow,
        now: datetime,
        note: store.Note,
        known: Sequence[store.AffectedAsk] = (),
    ) -> KnownIssueRow:
        """Keep an issue; where it is live, find who asked about it and tell them, each once.

        `known` are asks that somebody who knows says are about it.
        """
        reached = self._reached(row, now)
        with self._database.write() as c:
            former = store.state_of_issue(c, self._forum_id, row.issue_id)
            kept = store.put_issue(c, self._forum_id, row)
            store.put_affected(c, self._forum_id, known)
            if kept.state in store.LIVE:
                store.put_affected(c, self._forum_id, reached)
                asks = store.affected_asks(c, self._forum_id, kept.issue_id)
                store.tell(c, self._forum_id, notices_about(kept, asks, now))
                if kept.state is not former:
                    store.post_message(c, self._forum_id, _message(kept, now))
            note(c)
        return kept

    def _reached(self, row: KnownIssueRow, now: datetime) -> list[store.AffectedAsk]:
        """Look before the transaction that writes: others wait for that."""
        encoder = self._encoder
        if row.state not in store.LIVE or encoder is None:
            return []
        with self._database.read() as c:
            live: LiveIssue = live_issue(c, self._forum_id, row, encoder)
            since = now - REACH
            return asks_about(c, self._forum_id, [live], encoder, since)


def _message(kept: KnownIssueRow, now: datetime) -> store.Message:
    """Return what other systems are told of an issue that is published now, or has its fix now."""
    fixed = kept.state is IssueState.FIXED
    return store.Message(
        type=MessageType.ISSUE_FIXED if fixed else MessageType.ISSUE_PUBLISHED,
        stream=kept.issue_id,
        at=now,
        data={
            "issue_id": kept.issue_id,
            "state": kept.state.value,
            "products": sorted(kept.products),
            "versions": kept.versions,
            "groups": sorted(kept.groups),
            "fixed_in": kept.fixed_in,
        },
    )


def _stated(row: KnownIssueRow, now: datetime) -> KnownIssueRow:
    if row.fix is None:
        return replace(row, state=IssueState.PUBLISHED, fixed_at=None)
    return replace(row, state=IssueState.FIXED, fixed_at=row.fixed_at or now)


def _safe(raw: str) -> str:
    return text.clean(text.redact(raw, _PUBLISHED).text)
