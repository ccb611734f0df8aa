"""A template, its frame and its values -> HTML, with everything that came from people escaped.

In: the name of a template. Out: a document.
Not here: words (words), which page is shown when (api).
"""

from datetime import UTC, datetime
from functools import cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from triage.records import LANGUAGES
from triage.web.frame import Frame
from triage.web.words import word, words_of


def render(template: str, frame: Frame, **values: object) -> str:
    """Return the page of a template. Templates ask `t` for words; `frame` is the frame."""
    return (
        _environment()
        .get_template(f"{template}.html")
        .render(frame=frame, t=partial(_say, frame.lang), languages=_languages(), **values)
    )


def _say(lang: str, key: str, **params: object) -> str:
    return word(key, lang, **params)


def language_name(lang: str) -> str | None:
    """Return what a language calls itself, or None for one in which pages do not speak."""
    return dict(_languages()).get(lang)


@cache
def _languages() -> tuple[tuple[str, str], ...]:
    """Every language and what it calls itself."""
    return tuple((lang, words_of(lang)["frame.language"]) for lang in LANGUAGES)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("triage.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = _moment
    return environment


def _moment(moment: datetime) -> Markup:
    """Show a moment to the minute, in UTC, and say so: the server cannot know the reader's zone."""
    at = moment.astimezone(UTC)
    shown, exact = f"{at:%Y-%m-%d %H:%M} UTC", at.isoformat(timespec="seconds")
    return Markup('<time datetime="{}">{}</time>').format(exact, shown)
