"""A name that a forum person chose -> how others see them, apart from hash, account and company.

In: a keyed hash and a name, or keyed hashes. Out: faces: a chosen name, standing, how many their
answers helped; the company only of those who show it. Nobody who chose no name has a face.
Not here: who the person is (crypto.persons), keeping names and votes (store).
"""

import re
import secrets
import unicodedata
from collections.abc import Collection, Mapping
from datetime import datetime

from triage import store
from triage.crypto.persons import HashPerson
from triage.errors import BadField, NameTaken, NoProfile
from triage.records import Face, Standing
from triage.redaction import Redaction
from triage.text import redact

_FIELD = "display_name"
_SHORTEST, _LONGEST = 2, 40
# Letters and digits of any script, and what joins them in names.
_NAME = re.compile(r"[\w.'’ -]+")
# Nobody outside shall seem to speak for the vendor.
_OFFICIAL = re.compile(
    r"\b(?:staff|support|admin\w*|moderator\w*|official|system|helpdesk|service ?desk|security"
    r"|personal(?:en)?|kundtjänst\w*|kundeservice\w*|kundesupport\w*|medarbejder\w*|ansatt\w*"
    r"|asiakaspalvelu\w*|henkilökunta\w*|ylläpi\w*|mitarbeiter\w*|kundendienst\w*|kundenservice)\b",
    re.I,
)
# What looks alike in most typefaces.
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s"})
# How many people somebody's answers have to have helped for each standing.
STEPS: Mapping[Standing, int] = {
    Standing.LEADING: 50,
    Standing.TRUSTED: 10,
    Standing.HELPING: 1,
    Standing.NEW: 0,
}


def choose_name(
    c: store.Connection,
    forum_id: int,
    person: str,
    name: str,
    *,
    company_shown: bool,
    redaction: Redaction,
    hash_person: HashPerson,
    at: datetime,
) -> None:
    """Have somebody be known by a name from now on. Raises BadField and NameTaken."""
    chosen = checked_name(name, redaction)
    if person in {hash_person(form) for form in (name, chosen, chosen.lower(), chosen.casefold())}:
        raise BadField(_FIELD, "is the name that the forum knows you by; choose another")
    key = name_key(chosen)
    if store.name_is_taken(c, forum_id, key, person):
        raise NameTaken
    profile_id = f"m_{secrets.token_hex(8)}"
    row = store.ProfileRow(person, profile_id, chosen, key, company_shown, at, at)
    store.put_profile(c, forum_id, row)


def checked_name(name: str, redaction: Redaction) -> str:
    """Return a name as it is kept. Raises BadField for one that tells too much or misleads."""
    chosen = " ".join(unicodedata.normalize("NFKC", name).split())
    if not _SHORTEST <= len(chosen) <= _LONGEST:
        raise BadField(_FIELD, f"needs {_SHORTEST} to {_LONGEST} characters")
    if not _NAME.fullmatch(chosen) or len(name_key(chosen)) < _SHORTEST:
        raise BadField(_FIELD, "takes letters, digits, spaces, and . ' - _ between them")
    if len(_scripts(chosen)) > 1:
        raise BadField(_FIELD, "mixes letters of several scripts, which look alike")
    if _OFFICIAL.search(chosen.replace("_", " ").replace(".", " ")):
        raise BadField(_FIELD, "sounds as if you spoke for the staff")
    if redact(chosen, redaction).found:
        raise BadField(_FIELD, "holds an address, a number or a company; choose another")
    return chosen


def name_key(name: str) -> str:
    """Return what two names that look the same have in common."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum()).translate(_ALIKE)


def faces(
    c: store.Connection, forum_id: int, persons: Collection[str | None]
) -> Mapping[str, Face]:
    """Return how others see these persons; those who chose no name are left out."""
    rows = store.profiles_of(c, forum_id, {person for person in persons if person is not None})
    if not rows:
        return {}
    credit = store.credits_of(c, forum_id, rows.keys())
    open_ones = [person for person, row in rows.items() if row.company_shown]
    companies = store.companies_of(c, forum_id, open_ones)
    none = store.Credit()
    return {
        person: _face(row, credit.get(person, none), companies.get(person))
        for person, row in rows.items()
    }


def face_of(c: store.Connection, forum_id: int, person: str) -> Face | None:
    """Return how others see somebody, or None who chose no name."""
    return faces(c, forum_id, [person]).get(person)


def face_by_id(c: store.Connection, forum_id: int, profile_id: str) -> Face:
    """Return whom a profile shows. Raises NoProfile."""
    row = store.profile_of_id(c, forum_id, profile_id)
    found = face_of(c, forum_id, row.person) if row is not None else None
    if found is None:
        raise NoProfile
    return found


def standing_of(helped: int) -> Standing:
    """Return the standing of somebody whose answers helped so many people."""
    return next(standing for standing, least in STEPS.items() if helped >= least)


def _face(row: store.ProfileRow, credit: store.Credit, company: str | None) -> Face:
    # An accepted answer helped whoever asked; they seldom vote for it as well.
    helped = credit.helped + credit.accepted
    return Face(
        profile_id=row.id,
        display_name=row.display_name,
        standing=standing_of(helped),
        staff=credit.staff,
        answers=credit.answers,
        accepted=credit.accepted,
        helped=helped,
        company=company,
    )


def _scripts(name: str) -> set[str]:
    """Return the scripts of a name's letters, as the names of their characters begin."""
    return {unicodedata.name(letter, "").split(" ")[0] for letter in name if letter.isalpha()}
