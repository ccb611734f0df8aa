"""The sample's threads in an installation of its own, and a key that may ask.

In: the environment that names where it is kept. Out: the key.
Not here: a trained sample for a browser (sample_server), what is asked.
"""

import subprocess
import sys
from collections.abc import Mapping

from benchmarks.sets import ROOT, SAMPLE


def install_sample(environment: Mapping[str, str], forum: str) -> str:
    """Read the sample's threads into a forum; return a test key of it."""
    _triage(environment, "ingest", "threads", str(SAMPLE / "threads.jsonl"), "--forum", forum)
    return _triage(environment, "keys", "create", "--test", "--forum", forum).strip()


def _triage(environment: Mapping[str, str], *command: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "triage", *command],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
