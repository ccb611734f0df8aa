"""Pages for people, made of templates, words in six languages and one stylesheet.

In: what a page has to tell, and the frame it stands in (language, who is signed in, where it is).
Out: HTML, and the files that go with it. All of it ships with the package; no page loads
anything from another server.
Not here: addresses, cookies, who may see what (api).
"""

from triage.web.assets import PLOTTING, Asset, asset
from triage.web.cells import between, cell, heading
from triage.web.charts import Chart, ChartKind, Series, Unit
from triage.web.figures import Numbers
from triage.web.frame import Frame, Place
from triage.web.rendering import language_name, render
from triage.web.standing_alone import render_alone
from triage.web.words import choose_language, has_word, word

__all__ = [
    "PLOTTING",
    "Asset",
    "Chart",
    "ChartKind",
    "Frame",
    "Numbers",
    "Place",
    "Series",
    "Unit",
    "asset",
    "between",
    "cell",
    "choose_language",
    "has_word",
    "heading",
    "language_name",
    "render",
    "render_alone",
    "word",
]
