"""A small site that speaks like Discourse, on this machine: for tests and measurements.

In: categories, topics and posts as plain values; what is to go wrong. Out: the documented JSON on
a local port, from a thread of its own. What is changed while it runs is served at once.
Not here: anything of the product.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from aiohttp import web

PAGE, FIRST_POSTS = 30, 20
KEY, USER = "k" * 64, "reader"
START = datetime(2026, 1, 1, tzinfo=UTC)

Json = dict[str, Any]


@dataclass(frozen=True)
class Post:
    """One post; `post_type` 2 and 3 are actions, 4 is a whisper."""

    id: int
    cooked: str
    username: str = "anna"
    user_id: int = 7
    post_type: int = 1
    staff: bool = False
    hidden: bool = False
    deleted: bool = False
    likes: int = 0
    group: str | None = None


@dataclass(frozen=True)
class Topic:
    """One topic with its posts; the first is the question."""

    id: int
    title: str
    category: int
    posts: tuple[Post, ...]
    bumped: datetime
    accepted: int | None = None
    tags: tuple[str, ...] = ()
    archetype: str = "regular"
    visible: bool = True
    pinned: bool = False
    gone: bool = False


@dataclass(frozen=True)
class Category:
    """One category; with groups it is not everyone's."""

    id: int
    slug: str
    groups: tuple[str, ...] = ()
    about: int | None = None
    parent: int | None = None


@dataclass
class Site:
    """What stands on the site, and how it behaves.

    `fail` maps a path to the statuses of its next replies; `before` is called with each path before
    it is replied to, so that something may change in the middle of a listing.
    """

    categories: dict[int, Category] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    key: str = KEY
    fail: dict[str, list[int]] = field(default_factory=dict)
    wait_seconds: float = 0.01
    wait_in_body: bool = False
    raw: dict[str, bytes] = field(default_factory=dict)
    before: Callable[[str], None] | None = None
    asked: Counter[str] = field(default_factory=Counter)
    address: str = ""
    delay: float = 0.0
    _listed: dict[Any, list[Topic]] = field(default_factory=dict)

    def put(self, topic: Topic) -> None:
        """Put a topic in place of the one of its id."""
        self.topics[topic.id] = topic
        self._listed.clear()

    def change(self, topic_id: int, **fields: Any) -> None:  # noqa: ANN401
        """Change a topic as it stands."""
        self.put(replace(self.topics[topic_id], **fields))

    def answer(self, topic_id: int, cooked: str, **fields: Any) -> None:  # noqa: ANN401
        """Add a post, which brings the topic to the top."""
        topic = self.topics[topic_id]
        post = Post(topic_id * 1_000 + len(topic.posts) + 1, cooked, **fields)
        self.change(topic_id, posts=(*topic.posts, post), bumped=self.latest() + _STEP)

    def latest(self) -> datetime:
        """Return the moment of the last change."""
        return max(topic.bumped for topic in self.topics.values())

    def listed(self, category: int | None, order: str, ascending: bool) -> list[Topic]:
        """Return the topics that a listing shows, in its order."""
        name = category, order, ascending
        if name not in self._listed:
            self._listed[name] = self._ordered(category, order, ascending)
        return self._listed[name]

    def _ordered(self, category: int | None, order: str, ascending: bool) -> list[Topic]:
        shown = [
            topic
            for topic in self.topics.values()
            if not topic.gone
            and topic.archetype != "private_message"
            and category in (None, topic.category)
        ]
        by_time: Callable[[Topic], Any] = (
            (lambda t: t.id) if order == "created" else (lambda t: (t.bumped, t.id))
        )
        shown.sort(key=by_time, reverse=not ascending)
        if order != "created":
            shown.sort(key=lambda t: not t.pinned)
        return shown


_STEP = timedelta(seconds=1)


