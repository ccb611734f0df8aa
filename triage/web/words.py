"""What pages say: for each language a file, `words/LANG.toml`, and one for each room beside it.

In: a key such as `sign_in.title`, a language, parameters. Out: the words. A test holds
the files of the six languages against each other.
Not here: sentences of replies to askers (phrases).
"""

import tomllib
from functools import cache
from importlib.resources import files

from triage.languages import language_code
from triage.records import LANGUAGES

DEFAULT = "en"


@cache
def words_of(lang: str) -> dict[str, str]:
    """Return everything that pages say in a language, by key."""
    folder = files("triage.web") / "words"
    rooms = sorted((one for one in folder.iterdir() if one.is_dir()), key=lambda one: one.name)
    return {
        f"{page}.{name}": said
        for path in (one / f"{lang}.toml" for one in (folder, *rooms))
        for page, names in tomllib.loads(path.read_text(encoding="utf-8")).items()
        for name, said in names.items()
    }


def word(key: str, lang: str, **params: object) -> str:
    """Return the words of a key. Raises KeyError for a key or a parameter that is missing."""
    return words_of(lang)[key].format(**params)


def has_word(key: str, lang: str) -> bool:
    """Say whether a key has words."""
    return key in words_of(lang)


def choose_language(wanted: str | None, kept: str | None, accepted: str) -> str:
    """Return the language of a page: asked for, else kept, else what the browser accepts.

    `accepted` is a header of RFC 9110, such as `sv-SE,sv;q=0.9,en;q=0.5`.
    """
    for given in (wanted, kept):
        code = language_code(given)
        if code in LANGUAGES:
            return str(code)
    ranked = sorted(map(_ranked, accepted[:500].split(",")), key=lambda pair: -pair[0])
    for weight, given in ranked:
        code = language_code(given)
        if weight > 0 and code in LANGUAGES:
            return str(code)
    return DEFAULT


def _ranked(entry: str) -> tuple[float, str]:
    given, _, weight = entry.partition(";")
    try:
        return float(weight.strip().removeprefix("q=")) if weight else 1.0, given
    except ValueError:
        return 0.0, given
