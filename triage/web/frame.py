"""What every page stands in: its language, its address, and who looks at it.

In: values of one request. Out: the addresses that a page's links and forms hold.
Not here: HTML (templates), what the request was (api).
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from triage.records import WebUser
from triage.web.assets import asset


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the navigation leads to; `word` names it in the words of every language."""

    path: str
    word: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One request's frame. `base` is the prefix under which a proxy serves all pages, or empty.

    `query` is what the page is asked for besides its language. `forgery_token` stands in every
    form of somebody who is signed in. `language_field` is by what an address asks for a language.
    """

    lang: str
    base: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    user: WebUser | None = None
    forgery_token: str = ""
    places: tuple[Place, ...] = ()
    language_field: str = "lang"

    def at(self, path: str) -> str:
        """Return the address of a page of ours."""
        return f"{self.base}{path}"

    def in_language(self, lang: str) -> str:
        """Return the address of this very page in another language."""
        return f"{self.at(self.path)}?{urlencode([*self.query, (self.language_field, lang)])}"

    def file(self, name: str) -> str:
        """Return the address of a file, which changes with what is in it."""
        return f"{self.at('/pages')}/{name}?v={asset(name).digest}"
