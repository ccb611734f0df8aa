"""The versions of a forum's model, and everything that may happen to them.

In: a forum of the store, its folder of bundles, the key that signs them, and who acts and why. Out:
versions published, live, taken back, trusted, moved between installations, removed; every act in
the store's history. Model, calibration and thresholds are one bundle and always move together.
Not here: fitting and judging (learn), files and hashes (bundle), the bundle in use (bundle.live).
"""

from triage.registry.archive import export_version, import_version
from triage.registry.base import Registry, mirror
from triage.registry.choosing import Activated, activate, rollback, trust
from triage.registry.former import once_live
from triage.registry.pruning import Pruned, prune
from triage.registry.publishing import go_live, publish
from triage.registry.telling import Difference, Shown, Version, compare, list_versions, show
from triage.registry.verdicts import Verdict, verdict_of

__all__ = [
    "Activated",
    "Difference",
    "Pruned",
    "Registry",
    "Shown",
    "Verdict",
    "Version",
    "activate",
    "compare",
    "export_version",
    "go_live",
    "import_version",
    "list_versions",
    "mirror",
    "once_live",
    "prune",
    "publish",
    "rollback",
    "show",
    "trust",
    "verdict_of",
]
