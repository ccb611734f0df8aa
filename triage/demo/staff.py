"""A person of the demo's staff -> the user as whom they sign in, added at the first time.

In: a forum, a person with a role. Out: the user. They have no password and cannot set one; their
sessions hold only in a demo.
Not here: sessions and cookies (api).
"""

from datetime import datetime

from triage import store
from triage.audit.acting import Acting
from triage.demo.people import DemoPerson
from triage.errors import NoUser, WrongRole
from triage.records import Actor, ActorKind, Forum, WebUser


def staff_user(c: store.Connection, forum: Forum, person: DemoPerson, at: datetime) -> WebUser:
    """Return the user of a person with a role.

    Raises WrongRole where the forum's administrator gave that user another role, or shut them out:
    the demo opens no more than it says.
    """
    if person.role is None or person.email is None:
        raise ValueError("is nobody of the staff")
    try:
        user = store.get_user(c, forum.id, person.email)
    except NoUser:
        user = store.add_user(
            c, forum.id, email=person.email, name=person.name, role=person.role, at=at
        )
        acting = Acting(forum.id, Actor(ActorKind.PROCESS, "demo"))
        acting.note(c, "user.add", user.email, after={"role": user.role.value})
    if user.role is not person.role or user.disabled_at is not None or user.has_password:
        raise WrongRole(user.role, f"the demo's own user of role `{person.role}`")
    return user
