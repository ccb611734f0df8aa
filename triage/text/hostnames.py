"""What the name of a machine tells of who may reach it.

In: a host name in lower case. Out: whether it is internal, generic, or under a domain.
Not here: finding names in a text (hosts).
"""

import re
from collections.abc import Collection

# Ends that no public name has (RFC 6762, RFC 8375, what companies use), and .local of services.
INTERNAL_END = re.compile(
    r"\.(?:local|internal|intern|corp|lan|intra|intranet|localdomain|home\.arpa|priv|prv|loc)\Z"
)
# Labels that say so in front of a public domain: intranet.example.com.
_INTERNAL_LABEL = re.compile(r"(?:^|[.])(?:intranet|intra|corp|lan|internal|intern)(?:[.]|$)")
_KNOWN = re.compile(
    r"(?:host|gateway|kubernetes)\.docker\.internal|metadata\.google\.internal"
    r"|(?:[\w-]+\.){0,3}svc\.cluster\.local|cluster\.local|[\w-]*example\.local|localhost\.local.*"
    r"|(?:your|my|some)?[-_]?(?:host|server|domain|machine|computer)(?:name)?\.(?:local|internal|lan|corp)"
    r"|(?:.*\.)?example(?:\.\w+)?|.*\.(?:test|invalid|localhost)|_\w+\._(?:tcp|udp)\.local"
)
# What manuals, containers and examples are called: nobody's machine.
_GENERIC = re.compile(
    r"(?:your|my|our|the|some|a|any|remote|target|local|sample|test|demo|example|dummy|fake)?[-_]?"
    r"(?:localhost|host|hostname|host-?name|server|server-?name|domain|machine|computer|pc|db|database"
    r"|postgres|postgresql|mysql|mariadb|mongo|mongodb|redis|rabbitmq|rabbit|kafka|zookeeper|elastic"
    r"|elasticsearch|kibana|minio|nginx|proxy|gateway|broker|web|www|api|app|backend|frontend|client"
    r"|service|site|website|address|ip|url|node|master|worker|cache|queue|store|example|foo|bar|baz|schemas?|user|name"
    r"|selenium|hub|prometheus|grafana|vault|consul|traefik|registry|docker|router|share|something"
    r"|path|link|page|here|cdn|static|assets|images?|files?|xxx+|sql|smtp|mail|oracle|sqlserver|mssql|local|test|dev)\d?"
)
_BLANK = re.compile(r"[a-z-]+-(?:url|uri|host|hostname|server|domain|name|ip|address|link|here)")
# `settings.local` and `threading.local` are no machines.
CODE_WORDS = frozenset(
    """
    threading self this settings config configuration env environment app application usr var docker
    system com org net window process state scope storage git php my bin etc lib src home opt www
    properties log logs data user users file files gradle maven package module index main test tests
    """.split()
)
_ROLE = (
    r"(?:sql|app|web|file|fs|dc|db|erp|mail|mx|exch|print|prt|backup|bck|citrix|ctx|rds|ts|term|vm"
    r"|nas|san|adfs|vpn|fw|esx|hv|k8s|jump|bastion|iis|ftp|sap|api|node|ad|dns|dhcp|wsus|sccm)"
)
# Names by which machines are called: srv-sql01, NOOSL-APP02, DESKTOP-1A2B3C4.
MACHINE = (
    r"(?:(?i:(?:srv|svr)[-_]?[a-z]{2,10}[-_]?\d{1,3}|[a-z]{2,8}[-_](?:srv|svr|server)[-_]?\d{1,3})"
    r"|(?i:(?:prd|prod|stg|tst|dev|test)[-_]" + _ROLE + r"[-_]?\d{1,3})"
    r"|(?i:" + _ROLE + r"[-_](?:prd|prod|stg|tst|dev|test)[-_]?\d{1,3})"
    r"|[A-Z]{2,6}-(?i:" + _ROLE + r")-?\d{1,3}|[A-Z]{2,6}(?:SRV|SVR|SQL|APP|WEB|DC)\d{2,3}"
    r"|(?:DESKTOP|LAPTOP)-[A-Z0-9]{6,8}|WIN-[A-Z0-9]{10,12})"
)


def is_under(host: str, domains: Collection[str]) -> bool:
    """Say whether a host is one of these domains or below one."""
    if not domains:
        return False
    labels = host.split(".")
    return any(".".join(labels[i:]) in domains for i in range(len(labels)))


def is_generic(host: str) -> bool:
    """Say whether a name without a domain is nobody's in particular."""
    return _GENERIC.fullmatch(host) is not None or _BLANK.fullmatch(host) is not None


def is_internal(host: str, domains: Collection[str]) -> bool:
    """Say whether only a company's own people reach a host."""
    if is_under(host, domains):
        return True
    if _KNOWN.fullmatch(host):
        return False
    return bool(INTERNAL_END.search(host) or ("." in host and _INTERNAL_LABEL.search(host)))
