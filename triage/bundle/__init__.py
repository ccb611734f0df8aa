"""One model version on disk: a folder with a signed manifest of hashes, never changed once written.

In: a classifier, a ranker, a gate, perhaps an adaptation, a quality of answers and documents; or a
folder. Out: the folder; or a bundle, of which nothing was unpickled before signature, manifest and
every file were found to be what this installation published.
Not here: fitting (learn), which version is live (store), what may happen to versions (registry).
"""

from triage.bundle.opening import Bundle, open_bundle
from triage.bundle.parts import Fitted
from triage.bundle.verifying import (
    MANIFEST,
    SIGNATURE,
    SMOKE,
    check_files,
    digest_of,
    read_manifest,
    sign_bundle,
    signature_of,
    verified_manifest,
)
from triage.bundle.writing import Written, point_current, write_bundle

__all__ = [
    "MANIFEST",
    "SIGNATURE",
    "SMOKE",
    "Bundle",
    "Fitted",
    "Written",
    "check_files",
    "digest_of",
    "open_bundle",
    "point_current",
    "read_manifest",
    "sign_bundle",
    "signature_of",
    "verified_manifest",
    "write_bundle",
]
