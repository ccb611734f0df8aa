"""Sites are named as browsers name them."""

import pytest

from triage.errors import BadField
from triage.origins import read_origin


@pytest.mark.parametrize(
    ("site", "origin"),
    [
        ("https://forum.example", "https://forum.example"),
        ("  HTTPS://Forum.Example/ ", "https://forum.example"),
        ("https://forum.example:443", "https://forum.example"),
        ("http://forum.example:80/", "http://forum.example"),
        ("https://forum.example:8443", "https://forum.example:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://frågor.example", "https://xn--frgor-nra.example"),
    ],
)
def test_a_site_becomes_the_origin_that_a_browser_sends(site: str, origin: str) -> None:
    assert read_origin(site) == origin
    assert read_origin(origin) == origin


@pytest.mark.parametrize(
    "site",
    [
        *("", "null", "*", "forum.example", "//forum.example", "ftp://forum.example", "https://"),
        *("https://*.example", "https://forum.example/ask", "https://forum.example?x=1"),
        *("https://forum.example#x", "https://me@forum.example", "https://forum.example:port"),
        *("https://" + "a" * 70 + ".example", "https://[::1", "https://:443"),
    ],
)
def test_anything_else_is_refused(site: str) -> None:
    with pytest.raises(BadField, match="origin"):
        read_origin(site)
