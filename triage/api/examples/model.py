"""Examples of what is told of the versions of a model.

In: nothing. Out: JSON that its schemas accept.
Not here: the other examples.
"""

from typing import Any

_VERSION = "20260306-161502-3fa2c1"
_FORMER = "20260227-160911-b20c77"

MODEL_ROW: dict[str, Any] = {
    "version": _VERSION,
    "created": "2026-03-06T16:15:02Z",
    "live": True,
    "former": False,
    "cases": 4210,
    "encoder": "six-languages",
    "verdict": "accepted",
    "bytes": 6_120_448,
    "trouble": None,
}
MODELS_REPLY: dict[str, Any] = {
    "models": [
        MODEL_ROW,
        {
            **MODEL_ROW,
            "version": _FORMER,
            "created": "2026-02-27T16:09:11Z",
            "live": False,
            "former": True,
            "cases": 4102,
        },
    ]
}
MODEL_REPLY: dict[str, Any] = {
    "model": MODEL_ROW,
    "card": "# Model 20260306-161502-3fa2c1\n\nTrained on 4210 cases.\n",
    "manifest": {
        "format": 4,
        "version": _VERSION,
        "metrics": {"kind": {"n": 4210, "accuracy": 0.842}},
        "verdict": {"outcome": "accepted"},
    },
    "history": [
        {
            "at": "2026-03-06T16:15:03Z",
            "action": "activate",
            "version": _VERSION,
            "by": "anna",
            "former": _FORMER,
            "reason": None,
        }
    ],
}
ACTIVATION_REQUEST: dict[str, Any] = {"reason": "It knows the spring release."}
ROLLBACK_REQUEST: dict[str, Any] = {"reason": "Invoices go to the wrong team since Friday."}
ACTIVATION_REPLY: dict[str, Any] = {"version": _VERSION, "former": _FORMER}
