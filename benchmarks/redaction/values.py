"""Values of every sensitive type, drawn at random; no value stands in a file.

In: a random source. Out: a value as people write it, of a kind named in KINDS. Check digits come
from python-stdnum, number plans from phonenumbers.
Not here: the words around a value (seen, blind).
"""

import base64
import string
from collections.abc import Callable, Mapping
from random import Random

from benchmarks.redaction.business import BUSINESS
from benchmarks.redaction.numbers import NUMBERS

Kind = Callable[[Random], str]

_MIXED = string.ascii_letters + string.digits
_SIGNS = "!#%&*+-=?_$"
_WORDS = (
    "Sommar Vinter Kissa Hemmelig Solskinn Kaffe Fotball Summer Winter Dragon Monkey Hund Schatz"
    " Passwort Kennwort Velkommen Welcome Talvi Kesa Banan Geheim Oktober Fisk Regnbue"
).split()
_PLAIN = "oslo kvarn lampa regn solvind mustikka apfel wolke harbour velvet marble trumpet".split()


def _pick(rng: Random, alphabet: str, length: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(length))


def _strong(rng: Random) -> str:
    while True:
        value = rng.choice(_MIXED) + _pick(rng, _MIXED + _SIGNS, rng.randint(9, 15))
        value = value[:-1] + rng.choice(_MIXED)
        if any(c.isdigit() for c in value) and any(c in _SIGNS for c in value):
            return value


def _wordy(rng: Random) -> str:
    ends = (str(rng.randint(1, 99)), str(rng.randint(2019, 2026)), f"{rng.randint(10, 999)}!")
    return rng.choice(_WORDS) + rng.choice(ends)


def _phrase(rng: Random) -> str:
    return "-".join(rng.sample(_PLAIN, 4))


def _plain(rng: Random) -> str:
    return rng.choice(_PLAIN)


def _base64(rng: Random, size: int) -> str:
    return base64.b64encode(rng.randbytes(size)).decode()


def _url64(rng: Random, size: int) -> str:
    return base64.urlsafe_b64encode(rng.randbytes(size)).decode().rstrip("=")


def _jwt(rng: Random) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    body = (
        f'{{"sub":"{rng.randint(1000, 99999)}","name":"x","iat":{rng.randint(10**9, 2 * 10**9)}}}'
    )
    return (
        f"{head}.{base64.urlsafe_b64encode(body.encode()).decode().rstrip('=')}.{_url64(rng, 32)}"
    )


def _pem(rng: Random, name: str) -> str:
    body = "\n".join(_base64(rng, 48) for _ in range(rng.randint(3, 6)))
    return f"-----BEGIN {name}PRIVATE KEY-----\n{body}\n-----END {name}PRIVATE KEY-----"


def _uuid(rng: Random) -> str:
    return "-".join(_pick(rng, "0123456789abcdef", n) for n in (8, 4, 4, 4, 12))


def _issued(prefix: str, alphabet: str, *lengths: int) -> Kind:
    return lambda rng: prefix + _pick(rng, alphabet, rng.choice(lengths))


