"""A lead's own rules: words that send a question one way. Pure.

In: words and templates, and the words of a question. Out: whether a rule applies.
Templates are no regular expressions: `*` is the rest of a word, or, alone, up to five words. The
time that matching takes grows with the product of the two lengths, and both are bounded.
Not here: in which order rules are asked, and what outranks them (decide).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from triage.errors import BadField
from triage.records import LANGUAGES, Destination

MOST_RULES = 200
# Of all rules together.
MOST_TEMPLATES = 500
_MOST_WORDS = 50
_MOST_CHARACTERS = 80
_MOST_TOKENS = 12
_MOST_REASON = 300
_FEWEST_LETTERS = 2
_GAP = 5
# Of one text: who writes more has said what it is about before.
_READ = 10_000
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"[\w*]+")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a question without case; bit n of a word's places says that it is the n-th."""

    text: str
    places: Mapping[str, int]


def words_of(text: str) -> Words:
    """Return the words of a text, of its beginning where it is very long."""
    places: dict[str, int] = {}
    text = text[:_READ].casefold()
    for place, word in enumerate(_WORD.findall(text)):
        places[word] = places.get(word, 0) | 1 << place
    return Words(text, places)


@dataclass(frozen=True, slots=True)
class _Template:
    """The words sought, in their order; all of `whole` and `pieces` must be there at any rate."""

    tokens: tuple[str, ...]
    whole: tuple[str, ...]
    pieces: tuple[str, ...]

    @classmethod
    def of(cls, tokens: tuple[str, ...]) -> "_Template":
        whole = tuple(token for token in tokens if "*" not in token)
        # To look for a piece in the text takes no time beside looking through all of its words.
        pieces = (max(token.split("*"), key=len) for token in tokens if "*" in token)
        return cls(tokens, whole, tuple(piece for piece in pieces if piece))

    def is_in(self, words: Words) -> bool:
        """Say whether a text holds these words in this order."""
        for word in self.whole:
            if word not in words.places:
                return False
        for piece in self.pieces:
            if piece not in words.text:
                return False
        # Bit n: the tokens so far may end just before word n.
        ends = -1
        for token in self.tokens:
            if token == "*":
                for _ in range(_GAP):
                    ends |= ends << 1
            else:
                ends = (ends & _places_of(words, token)) << 1
            if not ends:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Rule:
    """Whose question holds one of `words` or `templates` goes to `destination`.

    Only questions in `languages` are looked at, all where it is empty. `reason` tells the asker
    why, by language; without one they are told that the forum has a rule.
    """

    name: str
    destination: Destination
    words: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()
    reason: Mapping[str, str] = field(default_factory=dict)
    _sought: tuple[tuple[str, _Template], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what could never apply or always would. Raises BadField."""
        if not _NAME.fullmatch(self.name):
            raise BadField("name", f"is {self.name!r}; use a-z, 0-9, - and _, 40 at most")
        if not 0 < len(self.words) + len(self.templates) <= _MOST_WORDS:
            raise BadField("words", f"and `templates` need 1 to {_MOST_WORDS} entries together")
        for word in self.words:
            if "*" in word:
                raise BadField("words", f"holds {word!r}; what has a * belongs into `templates`")
        for lang in sorted(self.languages - set(LANGUAGES)):
            raise BadField("languages", f"holds {lang!r}; known are {', '.join(LANGUAGES)}")
        for lang, told in self.reason.items():
            if lang not in LANGUAGES:
                raise BadField(f"reason.{lang}", f"is no language of {', '.join(LANGUAGES)}")
            if not told.strip() or len(told) > _MOST_REASON or not told.isprintable():
                problem = f"needs 1 to {_MOST_REASON} characters on one line"
                raise BadField(f"reason.{lang}", problem)
        named = [("words", w) for w in self.words] + [("templates", t) for t in self.templates]
        sought = tuple((shown, _Template.of(_tokens_of(shown, name))) for name, shown in named)
        object.__setattr__(self, "_sought", sought)

    def found_in(self, words: Words, lang: str) -> str | None:
        """Return the word or template that a question in `lang` holds, None without any."""
        if self.languages and lang not in self.languages:
            return None
        for shown, one in self._sought:
            if one.is_in(words):
                return shown
        return None


def _tokens_of(template: str, name: str) -> tuple[str, ...]:
    if len(template) > _MOST_CHARACTERS:
        raise BadField(name, f"holds a text of more than {_MOST_CHARACTERS} characters")
    tokens = [re.sub(r"\*+", "*", token) for token in _TOKEN.findall(template.casefold())]
    while tokens and tokens[0] == "*":
        del tokens[0]
    while tokens and tokens[-1] == "*":
        del tokens[-1]
    if len(tokens) > _MOST_TOKENS:
        raise BadField(name, f"holds {template!r}, of more than {_MOST_TOKENS} words")
    if max((len(t.replace("*", "")) for t in tokens), default=0) < _FEWEST_LETTERS:
        raise BadField(name, f"holds {template!r}, which would apply to nearly everything")
    return tuple(tokens)


def _places_of(words: Words, token: str) -> int:
    if "*" not in token:
        return words.places.get(token, 0)
    found = 0
    for word, places in words.places.items():
        if _like(word, token):
            found |= places
    return found


def _like(word: str, token: str) -> bool:
    """Say whether a word is of a token's form; the leftmost fit of each piece is the best one."""
    if "*" not in token:
        return word == token
    first, *middle, last = token.split("*")
    if len(word) < len(first) + len(last):
        return False
    if not (word.startswith(first) and word.endswith(last)):
        return False
    at, end = len(first), len(word) - len(last)
    for piece in middle:
        at = word.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True
