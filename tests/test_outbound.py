"""Where anything may be sent: what is public, what the operator has named, how addresses read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from triage.errors import BadAddress
from triage.outbound import (
    Allowed,
    host_of,
    is_public,
    read_address,
    read_allowed,
)
from triage.settings import Settings

NOT_PUBLIC = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.1.2.3", "172.16.0.1"),
    *("192.168.1.1", "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200"),
    *("192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "192.88.99.1"),
    *("224.0.0.1", "239.255.255.250", "233.252.0.1", "240.0.0.1", "255.255.255.255"),
    "168.63.129.16",
    *("::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:a9fe:a9fe", "::127.0.0.1", "::8.8.8.8"),
    *("64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::a00:1"),
    *("2002:7f00:1::", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    *("2001:db8::1", "100::1", "5f00::1", "2001:20::1", "3fff::1"),
]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_not_public_is_refused_until_it_is_named(address: str) -> None:
    assert not is_public(address)
    nobody, named = Allowed(), read_allowed(address)
    for plain in (True, False):
        assert not nobody.permits(address, 443, plain=plain)
        assert named.permits(address, 443, plain=plain)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00::1"])
def test_what_is_public_takes_https_alone(address: str) -> None:
    assert is_public(address)
    assert Allowed().permits(address, 443, plain=False)
    assert not Allowed().permits(address, 80, plain=True)


@given(st.ip_addresses(v=4))
def test_an_address_that_wraps_another_is_never_public(ip: object) -> None:
    for wrapped in (f"::ffff:{ip}", f"64:ff9b::{ip}", f"::{ip}"):
        assert not is_public(wrapped)


def test_what_is_named_may_be_bound_to_a_port() -> None:
    allowed = read_allowed("10.0.0.0/8:8443, [::1]:9000,127.0.0.1,Forum.Intern:8443,desk,::2")
    assert allowed.permits("10.1.2.3", 8443, plain=True)
    assert not allowed.permits("10.1.2.3", 443, plain=True)
    assert allowed.permits("::1", 9000, plain=False)
    assert not allowed.permits("::1", 9001, plain=False)
    assert allowed.permits("::2", 1, plain=False)
    assert allowed.permits("127.0.0.1", 1, plain=False)
    assert allowed.names(read_address("https://forum.intern:8443/x"))
    assert allowed.names(read_address("http://FORUM.intern.:8443"))
    assert not allowed.names(read_address("https://forum.intern/x"))
    assert not allowed.names(read_address("https://a.forum.intern:8443"))
    assert allowed.names(read_address("http://desk:1/"))


@pytest.mark.parametrize(
    "text", ["10.0.0.1/8", "10.0.0.0/33", "a b", "forum.intern:0", "x:70000", "*", "http://x", "1"]
)
def test_a_list_that_cannot_be_read_stops_the_program(text: str) -> None:
    with pytest.raises(ValueError, match=r"names a port|is no network"):
        read_allowed(text)
    with pytest.raises(ValidationError, match="outbound_allowed"):
        Settings(outbound_allowed=text)


@pytest.mark.parametrize(
    "address",
    [
        *("ftp://a.example/", "//a.example", "a.example", "", "https://", "https:///x"),
        *("https://user@a.example/", "https://u:p@a.example/", "https://a.example:0/"),
        *("https://a.example:99999/", "https://a.example\\@b.example/", "https://a.example\n/x"),
        *("https://a.example/ x", "https://ä.example/", "https://a.example/ä", "https://[::1/"),
        *("https://a.example#x", "https://a%2eb.example/", "https://a.example\t/"),
        "https://a.example/" + 2000 * "x",
        # Of the list behind names as well: what is no name at all.
        *("http://127.0.0.1/", "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:7f00:1]/"),
        *("http://93.184.216.34/", "http://a.example/", "https://169.254.169.254/latest"),
        # Of which looking them up breaks instead of failing.
        *("https://a..b/", "https://.a.example/", "https://a.example../", "https://./"),
        *(f"https://{64 * 'a'}.example/", f"https://{127 * 'a.'}example/"),
    ],
)
def test_an_address_that_is_not_plainly_public_is_refused(address: str) -> None:
    with pytest.raises(BadAddress):
        Allowed().check(address)


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("https://a.example", "a.example", 443),
        ("HTTPS://A.Example:8443/x?y=1", "a.example", 8443),
        ("https://93.184.216.34/", "93.184.216.34", 443),
        ("https://[2606:4700::1111]:1/", "2606:4700::1111", 1),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example", 443),
        ("https://a.example?x=[1]", "a.example", 443),
    ],
)
def test_a_public_address_is_taken_apart(address: str, host: str, port: int) -> None:
    target = Allowed().check(address)
    assert (target.host, target.port, target.plain) == (host, port, False)


def test_http_goes_to_what_is_named_alone() -> None:
    allowed = read_allowed("desk.intern,10.0.0.0/8")
    assert allowed.check("http://desk.intern/x").plain
    assert allowed.check("http://10.0.0.7/x").plain
    # What a name means is asked when it is connected to.
    assert allowed.check("http://a.example/").plain
    with pytest.raises(BadAddress):
        allowed.check("http://93.184.216.34/")


def test_of_an_address_the_log_is_told_the_host() -> None:
    assert host_of("https://a.example/x?key=1") == "a.example"
    assert host_of("desk@mail.example") == "mail.example"
