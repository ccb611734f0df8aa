"""Where people can be reached: e-mail addresses and telephone numbers.

In: the text of a view. Out: candidates.
Not here: identity and card numbers (numbers), which of two overlapping candidates wins (redact).
"""

import re
from collections.abc import Iterator

import phonenumbers

from triage.text.candidates import Found

_MOST_CHECKED = 300
_LOOK_BACK = 28

_LOCAL = re.compile(r"[\w.%+'-]{1,64}\Z")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w-])")
_SPELLED = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64} ?[\[({] ?(?:at|ät|snabel-?a|krøllalfa|miukumauku) ?[\])}] ?"
    r"[\w-]{1,63}(?:(?:\.| ?[\[({] ?(?:dot|punkt|punktum|piste|prick) ?[\])}] ?)[\w-]{1,63}){1,4}",
    re.IGNORECASE,
)


def emails_in(text: str) -> Iterator[Found]:
    """Find e-mail addresses, also those spelled with (at) and (dot).

    Each `@` is looked at with a bounded stretch on either side, so that no text is slow.
    """
    for match in re.finditer("@", text):
        at = match.start()
        domain = _DOMAIN.match(text, at + 1, at + 256)
        local = domain and _LOCAL.search(text, max(0, at - 64), at)
        if not domain or not local:
            continue
        start = at - len(local.group().lstrip(".'"))
        # git@github.com:group/project is where code is, and everybody's.
        if start < at and text[start:at] != "git":
            yield Found("email", start, domain.end())
    for match in _SPELLED.finditer(text):
        yield Found("email", match.start(), match.end())


# A date, a time, a version, an amount or a code with letters has digits enough for a telephone.
_OTHER_DIGITS = re.compile(
    r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d)(?!\d)"
    r"|(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?!\d)"
    r"|(?<![\d.+])\b(?!0\d)[vV]?\d{1,3}(?:\.\d{1,5}){2,4}(?![\d.])"
    r"|\b[A-Za-z]{1,6}[-_]?\d[\w-]*"
    r"|\b\d+[A-Za-z_][\w-]*"
)
_NUMBER = re.compile(
    r"(?<![\w/#&%+-])(?<!\d[.,:])(?:\+|\(\+?)?\d(?:[ ()/.-]{0,3}\d){6,16}"
    r"(?![\w%])(?![.:/-]\d)(?!,\d{1,2}(?!\d))"
)
_PHONE_WORD = re.compile(
    r"(?:\b(?:tele(?:phone|fon|foon)?(?:nummer|number)?|tel|tlf|tfn|ph|phone(?: number)?|cell"
    r"|mob|mobil(?:e|nummer|nr|telefon)?|handy(?:nummer)?|rufnummer|puh|puhelin(?:numero)?"
    r"|numeroni|(?:my|mitt?|mein[e]?) (?:number|nummer)|nå (?:mig|meg) på|ring(?:e|er)?"
    r"(?: (?:mig|meg|mej|oss|os))?(?: på)?|call(?: me)?(?: (?:at|on))?|reach me (?:at|on)"
    r"|soita(?:kaa)?|sms|whatsapp|fax|erreich\w{1,4} (?:(?:mich|uns) )?unter)\b)"
    r"[\s.:#=-]{0,3}(?:(?:is|är|er|on|ist|nr|no|nummer|number)\b[\s.:]{0,2})?\(?\Z",
    re.IGNORECASE,
)
_OTHER_WORD = re.compile(
    r"\b(?:order|invoice|bestilling|beställning|bestellung|ordre|tilaus|faktura|rechnung|lasku"
    r"|case|ticket|ärende|sak|sag|artikel|article|item|part|kund|kunde|asiakas|customer|konto"
    r"|account|serial|serie|serien|lizenz|licen[cs]e|licens|lisens|product|produkt|batch|ref"
    r"|ocr|viite|bankgiro|plusgiro|bg|pg|org|y-tunnus|cvr|ean|gtin|isbn|build|version|id)"
    r"[\w-]{0,12}[\s.:#=-]{0,3}(?:(?:is|är|er|on|ist|nr|no|nummer|number|numero|num|id)\b"
    r"[\s.:#=-]{0,3}){0,2}\Z",
    re.IGNORECASE,
)
_NEXT_NUMBER = re.compile(r" +(?=(?:\+|\(?0)\d*(?:[ ()/.-]{0,3}\d){6})")
_DIGITS = re.compile(r"\d+")
_GROUPED_IN_PAIRS = re.compile(r"\d\d(?: \d\d){3}|\d{3} \d\d \d{3}")
_TRUNK_REGIONS = ("SE", "DE", "FI", "GB")
_PLAIN_REGIONS = ("NO", "DK")