def topic_of(number: int, category: int = 5, answers: int = 1, **fields: Any) -> Topic:  # noqa: ANN401
    """Return a topic with a question and answers, solved by the first of them."""
    posts = [Post(number * 1_000 + 1, f"<p>Export {number} stops at row {number * 7}.</p>")]
    posts += [
        Post(
            number * 1_000 + place,
            f"<p>For export {number}, set page size {place} under <b>Settings</b>.</p>",
            username="bo",
            user_id=8,
            staff=place == 2,
            likes=place,
        )
        for place in range(2, 2 + answers)
    ]
    made = Topic(
        id=number,
        title=f"Export {number} stops early",
        category=category,
        posts=tuple(posts),
        bumped=START + timedelta(minutes=number),
        accepted=2 if answers else None,
        tags=("export",),
    )
    return replace(made, **fields)


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve a site on a free local port; its address is written into it."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def run() -> None:
        # A reply that a slow site still owes when it is taken down is given up, not waited for.
        runner = web.AppRunner(_app(site), shutdown_timeout=0.1)
        await runner.setup()
        port = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
        await port.start()
        host, number = runner.addresses[0][:2]
        site.address = f"http://{host}:{number}"
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert ready.wait(60)
    try:
        yield site
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def _app(site: Site) -> web.Application:
    @web.middleware
    async def guard(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        site.asked[request.path] += 1
        if site.delay:
            await asyncio.sleep(site.delay)
        if site.before is not None:
            site.before(request.path_qs)
        refused = _refused(site, request)
        return await handler(request) if refused is None else refused

    app = web.Application(middlewares=[guard])
    app.router.add_get("/categories.json", partial(_categories, site))
    app.router.add_get("/c/{id}/show.json", partial(_category, site))
    app.router.add_get("/latest.json", partial(_latest, site))
    app.router.add_get("/t/{id:\\d+}.json", partial(_topic, site))
    app.router.add_get("/t/{id:\\d+}/posts.json", partial(_posts, site))
    return app


def _refused(site: Site, request: web.Request) -> web.Response | None:
    if request.path in site.raw:
        return web.Response(body=site.raw[request.path], content_type="application/json")
    if request.headers.get("Api-Key") != site.key or request.headers.get("Api-Username") != USER:
        said = "You are not permitted to view the requested resource. The API username or key is"
        errors = {"errors": [f"{said} invalid."], "error_type": "invalid_access"}
        return web.json_response(errors, status=403)
    statuses = site.fail.get(request.path)
    if not statuses:
        return None
    status = statuses.pop(0)
    if status != 429:
        return web.json_response({"errors": ["no"]}, status=status)
    limited = {"errors": ["Too often."], "error_type": "rate_limit"}
    if site.wait_in_body:
        limited["extras"] = {"wait_seconds": site.wait_seconds}  # type: ignore[assignment]
        return web.json_response(limited, status=429)
    headers = {"Retry-After": str(int(site.wait_seconds))}
    return web.json_response(limited, status=429, headers=headers)


async def _categories(site: Site, _: web.Request) -> web.Response:
    def shown(one: Category) -> Json:
        below = [shown(c) for c in site.categories.values() if c.parent == one.id]
        about = f"/t/about-{one.slug}/{one.about}" if one.about else None
        return {
            "id": one.id,
            "slug": one.slug,
            "name": one.slug.title(),
            "read_restricted": bool(one.groups),
            "topic_url": about,
            "subcategory_list": below,
        }

    tops = [shown(one) for one in site.categories.values() if one.parent is None]
    return web.json_response({"category_list": {"categories": tops}})


async def _category(site: Site, request: web.Request) -> web.Response:
    one = site.categories[int(request.match_info["id"])]
    permissions = [
        {"permission_type": 1, "group_name": name} for name in one.groups or ("everyone",)
    ]
    return web.json_response({"category": {"id": one.id, "group_permissions": permissions}})


async def _latest(site: Site, request: web.Request) -> web.Response:
    asked = request.query
    category = int(asked["category"]) if "category" in asked else None
    page = int(asked.get("page", "0"))
    ascending = asked.get("ascending") == "true"
    topics = site.listed(category, asked.get("order", "activity"), ascending)
    shown = topics[page * PAGE : (page + 1) * PAGE]
    found: Json = {"per_page": PAGE, "topics": [_row(topic) for topic in shown]}
    if len(topics) > (page + 1) * PAGE:
        found["more_topics_url"] = f"/latest?page={page + 1}"
    return web.json_response({"topic_list": found})


async def _topic(site: Site, request: web.Request) -> web.Response:
    topic = site.topics.get(int(request.match_info["id"]))
    if topic is None or topic.gone:
        return web.json_response({"error_type": "not_found"}, status=404)
    numbered = list(enumerate(topic.posts, start=1))
    shown = [_post(topic, number, post) for number, post in numbered[:FIRST_POSTS]]
    row = _row(topic) | {"post_stream": {"posts": shown, "stream": [p.id for p in topic.posts]}}
    if topic.accepted is not None:
        row["accepted_answer"] = {"post_number": topic.accepted, "username": "bo"}
    return web.json_response(row)


async def _posts(site: Site, request: web.Request) -> web.Response:
    topic = site.topics[int(request.match_info["id"])]
    wanted = {int(one) for one in request.query.getall("post_ids[]")}
    shown = [
        _post(topic, number, post)
        for number, post in enumerate(topic.posts, start=1)
        if post.id in wanted
    ]
    return web.json_response({"post_stream": {"posts": shown}, "id": topic.id})


def _row(topic: Topic) -> Json:
    return {
        "id": topic.id,
        "title": topic.title,
        "slug": f"topic-{topic.id}",
        "category_id": topic.category,
        "archetype": topic.archetype,
        "visible": topic.visible,
        "pinned": topic.pinned,
        "created_at": _iso(START + timedelta(minutes=topic.id)),
        "bumped_at": _iso(topic.bumped),
        "last_posted_at": _iso(topic.bumped),
        "posts_count": len(topic.posts),
        "highest_post_number": len(topic.posts),
        "like_count": sum(post.likes for post in topic.posts),
        "views": 100,
        "tags": list(topic.tags),
        "has_accepted_answer": topic.accepted is not None,
        "deleted_at": None,
    }


def _post(topic: Topic, number: int, post: Post) -> Json:
    return {
        "id": post.id,
        "topic_id": topic.id,
        "post_number": number,
        "post_type": post.post_type,
        "username": post.username,
        "user_id": post.user_id,
        "cooked": post.cooked,
        "created_at": _iso(START + timedelta(minutes=topic.id)),
        "updated_at": _iso(START + timedelta(minutes=topic.id)),
        "staff": post.staff,
        "hidden": post.hidden,
        "deleted_at": _iso(topic.bumped) if post.deleted else None,
        "actions_summary": [{"id": 2, "count": post.likes}] if post.likes else [],
        "primary_group_name": post.group,
        "accepted_answer": topic.accepted == number,
        "topic_accepted_answer": topic.accepted is not None,
    }


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
