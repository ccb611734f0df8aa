import os
import time

from tests.bundles import ANNA, ENCODER, published
from triage.registry import Registry, list_versions, prune, rollback, show
from triage.store import list_history


def names(registry: Registry) -> list[str]:
    return [version.version for version in list_versions(registry)]


def test_the_newest_the_live_and_the_former_stay(registry: Registry) -> None:
    made = [published(registry, number=n, live=n in (0, 1)).version for n in range(5)]
    tried = prune(registry, 1, by=ANNA, dry_run=True)
    assert (tried.versions, names(registry)) == ((made[3], made[2]), made[::-1])
    done = prune(registry, 1, by=ANNA, reason="full disk")
    assert done == tried
    assert done.size_bytes > 1000
    assert names(registry) == [made[4], made[1], made[0]]
    assert {p.name for p in registry.folder.iterdir()} == {"CURRENT", made[0], made[1], made[4]}
    with registry.database.read() as c:
        told = [h for h in list_history(c, registry.read_forum().id) if h.action == "prune"]
    assert [(h.version, h.by, h.reason) for h in told] == [
        (made[3], "anna", "full disk"),
        (made[2], "anna", "full disk"),
    ]
    assert rollback(registry, ENCODER, by=ANNA).version == made[0]
    assert prune(registry, 5, by=ANNA).versions == ()


def test_what_killed_runs_left_goes_when_it_is_old(registry: Registry) -> None:
    version = published(registry).version
    for name in (".writing-1-x", ".importing-2", "20200101-000000-abcdef", "notes"):
        (registry.folder / name).mkdir()
        (registry.folder / name / "file").write_text("x")
    assert prune(registry, 1, by=ANNA).leftovers == ()
    long_ago = time.time() - 7200
    for path in registry.folder.iterdir():
        os.utime(path, (long_ago, long_ago))
    done = prune(registry, 1, by=ANNA)
    assert done.leftovers == (".importing-2", ".writing-1-x", "20200101-000000-abcdef")
    assert {p.name for p in registry.folder.iterdir()} == {"notes", version}


def test_a_version_is_shown_with_its_card_and_what_happened_to_it(registry: Registry) -> None:
    first, second = (published(registry, number=n, live=True).version for n in range(2))
    shown = show(registry, first)
    assert shown.card == "# A plain model\n"
    assert shown.manifest["metrics"] == {"kind": {"n": 30, "of": "plain"}}
    assert [(h.action, h.version) for h in shown.history] == [
        ("publish", first),
        ("activate", first),
        ("activate", second),
    ]
