"""What one forum's texts are redacted by, besides the rules that hold everywhere.

In: templates, domains and names, as settings and accounts give them. Out: a `Redaction`.
Not here: finding anything (text), the names of a forum's accounts (forum_redaction).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_TEMPLATE = re.compile(r"[#@A-Za-z0-9 ._/:-]{3,40}")
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}\.)*[a-z0-9-]{1,63}")


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is this installation's own.

    In a template of `customer_numbers` `#` is a digit, `@` a letter, all else itself. Hosts in
    `internal_domains` are secret, those in `public_domains` never are. `known_names` are names of
    accounts. `business` is False for texts that are public already: a published thread keeps its
    hosts and companies, which it is searched by.
    """

    customer_numbers: tuple[str, ...] = ()
    internal_domains: frozenset[str] = frozenset()
    public_domains: frozenset[str] = frozenset()
    known_names: frozenset[str] = field(default_factory=frozenset)
    business: bool = True


NO_REDACTION = Redaction()


def customer_templates(written: str) -> tuple[str, ...]:
    """Read templates with commas between them. Raises ValueError for one that says too little."""
    templates = tuple(part for part in _parts(written))
    for template in templates:
        drawn = sum(c in "#@" for c in template)
        if not _TEMPLATE.fullmatch(template) or drawn < 3 or "#" not in template:
            raise ValueError(
                f"{template!r} is no template: 3 to 40 letters, digits, spaces and . _ / : - with"
                " # for a digit and @ for a letter, three of these at least and one #",
            )
    return templates


def domains(written: str) -> frozenset[str]:
    """Read domains with commas between them. Raises ValueError for what is no domain."""
    found = frozenset(part.lower().strip(".") for part in _parts(written))
    for domain in found:
        if not _DOMAIN.fullmatch(domain):
            raise ValueError(f"{domain!r} is no domain such as corp.example.com")
    return found


def read_redaction(customer_numbers: str, internal_domains: str, public_domains: str) -> Redaction:
    """Make the value of what settings say. Raises ValueError."""
    return Redaction(
        customer_templates(customer_numbers), domains(internal_domains), domains(public_domains)
    )


def _parts(written: str) -> Iterable[str]:
    return filter(None, (part.strip() for part in written.split(",")))
