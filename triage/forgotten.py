"""Threads and cases -> the same without what persons wrote before they were erased.

In: records, and who was erased and when. Out: what may be kept of them. What comes again from a
forum's export or an old file is left out; what somebody writes after their erasure is new.
Not here: erasing (privacy), who was erased (store).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from triage.records import Answer, Case, Thread


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Until when what a person wrote is not to be kept.

    With `keep_staff_answers` their answers as staff stay, without their author.
    """

    until: datetime
    keep_staff_answers: bool = False

    def covers(self, created: datetime | None) -> bool:
        """Say whether this is of before; what has no date is taken to be."""
        return created is None or created <= self.until


AllForgotten = Mapping[str, Forgotten]


def threads_left(threads: Sequence[Thread], forgotten: AllForgotten) -> list[Thread]:
    """Return the threads that may be kept, without the answers that may not."""
    if not forgotten:
        return list(threads)
    kept = [t for t in threads if not _is_forgotten(t.person, t.created, forgotten)]
    return [_answers_left(thread, forgotten) for thread in kept]


def cases_left(cases: Sequence[Case], forgotten: AllForgotten) -> list[Case]:
    """Return the cases that may be kept."""
    return [c for c in cases if not _is_forgotten(c.person, c.created, forgotten)]


def without_person(thread: Thread, person: str, how: Forgotten) -> Thread:
    """Return a thread of somebody else without what this person wrote in it."""
    left = [a for a in (_answer_left(a, {person: how}) for a in thread.answers) if a is not None]
    verified = None if thread.verified_by == person else thread.verified_by
    return replace(_with_answers(thread, left), verified_by=verified)


def _answers_left(thread: Thread, forgotten: AllForgotten) -> Thread:
    left = [a for a in (_answer_left(a, forgotten) for a in thread.answers) if a is not None]
    return _with_answers(thread, left)


def _answer_left(answer: Answer, forgotten: AllForgotten) -> Answer | None:
    if not _is_forgotten(answer.person, answer.created, forgotten):
        return answer
    keeps = forgotten[answer.person or ""].keep_staff_answers and answer.staff
    return replace(answer, person=None) if keeps else None


def _with_answers(thread: Thread, answers: Sequence[Answer]) -> Thread:
    if tuple(answers) == thread.answers:
        return thread
    # A thread whose settling answer is gone settles nothing, whatever it said before.
    settled = any(a.accepted for a in thread.answers)
    settles = any(a.accepted for a in answers) if settled else bool(answers)
    return replace(thread, answers=tuple(answers), solved=thread.solved and settles)


def _is_forgotten(person: str | None, created: datetime | None, forgotten: AllForgotten) -> bool:
    if person is None or person not in forgotten:
        return False
    return forgotten[person].covers(created)
