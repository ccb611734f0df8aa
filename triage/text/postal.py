"""Where people live and goods go: postal addresses by how six languages name their streets.

In: the text of a view. Out: candidates.
Not here: names of people, which cannot be told from other words by their form.
"""

import re
from collections.abc import Iterator

from triage.text.candidates import Found

_CAP = r"[A-ZÅÄÖÆØÜÉ]"
_NUMBER = (
    r"[1-9]\d{0,3}(?! ?(?:%|€|kr|GB|MB|KB|TB|st\b|stk|pcs|px|ms|min|Uhr|kl\b))"
    r"(?: ?[A-Za-z]\b(?: \d{1,3}\b)?)?"
)
_FLOOR = (
    r"(?:,? (?:\d{1,2}\.? ?(?:tv|th|mf|tr|sal|etg?|og|OG|vån|krs)\b\.?(?: ?(?:tv|th|mf)\b\.?)?"
    r"|lgh \d{1,4}|as\.? ?\d{1,3}|[A-Z] \d{1,3}\b|bst\.? ?\d{1,3}))?"
)
_POSTCODE = r"(?:(?:[A-Z]{1,2}-)?(?:\d{3} ?\d{2}|\d{4}))"
_CITY = rf"{_CAP}[\w.-]{{1,30}}(?: (?:{_CAP}{{1,2}}\b|{_CAP}[\w-]{{2,20}}))?"
_PLACE = rf",?[ \n]{{1,2}}{_POSTCODE},? {_CITY}"

# Words that nothing but a street ends with.
_STREETS = (
    r"gatan|gränd|gränden|allén|stigen|backen|esplanaden|veien|vegen|gaten|svingen|bakken"
    r"|gade|gaden|stræde|boulevard|boulevarden|katu|kuja|polku|bulevardi|esplanadi|puistotie"
    r"|straße|strasse|str\.|gasse|chaussee|damm"
)
# Words that end with one of these may be anything: only with postcode and town.
_PERHAPS = (
    r"vägen|väg|torget|torg|plan|platsen|vej|vejen|vei|veg|gata|gate|plass|plassen|allé|alle|plads"
    r"|torv|tie|tori|kaari|ranta|väylä|raitti|rinne|weg|platz|allee|ring|ufer|park|markt|hof|steig"
)
_WORDS = rf"(?:{_CAP}[\w'.-]{{1,20}} ){{0,2}}"
_SURE = re.compile(
    rf"(?<![\w-])(?:{_WORDS}{_CAP}[\w-]{{1,25}}(?:{_STREETS})"
    rf"|{_CAP}[\w'-]{{1,20}}(?: {_CAP}[\w'-]{{1,20}})?s? (?:gate|gata|vei|veg|vej|gade|allé|Straße)"
    rf"|(?:Am|An der|Im|Zum|Zur|Auf der) {_CAP}[\w-]{{2,25}}(?:weg|ring|platz|allee|ufer))"
    rf" {_NUMBER}{_FLOOR}(?:{_PLACE})?"
)
_PLACED = re.compile(
    rf"(?<![\w-]){_WORDS}{_CAP}?[\w-]{{1,25}}(?:{_PERHAPS}"
    rf"|{_PERHAPS.title()}) {_NUMBER}{_FLOOR}{_PLACE}",
)
_WAY = re.compile(rf"(?<![\w-]){_CAP}[\w-]{{2,20}}(?:vägen|vej|vejen|weg) {_NUMBER}(?![\w.,:]\d)")
_BOX = re.compile(
    rf"(?<![\w-])(?:(?:Box|Postboks|Postbox|Postfach|PL|PB|P\.? ?O\.? ?Box) \d{{1,6}})"
    rf"(?: {_CAP}[\w-]{{2,20}})?{_PLACE}"
)
_ENGLISH = re.compile(
    rf"(?<![\w.,-])(?:(?:Flat|Unit|Suite|Apt\.?) \w{{1,5}},? )?\d{{1,5}}[A-Za-z]?,? "
    rf"(?:{_CAP}[\w'.-]{{1,20}} ){{1,3}}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Court|Boulevard|Blvd|Way|Place|Square"
    r"|Terrace|Close|Crescent|Gardens|Mews|Row|Parkway|Highway)\b\.?"
    rf"(?:,? (?:Flat|Unit|Suite|Apt\.?|Floor|#) ?\w{{1,5}})?"
    rf"(?:,?[ \n]{{1,2}}{_CAP}[\w-]{{1,25}}(?: {_CAP}[a-z-]{{2,20}}){{0,2}})?"
    r"(?:,?[ \n]{1,2}(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{2} \d{5}(?:-\d{4})?|\d{5})\b)?"
)
_DIGIT = re.compile(r"[0-9]")


def addresses_in(text: str) -> Iterator[Found]:
    """Find street and number, with floor, postcode and town where they follow; and boxes."""
    if _DIGIT.search(text) is None:
        return
    for pattern in (_SURE, _PLACED, _WAY, _BOX, _ENGLISH):
        for match in pattern.finditer(text):
            yield Found("address", match.start(), match.end())