def _blank_other_digits(text: str) -> str:
    """Return the text, as long as before, with dates, versions and codes made unreadable."""
    return _OTHER_DIGITS.sub(lambda m: "_" * len(m.group()), text)


def _regions(number: str) -> tuple[str, ...]:
    """Return the regions in which this way of writing could be a number; none: no way."""
    if number.lstrip("(").startswith(("+", "00")):
        return ("SE",)
    return _TRUNK_REGIONS if number.lstrip("(").startswith("0") else _PLAIN_REGIONS


def _is_phone(number: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _valid_length(number: str) -> int:
    """Return how many characters are a telephone number, at most; 0 if none are.

    What follows a number ("+46 70 123 45 67 24 hours") belongs to its window but not to it.
    """
    ends = [match.end() for match in _DIGITS.finditer(number)]
    for end in reversed(ends):
        part = number[:end]
        if sum(c.isdigit() for c in part) < 7:
            break
        if any(_is_phone(part, region) for region in _regions(number)):
            return end
    return 0


def _follows(pattern: re.Pattern[str], text: str, start: int) -> bool:
    """Say whether the words just before a number are those of a pattern."""
    before = text[max(0, start - _LOOK_BACK) : start]
    return before.rstrip(" .:#=-(\t")[-1:].isalpha() and pattern.search(before) is not None


def _end_of_one(text: str, start: int, end: int) -> int:
    """Return where a number ends that may run into the next one in a list."""
    for cut in _NEXT_NUMBER.finditer(text, start + 8, end + 20):
        if cut.start() < end and sum(c.isdigit() for c in text[start : cut.start()]) >= 8:
            return cut.start()
    return end


def phones_in(text: str) -> Iterator[Found]:
    """Find telephone numbers: international, national of six countries, or after a word for one.

    Eight digits without 0 or + are a Norwegian or Danish number only when grouped as one or after
    such a word. phonenumbers judges the first 300 numbers of a text; what comes after is taken
    for a telephone by its shape, because asking for each would take minutes.
    """
    if re.search(r"\d", text) is None:
        return
    digits_only = _blank_other_digits(text)
    checked = at = tail = 0
    while match := _NUMBER.search(digits_only, at):
        start = match.start()
        # Where nothing is found, the rest of what looked like one number may hold one.
        at = _DIGITS.search(digits_only, start).end()  # type: ignore[union-attr]
        is_tail, tail = start < tail, match.end()
        has_prefix = match.group().lstrip("(").startswith(("+", "0"))
        if is_tail and not has_prefix:
            continue
        end = _end_of_one(digits_only, start, match.end())
        number = digits_only[start:end]
        if number.isdigit() and _follows(_OTHER_WORD, text, start):
            continue
        if _follows(_PHONE_WORD, text, start):
            at = end
            yield Found("phone", start, at)
        elif has_prefix or _GROUPED_IN_PAIRS.fullmatch(number):
            checked += 1
            length = len(number) if checked > _MOST_CHECKED else _valid_length(number)
            if length:
                at = start + length
                yield Found("phone", start, at)
