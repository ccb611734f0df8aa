"""The settings of a process: what is named in the environment, checked, and what follows from it.

In: environment variables TRIAGE_*. Out: one frozen value. Rooms are given values and never look
here.
Not here: names, defaults and meanings (named).
"""

import os
import secrets
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path

from pydantic import ValidationInfo, field_validator, model_validator

from triage.crypto.signing import Signer, audit_signer, bundle_signer, erasure_signer
from triage.mailing import MailServer, mail_server
from triage.outbound import Allowed, read_allowed
from triage.redaction import Redaction, customer_templates, domains, read_redaction
from triage.retention import Retention, parse_retention
from triage.settings.named import ROOT, Named

__all__ = ["ROOT", "Settings"]


class Settings(Named):
    """The settings of one process."""

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in value.split(",") if value else ():
            ip_network(part.strip(), strict=False)
        return value

    @field_validator("outbound_allowed")
    @classmethod
    def _check_outbound(cls, value: str) -> str:
        read_allowed(value)
        return value

    @property
    def outbound(self) -> Allowed:
        """Where anything may be sent from here."""
        return read_allowed(self.outbound_allowed)

    @model_validator(mode="after")
    def _check_mail(self) -> "Settings":
        try:
            mail_server(self.smtp_url, self.smtp_from)
        except ValueError as error:
            raise ValueError(f"TRIAGE_SMTP_URL {error}") from error
        return self

    @property
    def mail(self) -> MailServer | None:
        """What sends e-mail, None where nothing does."""
        return mail_server(self.smtp_url, self.smtp_from)

    @model_validator(mode="after")
    def _check_company(self) -> "Settings":
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("TRIAGE_OIDC_ISSUER needs TRIAGE_OIDC_CLIENT_ID beside it")
        # Without it the address to come back to would be of whoever wrote the `Host` header.
        if self.oidc_issuer.startswith("https://") and not self.public_url:
            raise ValueError("TRIAGE_OIDC_ISSUER needs TRIAGE_PUBLIC_URL beside it")
        return self

    @field_validator("retention")
    @classmethod
    def _check_retention(cls, value: str) -> str:
        parse_retention(value)
        return value

    @property
    def kept(self) -> Retention:
        """How long each class of what is kept is kept."""
        return parse_retention(self.retention)

    @property
    def usual_holdout(self) -> float:
        """To which share of those who ask nothing is suggested, where the forum says nothing else.

        To nobody of a demo: who tries it would take an empty page for a fault.
        """
        return 0.0 if self.demo else self.holdout

    @property
    def erasures(self) -> Path:
        """The file that says once more who was erased."""
        return self.data_dir / "erasures.jsonl"

    @property
    def erasure_signer(self) -> Signer:
        """What signs that file."""
        return erasure_signer(self.person_key)

    @field_validator("customer_numbers", "internal_domains", "public_domains")
    @classmethod
    def _check_redaction(cls, value: str, info: ValidationInfo) -> str:
        (customer_templates if info.field_name == "customer_numbers" else domains)(value)
        return value

    @property
    def redaction(self) -> Redaction:
        """What is taken out of texts here besides what is taken out everywhere."""
        return read_redaction(self.customer_numbers, self.internal_domains, self.public_domains)

    @property
    def encoder_prompts(self) -> dict[str, str]:
        """The two prompts by the role of a text."""
        return {"query": self.encoder_query_prompt, "passage": self.encoder_passage_prompt}

    @property
    def store_url(self) -> str:
        """Where the store is."""
        return self.database_url or f"sqlite:///{self.data_dir / 'triage.db'}"

    @property
    def snapshots(self) -> Path | None:
        """Where snapshots of indexes are kept; None: nowhere."""
        if self.index_dir == "none":
            return None
        return Path(self.index_dir) if self.index_dir else self.data_dir / "index"

    def environment(self, **others: str) -> dict[str, str]:
        """Return the environment that gives a child process these settings, and `others`."""
        ours = {f"TRIAGE_{name.upper()}": str(value) for name, value in self.model_dump().items()}
        return {**os.environ, **ours, **others}

    @cached_property
    def person_key(self) -> bytes:
        """The installation key; made and kept on first use."""
        if self.installation_key:
            return self.installation_key.encode()
        path = self.data_dir / "installation.key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            self._make_key(path)
        return bytes.fromhex(path.read_text(encoding="ascii").strip())

    @property
    def signer(self) -> Signer:
        """What signs this installation's bundles."""
        return bundle_signer(self.person_key)

    @property
    def audit_signer(self) -> Signer:
        """What signs the audit logs that leave this installation."""
        return audit_signer(self.person_key)

    @staticmethod
    def _make_key(path: Path) -> None:
        # Written beside and linked: of two processes that start at once, one key wins for both.
        fresh = path.with_suffix(f".{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32), encoding="ascii")
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            return
        finally:
            fresh.unlink()
