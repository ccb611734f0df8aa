"""The labels of a forum's questions as the pages of /lead/taxonomy read them.

In: how a page speaks, a target. Out: a `Taxonomy`, with what the live model was measured at; what
it has said lately is read once for all pages of some minutes.
Not here: counting (taxonomy), what a page shows of it (taxonomy, taxonomy_label).
"""

from collections.abc import Mapping
from typing import Any

from triage import registry
from triage.api.found import PATIENCE_SECONDS, SaidLately
from triage.api.pages.lead.here import Here
from triage.api.problems import Problem
from triage.errors import BundleRefused, NoVersion
from triage.records import Target
from triage.taxonomy import Taxonomy, said_lately, taxonomy_of

TARGETS = (Target.TOPIC, Target.KIND, Target.SEVERITY)


def read_taxonomy(here: Here, target: Target) -> Taxonomy:
    """Return the labels of a target."""
    model, metrics = _live_metrics(here, target)
    simulated = here.installation.settings.demo

    def find() -> SaidLately:
        with here.database().read() as c:
            return said_lately(c, here.forum.id, here.now, TARGETS, include_simulated=simulated)

    # Of 28 days, a few minutes more or less tell nothing.
    known = here.installation.found.said.get(here.forum.id, find, PATIENCE_SECONDS)
    if known is None:
        raise Problem(
            "too_busy", "Replies of the last weeks are being read. Try again in a minute."
        )
    with here.database().read() as c:
        return taxonomy_of(
            c,
            here.forum.id,
            target,
            here.now,
            model=model,
            metrics=metrics,
            said=known.value[target],
            include_simulated=simulated,
        )


def _live_metrics(here: Here, target: Target) -> tuple[str | None, Mapping[str, Any] | None]:
    """Return the live version and how its head was measured; None where nothing can be read."""
    installation = here.installation
    kept = registry.Registry(
        here.database(),
        here.forum.name,
        installation.settings.models_dir,
        installation.settings.signer,
    )
    live = kept.read_forum().live_version
    if live is None:
        return None, None
    try:
        metrics = registry.show(kept, live).manifest.get("metrics", {}).get(target.value)
    except (BundleRefused, NoVersion):
        return live, None
    return live, metrics
