"""What somebody of the staff does about a gap -> kept, and noted in the log of acts.

In: a gap, what it becomes, who says so. Out: the task as it is kept.
Not here: which gaps there are (gaps), who may (api).
"""

from datetime import datetime

from triage import store
from triage.audit.acting import Acting
from triage.errors import BadField, NoGap, NoThread
from triage.store import GapState, GapTask


def change_gap(
    c: store.Connection,
    forum_id: int,
    gap_id: str,
    state: GapState,
    thread_id: str | None,
    acting: Acting,
    now: datetime,
) -> GapTask:
    """Take a gap, answer it with a thread, dismiss it or open it again; return it as it is kept.

    Said twice it is kept and noted once. Raises NoGap, NoThread, and BadField where an answer names
    no thread, or anything else one.
    """
    if gap_id not in store.get_ask_groups(c, forum_id, [gap_id]):
        raise NoGap(gap_id)
    _check_thread(c, forum_id, state, thread_id)
    before = store.get_gap_task(c, forum_id, gap_id)
    if before is None and state is GapState.OPEN:
        return GapTask(gap_id, state, acting.actor.name, now)
    if before is not None and (before.state, before.thread_id) == (state, thread_id):
        return before
    answered = now if state is GapState.ANSWERED else None
    if before is not None and before.state is state:
        # A better thread does not begin the proof anew.
        answered = before.answered_at
    task = GapTask(gap_id, state, acting.actor.name, now, answered, thread_id)
    store.put_gap_task(c, forum_id, task)
    acting.note(c, "gap.change", gap_id, before=_noted(before), after=_noted(task))
    return task


def _check_thread(
    c: store.Connection, forum_id: int, state: GapState, thread_id: str | None
) -> None:
    if state is not GapState.ANSWERED:
        if thread_id is not None:
            raise BadField("thread_id", "is said only of what is `answered`")
        return
    if thread_id is None:
        raise BadField("thread_id", "is missing: which thread answers it?")
    if store.get_thread(c, forum_id, thread_id) is None:
        raise NoThread(thread_id)


def _noted(task: GapTask | None) -> dict[str, str | None]:
    if task is None:
        return {"state": GapState.OPEN.value}
    return {"state": task.state.value, "thread_id": task.thread_id}
