"""Language codes: `sv-SE` is `sv`, and Norwegian without a written form, and Nynorsk, are `nb`.

In: what people and files write. Out: a primary subtag, lower case, or None when it is no code.
"""

import re

UNKNOWN = "und"
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8}){0,4}")
_SAME_AS = {"no": "nb", "nn": "nb"}


def language_code(given: str | None) -> str | None:
    """Return the language of a BCP-47 code; None if there is none or it is no such code."""
    match = _CODE.fullmatch(given.strip().lower()) if given else None
    if match is None or match[1] == UNKNOWN:
        return None
    return _SAME_AS.get(match[1], match[1])
