"""/, /t/{thread_id}: the pages of the demo forum on which threads are found, read and answered.

In: who is here, what they look for or write. Out: pages; what was answered and accepted, told to
the service by the same way as through the API.
Not here: asking (demo_ask), one's own questions (demo_my), who somebody is (demo_people).
"""

import secrets
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from fastapi import Request
from starlette.responses import Response

from triage.api.access import Caller, installation_of
from triage.api.pages.demo import (
    DemoHere,
    Here,
    demo_page,
    forum_here,
    names_here,
    names_of_products,
    reader_of,
    shelf_here,
)
from triage.api.pages.demo_people import demo_caller, demo_server, staff_caller
from triage.api.pages.frame import Form, SentForm, go, pages_router, say
from triage.api.question_changing import keep_change
from triage.api.schemas.question import ChangeRequest
from triage.demo.browsing import Found, Wanted, browse, search
from triage.demo.forum import Reader, Topic, answer_name
from triage.errors import BadField, IllegalChange, NoAnswer, NoThread
from triage.lifecycle import State, Who, Why
from triage.questions import Told
from triage.records import LANGUAGES
from triage.text import digest

router = pages_router()

_NOTICES = frozenset({"posted", "there", "answered", "accepted"})
_LONGEST = 300
_STATES = {"solved": True, "open": False}


@router.get("/")
def get_forum(request: Request, here: Here) -> Response:
    """Show the forum: its threads, newest first, or what was searched for."""
    asked = request.query_params
    reader, products = reader_of(request, here), names_of_products(request, here)
    forum, shelf = forum_here(request, here), shelf_here(request, here)
    wanted = _wanted(asked, products)
    if wanted.words:
        parts = installation_of(request).desk(here.forum).parts()
        groups = shelf.groups() if reader.staff else reader.groups
        found = search(parts, groups, reader.may_read, wanted)
    else:
        found = browse(shelf, reader.may_read, wanted)
    return demo_page(
        request,
        here,
        "demo/list",
        found=found,
        wanted=wanted,
        products=products,
        state=asked.get("state") if asked.get("state") in _STATES else "",
        places=_places(asked, found),
        waiting=forum.waiting() if reader.staff else [],
        followed=forum.followed(reader, shelf.threads()),
    )


@router.get("/t/{thread_id:path}")
def get_thread(request: Request, here: Here, thread_id: str) -> Response:
    """Show a thread, or a private question to whom it is for."""
    said = request.query_params.get("said", "")
    notice = say(request, f"demo.said_{said}") if said in _NOTICES else ""
    return _thread_page(request, here, thread_id, notice=notice)


@router.post("/t/{thread_id:path}/answers")
def post_answer(request: Request, here: Here, thread_id: str, form: SentForm) -> Response:
    """Answer as another customer, or as staff; the same form sent twice answers once.

    What was typed is never lost, also where the thread takes no more answers meanwhile.
    """
    forum, reader = forum_here(request, here), reader_of(request, here)
    topic, words = forum.open(thread_id, reader), form.get("words", "")
    if not topic.public and not reader.staff:
        raise NoThread(thread_id)
    now, once = datetime.now(UTC), form.get("once", "")[:_LONGEST]
    name = answer_name(once, reader, words)
    shown = name if topic.public else f"answer:{name}"
    if not topic.may_answer and all(one.id != shown for one in topic.thread.answers):
        status, said = _not_taken(topic, reader)
        alarm = say(request, said)
        return _thread_page(request, here, thread_id, status=status, alarm=alarm, typed=words)
    try:
        forum.safe(words)
        if topic.public:
            forum.answer(topic, reader, words, once, now)
        if topic.told is not None:
            caller = _answering(request, here, reader, thread_id)
            keep_change(caller, thread_id, _answered(topic, reader, name, words), now)
    except BadField:
        alarm = say(request, "demo.answer_empty")
        return _thread_page(request, here, thread_id, status=422, alarm=alarm)
    except IllegalChange:
        # It was solved or ended at this moment. In the forum the answer stands all the same.
        if not topic.public:
            alarm = say(request, "demo.answer_closed")
            return _thread_page(request, here, thread_id, status=409, alarm=alarm, typed=words)
    return go(request, f"/t/{quote(thread_id)}?said=answered#{shown}")


