"""Every setting: its name, default and meaning. The one reader of the environment.

In: environment variables TRIAGE_*. Out: one frozen value. docs/settings.md repeats the table and
a test keeps the two equal.
Not here: what follows from them (Settings).
"""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent.parent
_RATE = "[1-9][0-9]*/(second|minute|hour|day)"
_RATES = f"^({_RATE}(,{_RATE})*)?$"


class Named(BaseSettings):
    """What is named TRIAGE_…, as it is written; `Settings` is what is made of it."""

    model_config = SettingsConfigDict(env_prefix="TRIAGE_", frozen=True, extra="ignore")

    data_dir: Path = Field(
        ROOT / "data" / "local",
        description="Folder of the local database and the installation key.",
    )
    database_url: str = Field(
        "", description="SQLAlchemy URL of the store; empty: `triage.db` in TRIAGE_DATA_DIR."
    )
    models_dir: Path = Field(ROOT / "models", description="Folder of the bundles, one per forum.")
    index_dir: str = Field(
        "",
        description="Folder of the snapshots of the index, one folder per forum: what a start opens"
        " instead of building it anew. Empty: `index` in TRIAGE_DATA_DIR; `none`: nothing of it is"
        " written to disk. No backup needs it.",
    )
    encoder: str = Field(
        "shipped",
        description="`shipped` (six languages), `all-MiniLM-L6-v2` (English), the folder of a"
        " sentence-transformers model or of an encoder built like the shipped one, the hub name"
        " (`owner/name`) of a model in the local hub cache, `hashing` (tests), or `none` for"
        " lexical search only. Nothing is downloaded.",
    )
    encoder_query_prompt: str = Field(
        "",
        description="What a model named by folder or hub name wants before every question, such as"
        " `query: `; used where its own configuration has no prompts.",
    )
    encoder_passage_prompt: str = Field(
        "", description="The same before every thread and answer, such as `passage: `."
    )
    reencode: Literal["auto", "manual"] = Field(
        "auto",
        description="When a forum is served with another encoder than TRIAGE_ENCODER: `auto`, the"
        " server starts a process that encodes it anew; `manual`, `python -m triage encode` does.",
    )
    encoder_threads: int = Field(
        1, ge=1, le=64, description="Threads one encode may use while serving."
    )
    training_threads: int = Field(
        2, ge=1, le=64, description="Threads that ingest, evaluate and train.py may use to encode."
    )
    risk: float = Field(
        0.10,
        gt=0.0,
        lt=0.5,
        description="Largest share of wrong suggestions among those shown that train.py may accept"
        " when it chooses from which probability on something is shown; between 0 and 0.5. Less"
        " shows less.",
    )
    precision: str = Field(
        "0.8",
        description="Of every label of a head, how many must be right where it does not abstain,"
        " from 0 to 1: one share for all heads, `0.8`, or some of their own,"
        " `0.8,kind=0.95,topic=0.9`. train.py chooses from which confidence on each label"
        " speaks so that this holds, and has it abstain where it cannot be shown. More"
        " speaks less.",
    )
    usual_days: float = Field(
        0.0,
        ge=0.0,
        le=3650.0,
        description="Days within which a community usually resolves a question, for the"
        " difficulty of cases whose difficulty was not filed; 0: read off the forum's"
        " own cases.",
    )
    forum: str = Field("demo", description="The forum of commands that are given no `--forum`.")
    demo: bool = Field(
        False,
        description="Serves a forum at `/` on which everything can be tried, with made-up persons"
        " that anybody can be without a password ([demo](demo.md)). Only on this machine itself:"
        " with another `TRIAGE_HOST`, `TRIAGE_PUBLIC_URL` or with `TRIAGE_TRUSTED_PROXIES` the"
        " server does not start.",
    )
    host: str = Field("127.0.0.1", description="Address that serve.py listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that serve.py listens on.")
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$",
        description="Address at which browsers reach this server, such as "
        "`https://triage.example.com`; empty: whatever they name. With `https` the "
        "cookie of a session is secure, and links and company sign-in need it.",
    )
    session_idle_hours: int = Field(
        8,
        ge=1,
        le=720,
        description="Hours after which a page that is not used has its user sign in anew.",
    )
    session_days: int = Field(
        7, ge=1, le=90, description="Days after which a user signs in anew, however busy."
    )
    oidc_issuer: str = Field(
        "",
        description="Issuer of a company's own sign-in (OpenID Connect), such as "
        "`https://login.example.com/realm`; empty: there is none.",
    )
    oidc_client_id: str = Field("", description="The name by which that issuer knows this server.")
    oidc_client_secret: str = Field(
        "", description="The secret that goes with it; empty for a public client."
    )
    oidc_name: str = Field(
        "", description="What the button of company sign-in calls it; empty: the issuer's host."
    )
    operator: str = Field("", description="Who runs this installation, as `/trust` says it.")
    contact: str = Field(
        "",
        description="Where to ask about data and report weaknesses: an e-mail address or an `https`"
        " address, as `/trust` says it.",
    )
    data_location: str = Field(
        "", description="Where the data lies, such as `Stockholm, Sweden`, as `/trust` says it."
    )
    processors: str = Field(
        "",
        description="Who else processes data, and what for, separated by `;`, as `/trust` says it; "
        "`none` where there is nobody.",
    )
    disk_encryption: str = Field(
        "", description="How the disks below the store are encrypted, as `/trust` says it."
    )
    installation_key: str = Field(
        "",
        description="Secret (at least 32 characters) behind the keyed hashes of persons and the"
        " signatures of models; empty: made once and kept in `installation.key` in"
        " TRIAGE_DATA_DIR. Losing or changing it means that returning persons are no longer"
        " recognised and that no model is opened until `python -m triage models trust` has signed"
        " it anew.",
    )
    max_body_bytes: int = Field(262_144, ge=1024, description="Largest body of a triage call.")
    max_batch_bytes: int = Field(
        16_777_216, ge=1024, description="Largest body of a call that sends threads or events."
    )
    max_batch_threads: int = Field(500, ge=1, description="Most threads in one batch call.")
    max_batch_events: int = Field(1000, ge=1, description="Most events in one call.")
    holdout: float = Field(
        0.05, ge=0.0, le=0.5, description="Share of askers to whom nothing is suggested; 0: nobody."
    )
    ask_window_minutes: int = Field(
        30, ge=1, description="Calls of one session within this time belong to one ask."
    )
    visitor_minutes: int = Field(
        60, ge=1, le=60, description="Longest life of a token that a forum's server signs."
    )
    rate_address: str = Field(
        "600/minute",
        pattern=_RATES,
        description="Most calls from one address that bring no secret key, as `600/minute` or"
        " `20/second,600/minute`; empty: any number. Health is never counted.",
    )
    rate_key: str = Field(
        "30000/minute", pattern=_RATES, description="Most calls with one key, whoever brings it."
    )
    rate_session: str = Field(
        "120/minute",
        pattern=_RATES,
        description="Most triages of one visitor or session with a publishable key.",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses or networks of the proxies in front of the server, separated by"
        " commas, such as `127.0.0.1,10.0.0.0/8`. Only what they say in X-Forwarded-For and"
        " X-Forwarded-Proto is believed; of others the socket's address counts.",
    )
    outbound_allowed: str = Field(
        "",
        description="Where things may be sent besides public addresses with `https`: networks,"
        " addresses and hosts, separated by commas, such as `10.0.0.0/8,forum.intern:8443`; with"
        " these `http` is taken as well ([channels](channels.md#where-anything-may-be-sent)).",
    )
    smtp_url: str = Field(
        "",
        description="The company's mail server, as `smtp://user:password@host:587?starttls` or"
        " `smtps://user:password@host`; empty: no e-mail is sent ([e-mail](channels.md#e-mail)).",
    )
    smtp_from: str = Field(
        "", description="From whom that e-mail is, such as `Support <help@example.com>`."
    )
    retention: str = Field(
        "",
        description="How many days what is kept is kept, where it is not as usual, such as"
        " `asks=180,originals=14,cases=1825`: the classes and their usual days are in"
        " [privacy](privacy.md#how-long). `never` keeps a class until somebody removes it,"
        " `originals=0` keeps none.",
    )
    customer_numbers: str = Field(
        "",
        description="What customer numbers look like, separated by commas, to be taken out of"
        " questions: `#` is a digit, `@` a letter, all else itself, as in `K-#####,@@##-####`.",
    )
    internal_domains: str = Field(
        "",
        description="Domains of hosts that are business secrets, separated by commas, such as"
        " `corp.example.com`; everything below one is meant as well.",
    )
    public_domains: str = Field(
        "", description="Domains that are never taken for internal ones, whatever they are called."
    )
    follow_up_share: float = Field(
        0.2, ge=0.0, le=1.0, description="Share of silent and answered asks asked once more."
    )
    reviews_per_day: int = Field(
        25, ge=1, le=500, description="Most items that the review queue is given a day."
    )
    reviews_random: int = Field(
        8,
        ge=0,
        le=500,
        description="How many of these are drawn by lot: they alone tell how often the model is"
        " right ([review](review.md)).",
    )
    log_level: str = Field("info", description="`debug`, `info`, `warning` or `error`.")
