"""Customer numbers, in the forms that the installation names.

In: the text of a view, templates in which `#` is a digit and `@` a letter. Out: candidates.
Not here: reading the templates (redaction).
"""

import functools
import re
from collections.abc import Iterable, Iterator

from triage.text.candidates import Found

_DRAWN = {"#": "[0-9]", "@": "[A-Za-z]"}
# A template of digits alone is that of every order and article too: it needs a word before it.
_WORD = (
    r"(?:(?:customer|client|account|cust|kund|kunde|kundens|asiakas|asiakkaan|konto|kd|avtal)"
    r"[\w-]{0,12}[ .:#=-]{1,4}(?:(?:nr|no|number|nummer|id|is|är|er|on|ist)\b[ .:#=-]{1,3}){0,2})"
)


@functools.lru_cache(maxsize=256)
def _pattern(template: str) -> re.Pattern[str]:
    form = "".join(_DRAWN.get(c) or re.escape(c) for c in template)
    loose = not any(c.isalnum() or c == "@" for c in template)
    before = _WORD if loose else ""
    return re.compile(rf"{before}(?<![\w-])(?P<number>{form})(?![\w-])", re.IGNORECASE)


def customers_in(text: str, templates: Iterable[str]) -> Iterator[Found]:
    """Find what has the form of a template."""
    for template in templates:
        for match in _pattern(template).finditer(text):
            yield Found("customer_number", *match.span("number"))