_HEX = "0123456789abcdef"
_UPPER = string.ascii_uppercase + string.digits
_KEYS: Mapping[str, Kind] = {
    "github": _issued("ghp_", _MIXED, 36),
    "github_fine": lambda r: f"github_pat_{_pick(r, _MIXED, 22)}_{_pick(r, _MIXED, 59)}",
    "gitlab": _issued("glpat-", _MIXED + "_-", 20),
    "slack": lambda r: (
        f"xoxb-{r.randint(10**11, 10**12)}-{r.randint(10**12, 10**13)}-" + _pick(r, _MIXED, 24)
    ),
    "slack_hook": lambda r: f"T{_pick(r, _UPPER, 8)}/B{_pick(r, _UPPER, 8)}/{_pick(r, _MIXED, 24)}",
    "stripe": _issued("sk_" + "live_", _MIXED, 24, 99),
    "aws_id": _issued("AKIA", string.ascii_uppercase + "234567", 16),
    "aws_secret": lambda r: _base64(r, 30),
    "google": _issued("AIza", _MIXED + "_-", 35),
    "google_oauth": _issued("GOCSPX-", _MIXED + "_-", 28),
    "openai": _issued("sk-", _MIXED, 48),
    "openai_project": _issued("sk-proj-", _MIXED + "_-", 74, 120),
    "anthropic": _issued("sk-ant-api03-", _MIXED + "_-", 95),
    "sendgrid": lambda r: f"SG.{_url64(r, 16)}.{_url64(r, 32)}",
    "twilio": _issued("SK", _HEX, 32),
    "azure_account": lambda r: _base64(r, 64),
    "azure_sig": lambda r: _base64(r, 32).replace("/", "%2F").replace("+", "%2B")[:-1] + "%3D",
    "azure_secret": lambda r: f"{_pick(r, _MIXED, 3)}8Q~{_pick(r, _MIXED + '_.~-', 34)}",
    "npm": _issued("npm_", _MIXED, 36),
    "pypi": lambda r: "pypi-AgEIcHlwaS5vcmc" + _url64(r, 100),
    "huggingface": _issued("hf_", string.ascii_letters, 34),
    "digitalocean": _issued("dop_v1_", _HEX, 64),
    "shopify": _issued("shpat_", _HEX, 32),
    "mailgun": _issued("key-", _HEX, 32),
    "telegram": lambda r: f"{r.randint(10**8, 10**10)}:AA{_pick(r, _MIXED + '_-', 33)}",
    "databricks": _issued("dapi", _HEX, 32),
    "docker": _issued("dckr_pat_", _MIXED + "_-", 27),
    "vault": _issued("hvs.", _MIXED, 24, 90),
    "grafana": lambda r: f"glsa_{_pick(r, _MIXED, 32)}_{_pick(r, _HEX, 8)}",
    "atlassian": lambda r: "ATATT3xFfGF0" + _url64(r, 120),
    "new_relic": _issued("NRAK-", _UPPER, 27),
    "linear": _issued("lin_api_", _MIXED, 40),
    "postman": lambda r: f"PMAK-{_pick(r, _HEX, 24)}-{_pick(r, _HEX, 34)}",
    "hex32": _issued("", _HEX, 32),
    "hex40": _issued("", _HEX, 40),
    "hex64": _issued("", _HEX, 64),
    "letters20": _issued("", string.ascii_lowercase, 20),
    "mixed24": _issued("", _MIXED, 24),
    "mixed40": _issued("", _MIXED, 40),
    "uuid": _uuid,
    "jwt": _jwt,
    "basic": lambda r: base64.b64encode(f"{r.choice(_PLAIN)}:{_wordy(r)}".encode()).decode(),
    "pem_rsa": lambda r: _pem(r, "RSA "),
    "pem_openssh": lambda r: _pem(r, "OPENSSH "),
    "pem_ec": lambda r: _pem(r, "EC "),
    "pem": lambda r: _pem(r, ""),
    "kube": lambda r: _base64(r, 300),
}


def _groups(rng: Random, count: int, size: int) -> str:
    return "-".join(_pick(rng, "BCDFGHJKMPQRTVWXY2346789", size) for _ in range(count))


_LICENCES: Mapping[str, Kind] = {
    "windows": lambda r: _groups(r, 5, 5),
    "fours": lambda r: _groups(r, 4, 4),
    "sixes": lambda r: _groups(r, 4, 6),
    "digits": lambda r: "-".join(str(r.randint(1000, 9999)) for _ in range(6)),
    "spaced": lambda r: _groups(r, 5, 5).replace("-", " "),
    "compact": lambda r: _pick(r, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789", 25),
    "jetbrains": lambda r: _pick(r, _UPPER, 10) + "-" + _base64(r, 60),
    "uuid": _uuid,
    "prefixed": lambda r: "KVB-" + _groups(r, 3, 5),
}

_PASSWORDS: Mapping[str, Kind] = {
    "strong": _strong,
    "wordy": _wordy,
    "phrase": _phrase,
    "plain": _plain,
    "pin": lambda r: f"{r.randint(0, 9999):04d}",
    "code6": lambda r: f"{r.randint(0, 999999):06d}",
    "url": lambda r: _pick(r, _MIXED, 12),
}

# Kind -> (type, how it is drawn). A kind is written `<<type.kind>>` in a format.
KINDS: Mapping[str, tuple[str, Kind]] = {
    f"{type_}.{name}": (type_, kind)
    for type_, kinds in {
        "password": _PASSWORDS,
        "key": _KEYS,
        "licence": _LICENCES,
        **NUMBERS,
        **BUSINESS,
    }.items()
    for name, kind in kinds.items()
}
