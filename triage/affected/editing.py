"""What somebody of the staff does to a known issue or a cluster -> it is done, told and noted.

In: who acts, what they write or take out. Out: the issue as it is kept; the cluster as it is left.
Whatever door it comes by, the same is checked and the same stands in the log.
Not here: HTTP and forms (api), what follows from publishing (publishing), what means the same
(insight).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage import store
from triage.affected.counting import ClusterTold, told_cluster
from triage.affected.gathering import take_out
from triage.affected.issues import live_issue
from triage.affected.publishing import (
    Publisher,
    Written,
    asks_of_cluster,
    check_thread,
    new_issue,
    published,
    rewritten,
    safe_words,
    withdrawn,
)
from triage.affected.reaching import REACH, asks_about
from triage.audit.acting import Acting
from triage.encode import Encoder
from triage.errors import BadField, IssueChanged, NoCluster
from triage.store import KnownIssueRow


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody who may change the issues and clusters of a forum, and by which encoder."""

    database: store.Database
    acting: Acting
    encoder: Encoder | None

    def write(
        self,
        written: Written,
        now: datetime,
        *,
        publish: bool,
        cluster_id: str | None = None,
        issue_id: str | None = None,
    ) -> KnownIssueRow:
        """Keep a new issue; where it is published, tell whom it is about.

        `cluster_id` names questions that are about it. `issue_id` is its id, where somebody has
        given it one: then it is new once. Raises BadField, NoThread, NoCluster, IssueChanged.
        """
        safe = safe_words(written)
        row = new_issue(safe, now, issue_id)
        row = published(row, now) if publish else row
        act = "known_issue.publish" if publish else "known_issue.write"
        return self._keep(None, row, safe, act, now, cluster_id=cluster_id)

    def rewrite(self, before: KnownIssueRow, written: Written, now: datetime) -> KnownIssueRow:
        """Keep an issue in other words. Raises BadField, NoThread, IssueChanged."""
        safe = safe_words(written)
        return self._keep(before, rewritten(before, safe, now), safe, "known_issue.change", now)

    def publish(self, before: KnownIssueRow, written: Written, now: datetime) -> KnownIssueRow:
        """Publish a proposal, or what was withdrawn. Raises BadField, NoThread, IssueChanged."""
        safe = safe_words(written)
        after = published(rewritten(before, safe, now), now)
        return self._keep(before, after, safe, "known_issue.publish", now)

    def withdraw(self, before: KnownIssueRow, reason: str | None, now: datetime) -> KnownIssueRow:
        """Show an issue no more. Raises IssueChanged."""
        after = withdrawn(before, now)
        return self._keep(before, after, None, "known_issue.withdraw", now, reason=reason)

    def reach(
        self, written: Written, now: datetime, known: KnownIssueRow | None = None
    ) -> list[store.AffectedAsk]:
        """Return the asks of the last 90 days that an issue of these words would be about.

        Nothing is kept of it and nobody is told. Raises BadField; without an encoder nothing is
        known of meanings.
        """
        safe = safe_words(written)
        row = rewritten(known, safe, now) if known is not None else new_issue(safe, now)
        if self.encoder is None:
            return []
        forum_id = self.acting.forum_id
        with self.database.read() as c:
            live = live_issue(c, forum_id, row, self.encoder)
            return asks_about(c, forum_id, [live], self.encoder, now - REACH)

    def split(self, cluster_id: str, question_id: str, now: datetime) -> ClusterTold:
        """Have a question stand apart from a cluster, and return what is left of that.

        Raises NoCluster also where the question does not stand in it.
        """
        forum_id = self.acting.forum_id
        with self.database.write() as c:
            members = store.members_of(c, forum_id, cluster_id)
            if question_id not in members:
                raise NoCluster(cluster_id)
            before = told_cluster(c, forum_id, cluster_id)
            take_out(c, forum_id, question_id, self.encoder, now)
            left = store.members_of(c, forum_id, cluster_id)
            self.acting.note(
                c,
                "cluster.split",
                cluster_id,
                before={"questions": len(members)},
                after={"questions": len(left), "question": question_id},
            )
            # Of one question alone there is no cluster any more.
            if left:
                return told_cluster(c, forum_id, cluster_id)
        rest = tuple(row for row in before.rows if row.question_id != question_id)
        return ClusterTold(cluster_id, rest, len({row.person for row in rest} - {None}))

    def _keep(
        self,
        before: KnownIssueRow | None,
        after: KnownIssueRow,
        written: Written | None,
        act: str,
        now: datetime,
        *,
        reason: str | None = None,
        cluster_id: str | None = None,
    ) -> KnownIssueRow:
        forum_id = self.acting.forum_id
        with self.database.read() as c:
            if written is not None:
                check_thread(c, forum_id, written)
            if before is None and store.state_of_issue(c, forum_id, after.issue_id) is not None:
                raise IssueChanged(after.issue_id)
            asks = asks_of_cluster(c, forum_id, cluster_id, after.issue_id)
        if after.state in store.LIVE and not after.title:
            raise BadField("title", "has no text")
        note = self.acting.noting(
            act,
            after.issue_id,
            before=_noted(before) if before else None,
            after={**_noted(after), "reason": reason},
        )
        publisher = Publisher(self.database, forum_id, self.encoder)
        return publisher.put(after, now, note, asks)


def _noted(row: KnownIssueRow) -> Mapping[str, Any]:
    """Return what the log says of an issue: never its text."""
    return {
        "state": row.state.value,
        "versions": row.versions,
        "groups": sorted(row.groups),
        "fix": row.fix is not None,
    }
