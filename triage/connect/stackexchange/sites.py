"""The name of a site -> its address.

In: `--site`, or the name of the file or folder of a dump. Out: a host, such as
`ai.stackexchange.com`.
Not here: what the site's dump holds (tables, questions).
"""

import re
from pathlib import Path

from triage.errors import BadFile

# The sites that are no part of another's address.
_OWN = {
    "stackoverflow": "stackoverflow.com",
    "superuser": "superuser.com",
    "serverfault": "serverfault.com",
    "askubuntu": "askubuntu.com",
    "stackapps": "stackapps.com",
    "mathoverflow": "mathoverflow.net",
}
_HOST = re.compile(r"(?=.{1,100}\Z)[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)+")
_WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_PART = re.compile(r"-(?:posts|users|postlinks|comments)\Z")


def site_of(path: Path, named: str | None) -> str:
    """Return the host of a site, by its name or as the dump's own name says it. Raises BadFile."""
    if named is not None:
        name = re.sub(r"^https?://|/.*$", "", named.strip().lower())
        if _HOST.fullmatch(name):
            return name
        if _WORD.fullmatch(name):
            return _OWN.get(name, f"{name}.stackexchange.com")
        raise BadFile(path, f"{named!r} is no name of a site, such as superuser.com")
    name = path.resolve().name.lower()
    name = _PART.sub("", name.removesuffix(".7z"))
    if _HOST.fullmatch(name):
        return name
    if name in _OWN:
        return _OWN[name]
    raise BadFile(path, "its name is not that of a site; say which it is (`--site superuser.com`)")
