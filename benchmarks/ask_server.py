"""Ask a running server questions of a judged set and count what it offered.

    python -m benchmarks.ask_server --key KEY --set stackfaq --every 21

The set's threads must be among those of the key's forum.
"""

import argparse
import json
import statistics
import sys
import time
import urllib.request
from pathlib import Path

from benchmarks.sets import SHARED, shared


def main() -> None:
    """Ask, compare with the judgements, print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--key", required=True)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--set", default="stackfaq")
    parser.add_argument("--every", type=int, default=21, help="ask every so-many-th query")
    chosen = parser.parse_args()
    judged = shared(chosen.shared, chosen.set).read()
    gains = judged.gains
    offered = right = 0
    milliseconds: list[float] = []
    asked = judged.queries[:: chosen.every]
    for query in asked:
        started = time.perf_counter()
        shown = ask(chosen.url, chosen.key, query.title, query.body)
        milliseconds.append((time.perf_counter() - started) * 1000)
        offered += bool(shown)
        right += bool(shown) and gains.get(query.id, {}).get(shown[0], 0) > 0
    found = {
        "asked": len(asked),
        "offered": offered,
        "first_right": right,
        "median_ms": round(statistics.median(milliseconds)),
    }
    sys.stdout.write(json.dumps(found) + "\n")


def ask(url: str, key: str, title: str, body: str) -> list[str]:
    """Return the ids of the threads that the server offers for a draft."""
    request = urllib.request.Request(
        f"{url}/v1/triage",
        json.dumps({"title": title, "body": body}).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as reply:
        return [s["thread_id"] for s in json.load(reply)["suggestions"]]


if __name__ == "__main__":
    main()
