"""One thread of the demo forum: read, answered, marked as solved; and posted questions as threads.

In: who reads or writes. Out: a `Topic`, and what was written, kept in store and index at once.
A question that goes to the community stands in the forum as a thread of its own id, so that others
find, follow and answer it; one that goes to experts is shown to nobody but its asker, who answers
for their account, and staff.
Not here: lists (browsing), who is signed in (people), what becomes of a question (questions).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from triage import questions, store, text
from triage.answers.trusting import trust_in
from triage.errors import BadField, NoAnswer, NoThread
from triage.knowledge import Knowledge
from triage.lifecycle import State, Who, allowed
from triage.profiles import faces
from triage.records import Answer, Destination, Face, Thread, Trust, Visibility
from triage.redaction import Redaction

_LONGEST_TITLE = 80
_MOST_WAITING = 20


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the forum. `person` is a keyed hash; None: somebody who is not signed in."""

    person: str | None = None
    account: str | None = None
    groups: frozenset[str] = frozenset()
    account_admin: bool = False
    staff: bool = False

    def may_read(self, thread: Thread) -> bool:
        """Say whether a thread is for them."""
        return not thread.groups or self.staff or not thread.groups.isdisjoint(self.groups)

    def is_asker(self, person: str | None) -> bool:
        """Say whether this person is they."""
        return self.person is not None and self.person == person

    def may_follow(self, row: store.QuestionRow) -> bool:
        """Say whether they may see a question that others may not."""
        of_account = self.account_admin and self.account is not None
        theirs = of_account and self.account == row.account
        return self.staff or theirs or self.is_asker(row.person)


@dataclass(frozen=True, slots=True)
class Topic:
    """A thread as somebody may see it; `told` is the question that it is, where it was posted here.

    `public` says whether it stands in the forum. `trust` is by answer, `faces` by person;
    `followers` are those who have the same question and said so; `elsewhere` are the threads with
    the answers that it was given because it is the same as those.
    """

    thread: Thread
    told: questions.Told | None
    public: bool
    mine: bool
    may_answer: bool
    may_accept: bool
    trust: Mapping[str, Trust]
    faces: Mapping[str, Face]
    followers: frozenset[str]
    elsewhere: tuple[Thread, ...]


class _Moved(Exception):
    """Somebody else wrote in the thread since it was read."""


@dataclass(frozen=True, slots=True)
class DemoForum:
    """The forum, open. `redaction` is what else than everywhere is taken out of what is written."""

    database: store.Database
    forum_id: int
    knowledge: Knowledge
    redaction: Redaction

    def open(self, thread_id: str, reader: Reader) -> Topic:
        """Return a thread, or a question that has none. Raises NoThread for whom it is not."""
        with self.database.read() as c:
            thread = store.get_thread(c, self.forum_id, thread_id)
            told = None
            if store.get_question(c, self.forum_id, thread_id) is not None:
                told = questions.read(c, self.forum_id, thread_id)
            shown = _shown(thread_id, thread, told, reader)
            trust = trust_in(c, self.forum_id, [shown], None).get(thread_id, {})
            persons = [shown.person, *(answer.person for answer in shown.answers)]
            known = faces(c, self.forum_id, persons)
            follow = store.followers_of(c, self.forum_id, [thread_id])
            others = store.get_threads(c, self.forum_id, _elsewhere(thread_id, told))
        public = thread is not None
        return Topic(
            thread=shown,
            told=told,
            public=public,
            mine=reader.is_asker(shown.person),
            may_answer=_may_answer(shown, told, reader, public=public),
            may_accept=_may_accept(shown, told, reader),
            trust=trust,
            faces=known,
            followers=follow.get(thread_id, frozenset()),
            elsewhere=tuple(one for one in others.values() if reader.may_read(one)),
        )

    def place(self, told: questions.Told) -> bool:
        """Have a posted question stand in the forum if others may read it; return whether it does.

        Placed again it stays as it stands.
        """
        row = told.row
        private = row.visibility == Visibility.PRIVATE or not row.shareable
        if private or not told.question.in_community:
            return False
        if not self.knowledge.fetch([row.question_id]):
            self.knowledge.put([_thread_of(row)])
            self.knowledge.sync()
        return True

    def answer(self, topic: Topic, reader: Reader, words: str, once: str, now: datetime) -> str:
        """Write an answer below a thread of the forum; return its id.

        `once` is what the form was given: sent twice it answers once. Raises NoThread where they
        may not, BadField without words.
        """
        thread_id, name = topic.thread.id, answer_name(once, reader, words)
        if any(one.id == name for one in topic.thread.answers):
            return name
        if not topic.may_answer or not topic.public:
            raise NoThread(thread_id)
        given = Answer(name, self.safe(words), reader.person, staff=reader.staff, created=now)

        def answered(thread: Thread) -> Thread:
            others = tuple(one for one in thread.answers if one.id != name)
            return replace(thread, answers=(*others, given), updated=now)

        self._rewrite(thread_id, answered)
        return name

    def accept(self, topic: Topic, answer_id: str, now: datetime) -> None:
        """Have the asker of a thread that is no question of ours say which answer solved it."""
        if all(one.id != answer_id for one in topic.thread.answers):
            raise NoAnswer
        if not topic.mine:
            raise NoThread(topic.thread.id)

        def accepted(thread: Thread) -> Thread:
            kept = tuple(replace(one, accepted=one.id == answer_id) for one in thread.answers)
            return replace(thread, answers=kept, solved=True, updated=now)

        if not topic.thread.solved:
            self._rewrite(topic.thread.id, accepted)

    def follow(self, question_id: str) -> None:
        """Have a question's thread, where it has one, say what the question says: solved or not."""
        with self.database.read() as c:
            question = questions.read(c, self.forum_id, question_id).question
        solved, by = question.state is State.CONFIRMED_SOLVED, question.solved_by

        def followed(thread: Thread) -> Thread:
            kept = [replace(a, accepted=f"{question_id}:{a.id}" == by) for a in thread.answers]
            return replace(thread, solved=solved, answers=tuple(kept))

        if self.knowledge.fetch([question_id]):
            self._rewrite(question_id, followed)

    def waiting(self) -> list[store.QuestionRow]:
        """Return what waits for experts, newest first: for the eyes of staff."""
        wanted = store.QuestionsWanted(open=True, destination=Destination.EXPERT, test=None)
        with self.database.read() as c:
            return store.list_questions(c, self.forum_id, wanted, limit=_MOST_WAITING)

    def safe(self, words: str) -> str:
        """Return words that all may read; hosts and companies stay in advice. Raises BadField."""
        own = replace(self.redaction, business=False)
        said = text.clean(text.redact(words, own).text)
        if not said:
            raise BadField("words", "is empty; write an answer")
        return said

    def followed(self, reader: Reader, threads: Iterable[Thread]) -> list[Thread]:
        """Return those of the threads that somebody follows, in their order."""
        if reader.person is None:
            return []
        readable = [thread for thread in threads if reader.may_read(thread)]
        with self.database.read() as c:
            found = store.followers_of(c, self.forum_id, [thread.id for thread in readable])
        return [one for one in readable if reader.person in found.get(one.id, ())]

    def _rewrite(self, thread_id: str, change: Callable[[Thread], Thread]) -> None:
        """Change a thread as it is now; what somebody else wrote meanwhile stays."""
        while True:
            before = self.knowledge.fetch([thread_id]).get(thread_id)
            if before is None:
                raise NoThread(thread_id)

            def unmoved(c: store.Connection, before: Thread = before) -> None:
                if store.get_thread(c, self.forum_id, thread_id) != before:
                    raise _Moved

            try:
                self.knowledge.put_prepared([change(before)], unmoved)
            except _Moved:
                continue
            # The writer waits for the index, so that the next asker need not.
            self.knowledge.sync()
            return


