"""How long a forum's live bundle takes to open, with its smoke questions and without.

`python -m benchmarks.bundle_opening`; the settings say which forum, store and folder. Each step is
done once to warm up and then several times; the median is told.
"""

import json
import statistics
import time
from collections.abc import Callable

from triage import store
from triage.bundle import check_files, open_bundle, verified_manifest
from triage.bundle.live import open_to_serve
from triage.encoders import EncoderName
from triage.settings import Settings

_TIMES = 9


def main() -> None:
    """Measure and print."""
    settings = Settings()
    database = store.Database(settings.store_url)
    with database.read() as c:
        forum = store.get_forum(c, settings.forum)
        row = store.get_model(c, forum.id, forum.live_version or "")
    database.close()
    if row is None:
        raise SystemExit("The forum has no live model.")
    folder, signer = settings.models_dir / forum.name, settings.signer
    encoder = EncoderName(forum.encoder or settings.encoder).open(1)
    version, digest = row.version, row.manifest_digest
    files = verified_manifest(folder / version, digest, signer)["files"]
    found = {
        "version": version,
        "bytes": sum((folder / version / name).stat().st_size for name in files),
        "signature_ms": _median(lambda: verified_manifest(folder / version, digest, signer)),
        "hashes_ms": _median(lambda: check_files(folder / version, files)),
        "open_ms": _median(lambda: open_bundle(folder, version, digest, signer)),
        "open_and_smoke_ms": _median(lambda: open_to_serve(folder, row, signer, encoder)),
    }
    print(json.dumps(found))  # noqa: T201 - what it is for


def _median(act: Callable[[], object]) -> float:
    act()
    taken = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return round(statistics.median(taken) * 1000, 1)


if __name__ == "__main__":
    main()
