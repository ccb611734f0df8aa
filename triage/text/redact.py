"""Text with secrets and personal data in it -> the same text with typed placeholders.

In: a string exactly as it was submitted, and what is the installation's own. Out: `Redacted`, with
offsets into that string.
Not here: which field of a draft it was (question), names of people (they cannot be told from other
words by their form).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from triage.redaction import NO_REDACTION, Redaction
from triage.text.addresses import emails_in, phones_in
from triage.text.candidates import PLACEHOLDER, SENSITIVE_TYPES, Found, is_secret, placeholder
from triage.text.companies import companies_in
from triage.text.customers import customers_in
from triage.text.hosts import hosts_in
from triage.text.identities import identities_in
from triage.text.keys import keys_in
from triage.text.licences import licences_in
from triage.text.numbers import cards_in, ibans_in
from triage.text.organisations import organisations_in
from triage.text.passwords import passwords_in
from triage.text.postal import addresses_in
from triage.text.view import see

_ALWAYS = (
    ibans_in,
    cards_in,
    identities_in,
    licences_in,
    passwords_in,
    keys_in,
    emails_in,
    phones_in,
    addresses_in,
)
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Redacted:
    """The safe text, and what was found where in the text that was given, in its order."""

    text: str
    found: tuple[Found, ...]


def redact(text: str, own: Redaction = NO_REDACTION) -> Redacted:
    """Replace what is sensitive by placeholders such as `[EMAIL]`.

    Looked for in a view without invisible characters, so that those hide nothing. A placeholder
    can lay bare what its neighbour hid: the result is looked at again until nothing is found,
    and redacting it once more finds nothing.
    """
    view = see(text)
    spans: list[Found] = []
    for _ in range(_ROUNDS):
        new = _found_between(view.text, spans, own)
        if not new:
            break
        spans = sorted([*spans, *new], key=lambda found: found.start)
    found = tuple(Found(f.type, *view.place(f.start, f.end)) for f in spans)
    return Redacted(text=_replace(text, found), found=found)


def _candidates(text: str, own: Redaction) -> Iterator[Found]:
    for finder in _ALWAYS:
        yield from finder(text)
    if own.business:
        yield from organisations_in(text)
        yield from customers_in(text, own.customer_numbers)
        yield from hosts_in(text, own)
        yield from companies_in(text, own.known_names)


def _replace(text: str, found: Sequence[Found]) -> str:
    pieces: list[str] = []
    at = 0
    for one in found:
        pieces += [text[at : one.start], placeholder(one.type)]
        at = one.end
    return "".join([*pieces, text[at:]])


def _found_between(text: str, spans: Sequence[Found], own: Redaction) -> list[Found]:
    """Look at the text with the known spans replaced; return what is new, placed in `text`."""
    shown = _replace(text, spans)
    shown_starts, text_starts = [0], [0]
    for one in spans:
        shift = text_starts[-1] - shown_starts[-1]
        shown_starts.append(one.start - shift + len(placeholder(one.type)))
        text_starts.append(one.end)
    new: list[Found] = []
    for one in _settle(shown, own):
        piece = bisect_right(shown_starts, one.start) - 1
        shift = text_starts[piece] - shown_starts[piece]
        new.append(Found(one.type, one.start + shift, one.end + shift))
    return new


def _settle(text: str, own: Redaction) -> list[Found]:
    """Return candidates that neither overlap each other nor a placeholder, in their order.

    What is kept nowhere wins over what an expert may need: a key in an internal address is a key.
    Then the longest of those that overlap wins, and of equally long ones the most specific type.
    """
    candidates = list(_candidates(text, own))
    if not candidates:
        return []
    candidates.sort(
        key=lambda f: (
            not is_secret(f.type),
            f.start - f.end,
            SENSITIVE_TYPES.index(f.type),
            f.start,
        )
    )
    taken = bytearray(len(text))
    for match in PLACEHOLDER.finditer(text):
        taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return sorted(_free(candidates, taken), key=lambda found: found.start)


def _free(candidates: Iterable[Found], taken: bytearray) -> Iterable[Found]:
    for one in candidates:
        if one.start < one.end and not taken.find(1, one.start, one.end) >= 0:
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            yield one
