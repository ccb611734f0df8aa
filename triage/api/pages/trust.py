"""What this installation says of itself to whoever trusts it with data, off its configuration.

In: settings, the running parts. Out: `TrustReply`, of which the page is made, too. Nothing that
would help an attacker: no folders, no addresses of parts, no forums, no counts.
Not here: the page (routes.trust).
"""

from datetime import UTC, datetime
from importlib.metadata import version

from pydantic import Field

from triage.api.installation import Installation
from triage.api.schemas.triage import Told
from triage.records import LANGUAGES
from triage.settings import Settings
from triage.store.holdings.register import FIXED, HOLDINGS, Holding

NOBODY = "none"
_NAMED = frozenset({"shipped", "all-MiniLM-L6-v2", "none", "hashing"})
# A folder or a name could say what nobody outside needs to know.
_OWN_MODEL = "a model of the operator's"


class Kept(Told):
    """One kind of thing that is kept."""

    table: str
    purpose: str = Field(description="What it is kept for.")
    personal: bool = Field(description="Whether it holds persons or what they wrote.")
    days: int | None = Field(description="After so many days it is deleted; null: see `until`.")
    words_days: int | None = Field(
        description="After so many days words and persons are taken out of what stays; null: with"
        " the rest."
    )
    until: str | None = Field(
        description="Where no days are counted: `forum` (as long as it is served), `log` (as long"
        " as a backup could need it) or `removed` (by somebody)."
    )
    on_erasure: str = Field(
        description="What happens to it when a person is erased: `deleted`, `staff`"
        " (left: it holds staff alone), `kept` (the proof of it) or `nothing`."
    )


class Protection(Told):
    """How data is protected."""

    https: bool = Field(description="Whether browsers are told to come by an HTTPS address.")
    disks: str | None = Field(description="How disks are encrypted, as the operator says it.")
    sealed: str = Field(description="With what originals and visitors' secrets are sealed.")
    persons: str = Field(description="As what persons who ask are kept.")
    passwords: str = Field(description="As what passwords of staff are kept.")


class TrustReply(Told):
    """Where data lies and how it is protected. What is null, nobody has stated or recorded."""

    operator: str | None
    contact: str | None
    location: str | None
    processors: list[str] | None = Field(description="Who else processes data; empty: nobody.")
    protection: Protection
    kept: list[Kept]
    last_backup: datetime | None
    last_restore_test: datetime | None
    version: str
    database: str
    encoder: str
    languages: list[str]
    running_since: datetime
    uptime_seconds: int


def trust_of(installation: Installation, now: datetime | None = None) -> TrustReply:
    """Return what the installation says of itself."""
    ours, now = installation.settings, now or datetime.now(UTC)
    protection = Protection(
        https=ours.public_url.startswith("https://"),
        disks=ours.disk_encryption or None,
        sealed="AES-256-GCM",
        persons="HMAC-SHA-256",
        passwords="Argon2id",
    )
    return TrustReply(
        operator=ours.operator or None,
        contact=ours.contact or None,
        location=ours.data_location or None,
        processors=_processors(ours),
        protection=protection,
        kept=[_kept(holding, ours) for holding in HOLDINGS],
        last_backup=None,
        last_restore_test=None,
        version=version("triage"),
        database=installation.database().kind,
        encoder=ours.encoder if ours.encoder in _NAMED else _OWN_MODEL,
        languages=list(LANGUAGES),
        running_since=installation.started_at,
        uptime_seconds=max(0, int((now - installation.started_at).total_seconds())),
    )


def _processors(settings: Settings) -> list[str] | None:
    named = [one for one in (part.strip() for part in settings.processors.split(";")) if one]
    if [one.lower() for one in named] == [NOBODY]:
        return []
    return named or None


def _kept(holding: Holding, settings: Settings) -> Kept:
    retention, fixed = settings.kept, holding.kept in FIXED
    days = None if fixed else retention.days[holding.kept]
    until = holding.kept if fixed else None if days is not None else "removed"
    return Kept(
        table=holding.table,
        purpose=holding.purpose,
        personal=holding.personal,
        days=days,
        words_days=retention.days[holding.blanked] if holding.blanked else None,
        until=until,
        on_erasure=holding.fate.name.lower(),
    )
