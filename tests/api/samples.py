"""A small fictional forum, and what every reply must hold."""

from typing import Any

EXPORT: dict[str, Any] = {
    "id": "export",
    "title": "Invoice export stops at 90 percent with error E-417",
    "body": "The export of more than five hundred invoices stops and shows error E-417.",
    "answers": [
        {
            "id": "export-a1",
            "body": "Turn off the preview pane before you export the invoices.",
            "user": "helper.of.export",
            "accepted": True,
            "staff": True,
            "votes": 3,
        }
    ],
    "user": "asker.of.export",
    "solved": True,
    "lang": "en",
    "url": "https://forum.example/t/export",
    "created": "2026-02-11T09:30:00Z",
}
LOGIN: dict[str, Any] = {
    "id": "login",
    "title": "Cannot log in after changing the phone",
    "body": "The app asks for a code from my old phone when I log in.",
    "answers": [{"id": "login-a1", "body": "Choose lost device under the code.", "accepted": True}],
    "solved": True,
    "lang": "en",
}
SECRET_BETA: dict[str, Any] = {
    "id": "beta/quantum",
    "title": "Quantum ledger preview crashes on the tablet",
    "body": "The quantum ledger preview crashes on the tablet when I rotate it.",
    "answers": [{"id": "q-a1", "body": "Lock the rotation of the tablet.", "accepted": True}],
    "solved": True,
    "lang": "en",
    "groups": ["beta", "partners"],
}
OPEN: dict[str, Any] = {
    "id": "open",
    "title": "Payment reminders go out twice every Monday morning",
    "body": "Our payment reminders go out twice every Monday morning. Why?",
    "lang": "en",
}
THREADS = [EXPORT, LOGIN, SECRET_BETA, OPEN]

EXPORT_DRAFT = {"title": EXPORT["title"], "body": EXPORT["body"], "lang": "en"}
OPEN_DRAFT = {"title": OPEN["title"], "body": OPEN["body"]}
BETA_DRAFT = {"title": SECRET_BETA["title"], "body": SECRET_BETA["body"], "lang": "en"}

REPLY_FIELDS = frozenset(
    "triage_id ask_id suggestions destination destination_probability visibility public_allowed"
    " labels reasons same_question known_issues also_affected missing sensitive handover_url"
    " expected_seconds arm mode model_version index_version index_age_seconds".split()
)
SUGGESTION_FIELDS = frozenset(
    "thread_id answer_id title snippet url lang rank probability solved staff applicability"
    " reasons trust".split()
)
LABELS = frozenset({"kind", "topic", "severity", "difficulty", "destination", "tone", "scope"})
LABEL_FIELDS = frozenset({"value", "probability", "alternatives", "abstained"})
PROBLEM_FIELDS = frozenset({"type", "title", "status", "detail", "code", "request_id"})


def shown(reply: dict[str, Any]) -> list[str]:
    """The threads that a reply suggests."""
    return [s["thread_id"] for s in reply["suggestions"]]
