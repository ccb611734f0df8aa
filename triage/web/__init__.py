"""Pages for people, made of templates, words in six languages and one stylesheet.

In: what a page has to tell, and the frame it stands in (language, who is signed in, where it is).
Out: HTML, and the files that go with it. All of it ships with the package; no page loads
anything from another server.
Not here: addresses, cookies, who may see what (api).
"""

from triage.web.assets import Asset, asset
from triage.web.frame import Frame, Place
from triage.web.rendering import render
from triage.web.words import choose_language, word

__all__ = ["Asset", "Frame", "Place", "asset", "choose_language", "render", "word"]