@router.post("/t/{thread_id:path}/accept")
def post_accept(request: Request, here: Here, thread_id: str, form: SentForm) -> Response:
    """Take an answer as the one that solved it; only whoever asked can."""
    forum, reader = forum_here(request, here), reader_of(request, here)
    topic, answer_id = forum.open(thread_id, reader), form.get("answer", "")
    if not topic.mine or here.person is None:
        raise NoThread(thread_id)
    if all(one.id != answer_id for one in topic.thread.answers):
        raise NoAnswer
    now = datetime.now(UTC)
    if topic.told is None:
        forum.accept(topic, answer_id, now)
    else:
        if topic.may_accept:
            caller = demo_caller(request, here.forum, here.person)
            asked = _accepted(topic, topic.told, answer_id, form.get("once", "")[:_LONGEST])
            keep_change(caller, thread_id, asked, now)
        forum.follow(thread_id)
    # Where the question was withdrawn meanwhile, its page says so.
    solved = forum.open(thread_id, reader).thread.solved
    said = "?said=accepted" if solved else ""
    return go(request, f"/t/{quote(thread_id)}{said}#{quote(answer_id)}")


def _thread_page(
    request: Request,
    here: DemoHere,
    thread_id: str,
    *,
    status: int = 200,
    notice: str = "",
    alarm: str = "",
    typed: str = "",
) -> Response:
    reader, path = reader_of(request, here), f"/t/{quote(thread_id)}"
    try:
        topic = forum_here(request, here).open(thread_id, reader)
    except NoThread:
        return demo_page(request, here, "demo/gone", status=404, path=path)
    others = {name: face.display_name for name, face in topic.faces.items() if face.display_name}
    return demo_page(
        request,
        here,
        "demo/thread",
        status=status,
        path=path,
        topic=topic,
        follows=reader.person is not None and reader.person in topic.followers,
        names={**others, **names_here(request, here)},
        once=secrets.token_hex(16),
        notice=notice,
        alarm=alarm,
        typed=typed,
    )


def _not_taken(topic: Topic, reader: Reader) -> tuple[int, str]:
    """Return status and words for whoever may read a thread and cannot answer it."""
    if reader.person is None:
        return 403, "demo.answer_who"
    return (403, "demo.answer_own") if topic.mine else (409, "demo.answer_closed")


def _wanted(asked: Form, products: list[str]) -> Wanted:
    """Return what is looked for; what a filter does not know is not asked about."""
    page, lang, product = asked.get("page", "1"), asked.get("in"), asked.get("product")
    return Wanted(
        words=asked.get("q", "").strip()[:_LONGEST],
        lang=lang if lang in LANGUAGES else None,
        product=product if product in products else None,
        solved=_STATES.get(asked.get("state", "")),
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def _places(asked: Form, found: Found) -> dict[str, str]:
    """Return where the page before and the page after are, as far as there are any."""
    kept = [(name, asked[name]) for name in ("q", "in", "product", "state") if asked.get(name)]
    turned = {"before": found.page - 1, "after": found.page + 1}
    return {
        name: f"/?{urlencode([*kept, ('page', number)])}"
        for name, number in turned.items()
        if 1 <= number <= found.pages
    }


def _answering(request: Request, here: DemoHere, reader: Reader, thread_id: str) -> Caller:
    """Return who tells the service of an answer: staff themselves, else the forum's server."""
    if not reader.staff:
        return demo_server(request, here.forum)
    caller = staff_caller(request)
    if caller is None:
        raise NoThread(thread_id)
    return caller


def _answered(topic: Topic, reader: Reader, name: str, words: str) -> ChangeRequest:
    """Return the change that an answer is; what is written in the forum is read there."""
    who = Who.STAFF if reader.staff else Who.COMMUNITY
    change = ChangeRequest(state=State.ANSWERED, who=who, change_id=name)
    if topic.public:
        return change.model_copy(update={"answer_id": f"{topic.thread.id}:{name}"})
    return change.model_copy(update={"words": words})


def _accepted(topic: Topic, told: Told, answer_id: str, once: str) -> ChangeRequest:
    """Return the change that taking an answer is; of what was opened again it is another one."""
    question = told.question
    named = f"{topic.thread.id}:{answer_id}" if topic.public else answer_id
    open_again = question.state is not State.ANSWERED
    change = digest(f"{once} {answer_id} {question.revision}")[:32]
    return ChangeRequest(
        state=State.CONFIRMED_SOLVED,
        change_id=f"accepted:{change}" if once else None,
        answer_id=named if named in question.answers else None,
        # Once it is open again, a word of thanks alone does not solve it.
        why=Why.OTHER if open_again else None,
    )
