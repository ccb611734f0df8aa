"""A template and its values -> one HTML file with all that it needs inside it.

In: the name of a template, its language, the names of styles and scripts. Out: a document that
opens without a server, loads nothing and sends nothing.
Not here: what it tells (analytics), pages that a server gives (rendering).
"""

import base64
import hashlib
from collections.abc import Sequence

from triage.web.assets import asset
from triage.web.frame import Frame
from triage.web.rendering import render


def render_alone(
    template: str,
    lang: str,
    styles: Sequence[str],
    scripts: Sequence[str],
    **values: object,
) -> str:
    """Return the document of a template, which places `styles`, `scripts` and `policy`.

    The policy lets these very scripts run and nothing else, whatever stands in the values.
    """
    texts = [_text(name) for name in scripts]
    hashes = " ".join(f"'sha256-{_digest(text)}'" for text in texts) or "'none'"
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline';"
        # The plotting library tries a picture of a few bytes while it is loaded.
        f" img-src data:; script-src {hashes}"
    )
    return render(
        template,
        Frame(lang=lang, base="", path=""),
        styles=[_text(name) for name in styles],
        scripts=texts,
        policy=policy,
        **values,
    )


def _text(name: str) -> str:
    # Browsers read every end of a line as this one, and take the digest of that.
    text = asset(name).content.decode().replace("\r\n", "\n").replace("\r", "\n")
    # Within HTML it would end where this stands.
    if "</script" in text.lower() or "</style" in text.lower():
        raise ValueError(f"{name} cannot stand within a document")
    return text


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