def answer_name(once: str, reader: Reader, words: str) -> str:
    """Return the id of the answer that somebody's form stands for; nobody else's form has it.

    Who goes back and writes something else in the same form gives another answer.
    """
    said = f"{once}\0{reader.person}\0{words}"
    return "a-" + hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _shown(
    thread_id: str, thread: Thread | None, told: questions.Told | None, reader: Reader
) -> Thread:
    follows = told is not None and reader.may_follow(told.row)
    if thread is not None and (follows or reader.may_read(thread)):
        return thread
    if thread is None and told is not None and follows:
        return _as_thread(told)
    raise NoThread(thread_id)


def _elsewhere(thread_id: str, told: questions.Told | None) -> set[str]:
    """Return the threads in which answers of a question stand besides its own."""
    answers = told.question.answers if told is not None else ()
    return {answer.rpartition(":")[0] for answer in answers} - {thread_id}


def _may_answer(
    thread: Thread, told: questions.Told | None, reader: Reader, *, public: bool
) -> bool:
    """Say whether somebody may answer: never oneself, and nobody but staff what is private."""
    if reader.person is None or reader.is_asker(thread.person):
        return False
    if told is None:
        return public
    who = Who.STAFF if reader.staff else Who.COMMUNITY
    stands = reader.staff or (public and told.question.in_community)
    return stands and State.ANSWERED in allowed(told.question.state, who)


def _may_accept(thread: Thread, told: questions.Told | None, reader: Reader) -> bool:
    if not reader.is_asker(thread.person) or not thread.answers or thread.solved:
        return False
    if told is None:
        return True
    return State.CONFIRMED_SOLVED in allowed(told.question.state, Who.CUSTOMER)


def _thread_of(row: store.QuestionRow) -> Thread:
    """Return the thread of a posted question that others may read."""
    title, body = row.question["title"], row.question["body"]
    return Thread(
        id=row.question_id,
        title=title or " ".join(body.split())[:_LONGEST_TITLE],
        body=body,
        person=row.person,
        lang=row.lang,
        tags=(row.topic,) if row.topic else (),
        product=row.product,
        groups=row.groups,
        url=f"/t/{row.question_id}",
        created=row.received_at,
        updated=row.received_at,
    )


def _as_thread(told: questions.Told) -> Thread:
    """Return a question that stands nowhere in the forum as it is shown, with what staff wrote."""
    row, question = told.row, told.question
    written = [one for one in told.changes if one.after == State.ANSWERED and one.words]
    answers = tuple(
        Answer(
            id=one.answer_id or one.change_id,
            body=one.words or "",
            accepted=one.answer_id is not None and one.answer_id == question.solved_by,
            staff=one.who == Who.STAFF,
            created=one.at,
        )
        for one in written
    )
    solved = question.state is State.CONFIRMED_SOLVED
    return replace(_thread_of(row), answers=answers, solved=solved, tags=())
