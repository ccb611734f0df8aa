"""A post as Discourse shows it (HTML) -> the words of whoever wrote it.

In: the HTML of one post. Out: plain text. What it quotes is another's words, which stand in their
own post; whom it mentions is a person's name; pictures of emoji and files say nothing.
Not here: HTML as such (markup).
"""

from triage.connect.markup import Attributes, text_of

_DROPPED = frozenset({"quote", "meta", "poll", "lightbox-wrapper", "emoji", "avatar"})
_MENTIONS = frozenset({"mention", "mention-group"})
_PREVIEW = "onebox"


def words_of(cooked: str) -> str:
    """Return what somebody wrote in a post."""
    return text_of(cooked, instead=_instead)


def _instead(_: str, attributes: Attributes) -> str | None:
    """Return what stands for an element that is not the writer's own; None: it is theirs."""
    classes = set((attributes.get("class") or "").split())
    if _PREVIEW in classes:
        # Of another page; where it leads is what was written.
        return attributes.get("data-onebox-src") or attributes.get("href") or ""
    if classes & _MENTIONS:
        return "@…"
    return "" if classes & _DROPPED else None
