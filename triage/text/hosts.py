"""Where a company's own machines are: internal addresses, private numbers, names of machines.

In: the text of a view, the domains that are internal or public. Out: candidates.
Not here: which names are public of themselves (hostnames), e-mail addresses (addresses).
"""

import ipaddress
import re
from collections.abc import Iterator

from triage.redaction import Redaction
from triage.text.candidates import Found
from triage.text.hostnames import (
    CODE_WORDS,
    INTERNAL_END,
    MACHINE,
    is_generic,
    is_internal,
    is_under,
)

_URL = re.compile(
    r"(?<![A-Za-z])(?P<scheme>https?|ftps?|sftp|wss?|ssh|rdp|smb|ldaps?|nfs|git|svn|tcp|amqps?|redis"
    r"|postgres(?:ql)?|mysql|mariadb|mssql|sqlserver|oracle|mongodb(?:\+srv)?|vnc|net\.tcp|cifs)://"
    r"(?:[^\s/@\"'<>]{0,200}@)?(?P<host>\[[0-9a-fA-F:.]{2,45}\]|[\w-][\w.-]{0,252})"
    r"(?P<rest>(?::\d{1,5})?(?:[/?#][^\s\"'<>\[\]|\\^`{}]{0,2000})?)"
)
_NAME = re.compile(
    r"(?<![\w.@/\\-])(?P<host>(?:[A-Za-z0-9][\w-]{0,62}\.){1,8}[A-Za-z][\w-]{1,62})"
    r"(?P<port>:\d{2,5}(?!\d))?(?![\w(=\[-]|\.\w|\s?=[^=])"
)
_NUMBERS = re.compile(
    r"(?<![\w.-])(?P<ip>(?:10|127|172|192|169)(?:\.\d{1,3}){3})(?:/\d{1,2}|:\d{2,5})?(?![\w-]|\.\d|\.\w)"
)
_IP_WORD = re.compile(
    r"(?<![^\W\d_])ip(?:v4)?(?:[ -]?(?:address|adress(?:en)?|adresse(?:n)?|osoite|nummer|number))?"
    r"(?:[ \t]{0,2}[:=]|[ \t]{1,2}(?:is|är|er|on|ist))?[ \t]{1,2}(?P<ip>\d{1,3}(?:\.\d{1,3}){3})"
    r"(?![\w-]|\.\d)"
)
_LOCAL_SIX = re.compile(r"(?<![\w:.])(?:f[cd][0-9a-f]{2}|fe80):[0-9a-f:]{3,36}(?![\w:])", re.I)
_VERSION_BEFORE = re.compile(
    r"(?:\b(?:v|ver|vers|versions?|versjon(?:en)?|versionen|versio|build|bygg|release|rel|update"
    r"|uppdatering|oppdatering|opdatering|päivitys|client|klient|windows|win|nt|os|driver|firmware|fw"
    r"|rev|patch|chrome|firefox|edge|safari|sdk|sp|utgåva|utgave|udgave|ausgabe|from|to|till|til)"
    r"\.?|[=~><!]=|[@^~]|\bv)[ \t:/(]{0,2}\Z",
    re.IGNORECASE,
)
_SHARE = r"[\w$åäöæøüÅÄÖÆØÜ][^\s\"'<>|:*?,;)]{0,200}"
# As it is, and as programs and JSON write it: every backslash twice.
_UNC = re.compile(
    r"(?<![\w:\\/.])(?:\\\\(?P<host>[A-Za-z][\w.-]{1,62}|\d{1,3}(?:\.\d{1,3}){3})\\" + _SHARE + ")"
    r"|(?<![\w:\\/.])(?:\\\\\\\\(?P<twice>[A-Za-z][\w.-]{1,62})\\\\" + _SHARE + ")"
)
_FILE_URL = re.compile(r"(?<![\w.:])(?:file:|smb:)?//(?P<host>[\w-]{2,62})(?=/)")
_MACHINE = re.compile(
    rf"(?<![\w.@/\\#-]){MACHINE}(?:\\[A-Za-z]\w{{1,30}})?(?![\w-])(?!\.\w{{1,4}}\b)"
)
_WORD = re.compile(
    r"(?<![^\W\d_])(?:(?:database|db|sql|web|app|application|file|mail|print|terminal|fil|databas)?-?"
    r"(?:servers?|servern|serveren|serverne|palvelin|palvelimella|palvelimen|host|hostname|hosten"
    r"|maskin(?:en)?|dator(?:n)?|rechner|computer|machine|workstation|node|noden|data source"
    r"|datasource|skrivare|printer(?:en|n)?|vm|klienten|arbetsstation|pc))"
    r"(?:[ \t]?(?:name|namn|navn|nimi)(?:et)?)?(?:[\"']?[ \t]{0,2}[=:]|[ \t]{1,2}(?:is|är|er|on|ist"
    r"|på|heter|hedder|heißt|called|named))?[ \t]{0,2}(?<=[ \t=:])[\"'`„“]?"
    r"(?P<host>[a-z][\w-]{1,40}(?:\\[a-z]\w{1,30}|,\d{4,5}|:\d{2,5})?)(?![\w(@/-]|\.\w)"
)
_AT = re.compile(
    r"(?:\bssh(?!-)|\bscp|\brsync|\bsftp|\bping|\bnslookup|\btelnet|\btracert)[^\n]{0,60}?[ @]"
    r"(?P<host>[a-z][\w-]{2,24})(?![\w.-]*\.[a-z]|\w)"
)
_NOT_A_NAME = re.compile(
    r"v?\d.*|r\d|kb\d+|sp\d|h?ttp\d?|[a-z]{1,3}\d{4}(?:r\d)?|[a-z]+(?:error|exception|timeout)\d*"
    r"|v\d+(?:-\d+)*|[0-9a-f]{8,}|x\d\d?(?:[-_]\d\d)?|.*_.*_.*|(?:x86|i\d86|arm|aarch|amd|mips|riscv|powerpc|ppc|s390|win|linux|darwin)[\w.]*(?:-.*)?|(?:iis|win|windows|http)\d{1,4}|sql20\d\d",
    re.IGNORECASE,
)


