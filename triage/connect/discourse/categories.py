"""The categories of a site -> those that are read, and who may read what stands in them.

In: the site, and what is wanted of it. Out: categories by id. One that not everyone may read is
left out, unless its groups are wanted and can be read; nothing is ever taken for public.
Not here: the topics (listings, topics).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from triage.connect.discourse.client import Discourse
from triage.connect.discourse.wishes import Restricted, Wishes
from triage.errors import SendFailed

_EVERYONE = "everyone"
_MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class Category:
    """One category that is read. `about` is the topic that only says what it is for."""

    category_id: int
    slug: str
    groups: frozenset[str]
    product: str | None = None
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Categories:
    """What is read of a site, what is left out, and a print of who may read what."""

    read: Mapping[int, Category]
    left_out: tuple[str, ...] = ()

    @property
    def print(self) -> str:
        """What changes when a category is opened, closed, added or taken away."""
        said = sorted((one.category_id, sorted(one.groups)) for one in self.read.values())
        return sha256(repr(said).encode()).hexdigest()[:12]


async def read_categories(site: Discourse, wishes: Wishes) -> Categories:
    """Read which categories there are, and whose. Raises SendFailed."""
    read: dict[int, Category] = {}
    left_out: list[str] = []
    wanted = set(wishes.categories)
    for row in await _all(site):
        slug, number = str(row.get("slug") or ""), row["id"]
        names = {str(number), slug}
        if wishes.categories and not names & wishes.categories:
            continue
        wanted -= names
        groups = frozenset[str]()
        if row.get("read_restricted") is not False:
            found = await _groups_of(site, number, wishes)
            if found is None:
                left_out.append(f"category {number} ({slug or 'no name'}): not everyone's")
                continue
            groups = found
        product = wishes.products.get(str(number)) or wishes.products.get(slug)
        read[number] = Category(number, slug, groups, product, _about(row))
    left_out += [f"category {name}: not found" for name in sorted(wanted)]
    return Categories(read, tuple(left_out))


async def _all(site: Discourse) -> list[Mapping[str, Any]]:
    """Return every category once; sites with many give them by the page, others all each time."""
    found: dict[int, Mapping[str, Any]] = {}
    for page in range(1, _MOST_PAGES):
        parameters = [("include_subcategories", "true"), ("page", str(page))]
        reply = await site.get("/categories.json", parameters)
        rows = list(_rows(reply))
        fresh = [row for row in rows if row["id"] not in found]
        found |= {row["id"]: row for row in fresh}
        if not fresh:
            break
    return list(found.values())


def _rows(reply: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401
    try:
        waiting = list(reply["category_list"]["categories"])
    except (KeyError, TypeError):
        raise SendFailed("bad_reply") from None
    while waiting:
        row = waiting.pop(0)
        if not isinstance(row, dict) or not isinstance(row.get("id"), int):
            raise SendFailed("bad_reply")
        below = row.get("subcategory_list")
        waiting += below if isinstance(below, list) else []
        yield row


async def _groups_of(site: Discourse, number: int, wishes: Wishes) -> frozenset[str] | None:
    """Return the groups that may read a category (none: everyone); None: it is not to be read."""
    if wishes.restricted is not Restricted.GROUPS:
        return None
    try:
        reply = await site.get(f"/c/{number}/show.json")
    except SendFailed as error:
        if error.code != "login_refused":
            raise
        return None
    try:
        permissions = reply["category"]["group_permissions"]  # type: ignore[index]
        names = {str(one["group_name"]).strip() for one in permissions}
    except (KeyError, TypeError):
        return None
    if _EVERYONE in names:
        return frozenset()
    return frozenset(names) if names and all(names) else None


def _about(row: Mapping[str, Any]) -> int | None:
    """Return the topic that describes a category: `/t/about-it/12`."""
    last = str(row.get("topic_url") or "").rstrip("/").rsplit("/", 1)[-1]
    return int(last) if last.isascii() and last.isdigit() and len(last) < 12 else None
