"""By which policy a forum's questions are decided now: the version that is active in the store.

In: the store. Out: a policy and its version, those of this very moment: whoever activates another
has it decide about the next question, whichever server gets that.
Not here: what may become of versions (policies), deciding (decide).
"""

import logging
from dataclasses import dataclass

from triage import store
from triage.errors import BadField, PolicyRefused
from triage.policy import Policy, read_policy
from triage.store import PolicyState

_log = logging.getLogger(__name__)
# What decides where a forum never had a version of its own.
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy and the version that it is; `number` is None for the default."""

    policy: Policy
    version: str = DEFAULT
    number: int | None = None


def policy_in_force(c: store.Connection, forum_id: int, default: Policy | None = None) -> InForce:
    """Return what decides now. Raises PolicyRefused where this release cannot read it."""
    row = store.policy_in(c, forum_id, PolicyState.ACTIVE)
    return InForce(default or Policy()) if row is None else of_row(row)


def of_row(row: store.PolicyRow) -> InForce:
    """Return the policy of a version. Raises PolicyRefused where this release cannot read it."""
    try:
        return InForce(read_policy(row.toml), str(row.version), row.version)
    except BadField as error:
        raise PolicyRefused(row.version, str(error)) from error


class ForumPolicy:
    """The policy of one forum, kept in step with the store."""

    def __init__(
        self, database: store.Database, forum_id: int, default: Policy | None = None
    ) -> None:
        self._database = database
        self._forum_id = forum_id
        self._known = InForce(default or Policy())
        self._default = self._known
        self._followed = False
        self._refused: int | None = None

    @property
    def refused(self) -> int | None:
        """The version that should decide and that this release cannot read, if there is one."""
        return self._refused

    def now(self) -> InForce:
        """Return what decides now. Raises StoreUnavailable and PolicyRefused.

        A version that cannot be read leaves the one before it in force, which had been read here: a
        newer release beside this one may have written it. Without one before it nothing decides.
        """
        with self._database.read() as c:
            number = store.active_policy(c, self._forum_id)
            if self._followed and number == self._known.number:
                self._refused = None
                return self._known
            if self._followed and number is not None and number == self._refused:
                return self._known
            row = None if number is None else store.get_policy(c, self._forum_id, number)
        try:
            self._known = self._default if row is None else of_row(row)
        except PolicyRefused:
            self._refused = number
            _log.error("policy_refused forum_id=%d version=%s", self._forum_id, number)
            if not self._followed:
                raise
            return self._known
        self._followed, self._refused = True, None
        return self._known