def _is_private(number: str) -> bool:
    try:
        address = ipaddress.ip_address(number)
    except ValueError:
        return False
    return address.is_private and not (address.is_loopback or address.is_unspecified)


def _documented(number: str) -> bool:
    """Say whether these are numbers that books print, masks and networks, not machines."""
    return number.startswith(("192.0.2.", "198.51.100.", "203.0.113.", "169.254.", "192.0.0."))


def _urls(text: str, own: Redaction) -> Iterator[Found]:
    """Find addresses of internal machines, from the host to the end."""
    for match in _URL.finditer(text):
        host = match["host"].lower().rstrip(".")
        numeric = host.strip("[]")
        if is_under(host, own.public_domains) or _documented(numeric):
            continue
        one_label = _is_label(match) and not is_generic(host)
        if _is_private(numeric) or one_label or is_internal(host, own.internal_domains):
            start = match.start("host") if "@" in match.group()[: match.start("host")] else 0
            tail = len(match.group().rstrip(".,;:!?)*"))
            # What signs in before the host has its own name.
            first = match.start("host") if start and _signs_in(match) else match.start()
            yield Found("host", first, max(match.start() + tail, match.end("host")))


def _is_label(match: re.Match[str]) -> bool:
    """Say whether a host is one word, and no blank in an example: http://SOME_HOST, http://{x}."""
    after = match.string[match.end() : match.end() + 1]
    return re.fullmatch(r"[A-Za-z0-9-]{3,63}", match["host"]) is not None and after not in (
        "{",
        "$",
        "%",
    )


def _signs_in(match: re.Match[str]) -> bool:
    return "@" in match.string[match.start() : match.start("host")]


def _names(text: str, own: Redaction) -> Iterator[Found]:
    for match in _NAME.finditer(text):
        host = match["host"].lower()
        if is_under(host, own.public_domains):
            continue
        if is_under(host, own.internal_domains):
            yield Found("host", match.start(), match.end())
        elif INTERNAL_END.search(host) and is_internal(host, frozenset()):
            first = host.split(".", 1)[0]
            alone = host.count(".") == 1
            telling = any(c.isdigit() or c == "-" for c in first)
            if first not in CODE_WORDS and (
                telling or not alone or host.endswith((".lan", ".corp"))
            ):
                yield Found("host", match.start(), match.end())


def _by_number(text: str) -> Iterator[Found]:
    for match in _NUMBERS.finditer(text):
        before = text[max(0, match.start() - 16) : match.start()]
        private = _is_private(match["ip"]) and not _documented(match["ip"])
        if private and not _VERSION_BEFORE.search(before):
            yield Found("host", match.start(), match.end())
    for match in _LOCAL_SIX.finditer(text):
        if match.group().count(":") >= 3:
            yield Found("host", match.start(), match.end())
    for match in _IP_WORD.finditer(text.lower()):
        try:
            address = ipaddress.ip_address(match["ip"])
        except ValueError:
            continue
        known = match["ip"] in ("8.8.8.8", "8.8.4.4", "1.1.1.1", "9.9.9.9")
        if not (address.is_loopback or address.is_unspecified or known or _documented(match["ip"])):
            yield Found("host", *match.span("ip"))


def _machines(text: str) -> Iterator[Found]:
    """Find machines by their names: what such names are made of, or a word before them."""
    for match in _MACHINE.finditer(text):
        yield Found("host", match.start(), match.end())
    lowered = text.lower()
    for pattern in (_WORD, _AT):
        for match in pattern.finditer(lowered):
            host = match["host"]
            name = re.split(r"[\\,:]", host)[0]
            digits = sum(c.isdigit() for c in name)
            telling = digits >= 2 or (digits and "-" in name) or "\\" in host
            if telling and not is_generic(name) and not _NOT_A_NAME.fullmatch(name):
                yield Found("host", *match.span("host"))


def hosts_in(text: str, own: Redaction) -> Iterator[Found]:
    """Find addresses, names and numbers of machines that only a company's own people reach."""
    if "://" in text:
        yield from _urls(text, own)
    yield from _names(text, own)
    yield from _by_number(text)
    for match in _UNC.finditer(text):
        if not is_generic((match["host"] or match["twice"]).lower()):
            yield Found("host", match.start(), match.start() + len(match.group().rstrip(".\\")))
    for match in _FILE_URL.finditer(text):
        if match.group().startswith(("file:", "smb:")) and not is_generic(match["host"].lower()):
            yield Found("host", match.start(), match.end())
    yield from _machines(text)
