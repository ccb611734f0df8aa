"""What a forum's questions are decided within: its policy, its load, whose question it is.

In: the store. Out: for each request one `Moment`, which tells of any question of that request.
Not here: following the policy (in_force), measuring the load (load), deciding (decide).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from triage import store
from triage.classify import Facts, facts_of
from triage.errors import PolicyRefused
from triage.policies.in_force import ForumPolicy, InForce
from triage.policies.load import ForumLoad, Load
from triage.policy import Circumstances, Policy
from triage.records import Account, Question


class Moment:
    """One moment in one forum, the same from a request's start to its end."""

    def __init__(
        self,
        database: store.Database,
        forum_id: int,
        in_force: InForce,
        load: Load,
        at: datetime,
    ) -> None:
        self.in_force = in_force
        self._database = database
        self._forum_id = forum_id
        self._load = load
        self._at = at
        self._known: tuple[tuple[str | None, str | None], Account | None] | None = None

    def tell(self, question: Question) -> Facts:
        """Return what is known of a question besides its words."""
        return facts_of(question, self._account(question), self._at)

    def around(self, question: Question) -> Circumstances:
        """Return what holds around a question as it is decided about."""
        return Circumstances(
            now=self._at,
            queue=self._load.queue,
            community_hours=self._load.community_hours,
            account=self._account(question),
            policy_version=self.in_force.version,
        )

    def _account(self, question: Question) -> Account | None:
        whose = (question.account, question.person)
        known = self._known
        if known is None or known[0] != whose:
            with self._database.read() as c:
                known = whose, store.account_behind(c, self._forum_id, *whose)
            self._known = known
        return known[1]


class Surroundings:
    """What the questions of one forum are decided within, now and at every later moment."""

    def __init__(
        self, database: store.Database, forum_id: int, default: Policy | None = None
    ) -> None:
        self._database = database
        self._forum_id = forum_id
        self._policy = ForumPolicy(database, forum_id, default)
        self._load = ForumLoad(database, forum_id)

    def now(self, at: datetime) -> Moment:
        """Return the moment. Raises StoreUnavailable and PolicyRefused."""
        in_force = self._policy.now()
        # Counting for a policy that looks at no load would be work for nothing.
        load = self._load.now() if in_force.policy.moving.moves else Load()
        return Moment(self._database, self._forum_id, in_force, load, at)

    def state(self) -> Mapping[str, Any]:
        """Say what a health check wants to know. Raises StoreUnavailable."""
        try:
            version: str | None = self._policy.now().version
        except PolicyRefused:
            version = None
        return {"policy_version": version, "policy_refused": self._policy.refused}

    def close(self) -> None:
        """Return when nothing is being measured any more."""
        self._load.close()
