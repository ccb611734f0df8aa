"""An alert of drift that somebody has seen, as the interface is described with it.

In: nothing. Out: JSON values.
Not here: their types (schemas).
"""

from typing import Any

SEEN_REQUEST: dict[str, Any] = {"reason": "The spring release renamed the export; cases follow."}
ALERT_SEEN: dict[str, Any] = {
    "alert_id": "msg_5f0c2b7d91e84a3c6d20f7b1",
    "at": "2026-03-02T12:00:00Z",
    "model_version": "20260110-031500-4c1d2e",
    "receivers": 1,
    "drifted": [
        {
            "part": "inputs",
            "measure": "words",
            "slice": "all",
            "before": "steady",
            "since": "2026-02-23",
            "p_value": 4.1e-9,
            "e_value": None,
            "persons": 214,
        }
    ],
    "seen_at": "2026-03-02T13:20:00Z",
    "seen_by": "sk_9f3a1c",
    "reason": "The spring release renamed the export; cases follow.",
}
