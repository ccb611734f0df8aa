"""A question's text -> the signs of its form: code, traces, versions, lists, headings, shouting.

In: title and body, redacted. Out: one row of float32 between 0 and 1 per question, its columns
named by SIGNS. A sign is a count squeezed by a logarithm, so that one stack trace says much and
ten hardly more.
Not here: words and their weights (features).
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# The openings of questions in the six languages of the service.
_ASKING = frozenset(
    (
        "how what why when where which who can could does do is are should hur vad varför när var "
        "vilken vilka vem kan går finns är hvordan hva hvorfor hvor hvem når hvilken hvilke "
        "finnes er hvad hvornår findes miten miksi mikä mitä missä mistä milloin kuka voiko onko "
        "saako voinko wie was warum wieso wann wo welche welcher welches wer kann gibt ist darf"
    ).split()
)

# Every pattern is bounded: a hostile text of one long line must not be read in squared time.
_COUNTED: dict[str, re.Pattern[str]] = {
    "code_block": re.compile(r"^[ \t]{0,8}(?:```|~~~)", re.M),
    "code_word": re.compile(r"`[^`\n]{1,200}`"),
    "trace": re.compile(
        r"^[ \t]{0,8}at \S|^[ \t]{0,8}File \"[^\"\n]{1,300}\", line \d|^Traceback \(|^Caused by:"
        r"|^#\d{1,3} +0x|(?:Error|Exception)\b",
        re.M,
    ),
    "version": re.compile(r"\bv?\d{1,4}\.\d{1,4}(?:\.\d{1,6})?\b"),
    "error_code": re.compile(r"\b(?:[A-Z]{2,6}[-_ ]?\d{2,}|0x[0-9A-Fa-f]+|[45]\d\d)\b"),
    "url": re.compile(r"https?://|\bwww\."),
    "image": re.compile(r"!\[[^\]\n]{0,200}\]|<img\b"),
    "list_item": re.compile(r"^[ \t]{0,8}(?:[-*+•]|\d{1,3}[.)])[ \t]+\S", re.M),
    "box_open": re.compile(r"\[ \]"),
    "box_ticked": re.compile(r"\[[xX]\]"),
    "heading": re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]+\S|\*\*[^*\n]{1,100}\*\*:?[ \t]*$)", re.M),
    "heading_steps": re.compile(r"^[#*_ \t]{0,8}(?:\w{1,20} ){0,3}(?:steps|repro)", re.M | re.I),
    "field": re.compile(r"^[-*_ \t]{0,8}[^\W\d][\w /()-]{1,40}(?:\*\*)?:(?!/)", re.M),
    "comment": re.compile(r"<!--"),
    "unanswered": re.compile(r"^[ \t]{0,8}_?(?:no response|n/?a|none)_?\.?[ \t]*$", re.M | re.I),
    "quote": re.compile(r"^[ \t]{0,8}>", re.M),
    "question_mark": re.compile(r"\?"),
    "exclamation": re.compile(r"!(?!\[)"),
    "shouted": re.compile(r"\b[A-ZÅÄÖÆØÜ]{4,40}\b"),
    "amount": re.compile(r"[€£$] ?\d|\d ?(?:kr|sek|nok|dkk|eur|gbp|usd)\b", re.I),
    "line": re.compile(r"\n"),
}
_WORD = re.compile(r"[^\W\d_]+")
_OPENING = re.compile(r"^\W{0,40}([^\W\d_]{1,40})")
_SENTENCE = re.compile(r"[.!?\n]\s{0,4}([^\W\d_]+)")

SIGNS: tuple[str, ...] = (
    *_COUNTED,
    "title_asks",
    "title_question_mark",
    "title_tag",
    "title_words",
    "body_words",
    "body_asks",
    "no_body",
)
_READ = 8_000  # characters of a body that are looked at
_OFTEN = np.log1p(30.0)


def read_structure(titles: Sequence[str], bodies: Sequence[str]) -> NDArray[np.float32]:
    """Return one row of signs per question, shape (n, len(SIGNS))."""
    rows = np.zeros((len(titles), len(SIGNS)), dtype=np.float32)
    for row, title, body in zip(rows, titles, bodies, strict=True):
        row[:] = _signs_of(title, body)
    return rows


def _signs_of(title: str, body: str) -> list[float]:
    body = body[:_READ]
    text = f"{title[:_READ]}\n{body}"
    counted = [_squeeze(len(pattern.findall(text))) for pattern in _COUNTED.values()]
    opening = _OPENING.match(title)
    asks = sum(word.lower() in _ASKING for word in _SENTENCE.findall("\n" + body))
    return [
        *counted,
        float(bool(opening) and opening[1].lower() in _ASKING) if opening else 0.0,
        float("?" in title),
        float(title.lstrip().startswith("[")),
        _squeeze(len(_WORD.findall(title))),
        min(1.0, float(np.log1p(len(_WORD.findall(body))) / np.log1p(1000.0))),
        _squeeze(asks),
        float(not body.strip()),
    ]


def _squeeze(count: int) -> float:
    return min(1.0, float(np.log1p(count) / _OFTEN))
