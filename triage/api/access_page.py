"""The table of who may call what -> the document that shows it.

In: the table. Out: Markdown, which `python -m triage access` prints.
Not here: the table (matrix).
"""

import re
from collections.abc import Iterator

from triage.api.matrix import MATRIX, PUBLIC, Access
from triage.records import Role

_PAGE = """# Who may call what

Made by `python -m triage access > docs/access.md`; a test compares it with the code, and others
call every endpoint as every caller.

- **browser**: a publishable key (`pk_…`), in the pages of the sites that it names, or anywhere
  outside of a browser. What it says of a person counts only with a token that the forum's server
  signed ([identity](identity.md)).
- **key**: a secret key (`sk_…`) of that role, which belongs on a server.
- **page**: somebody with that role who is signed in ([sign-in](sign-in.md)).

A caller only ever reaches their own forum. What belongs to groups is shown to leads and
administrators, and to whom the groups are vouched for. The pages of a [demo](demo.md) are not in
the table: they are there only while one is served.

"""
_HEAD = "| endpoint | browser | " + " | ".join(Role) + " |"
_CONVERTER = re.compile(r":[a-z]+(?=})")


def access_page() -> str:
    """Return the page of the documents that holds the table."""
    return _PAGE + access_table()


def access_table() -> str:
    """Return the table in Markdown: a row for each endpoint, a column for each kind of caller."""
    rule = "| --- " * (len(Role) + 2) + "|"
    return "\n".join([_HEAD, rule, *_rows()]) + "\n"


def _rows() -> Iterator[str]:
    for (method, path), access in MATRIX.items():
        shown = _CONVERTER.sub("", path)
        if access is PUBLIC:
            cells = ["everyone"] * (len(Role) + 1)
        else:
            browser = "key" if access.publishable else "–"
            cells = [browser, *(_cell(access, role) for role in Role)]
        yield f"| `{method} {shown}` | {' | '.join(cells)} |"


def _cell(access: Access, role: Role) -> str:
    if role not in access.roles:
        return "–"
    doors = [name for name, opens in (("key", access.keys), ("page", access.pages)) if opens]
    return ", ".join(doors)
