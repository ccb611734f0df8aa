"""What stands first on the API's page: how a front end is connected, call by call.

In: nothing. Out: Markdown, and for each endpoint a line that says who may call it.
Not here: single calls and fields (every route and schema).
"""

from triage.api.matrix import Access

INTRODUCTION = """Suggestions that settle a draft before it is posted, and a destination for
the rest.

## Keys

`Authorization: Bearer KEY`. A key fixes the forum and the role; whoever runs the service makes it:

- A **publishable** key (`pk_…`) is for web pages: anybody may read it there, so it proves nothing
  about a person and reaches what everybody may read. It is made by `python -m triage keys create
  --publishable --origin https://forum.example.com`; browsers may bring it from the pages of the
  sites that it names alone (scheme, host and port, as in `Origin`).
- A **secret** key (`sk_…`) is for servers: `python -m triage keys create --role frontend`, or
  `lead`, `analyst`, `admin`.

With `--test` the asks of a key count in no measure: develop with such a one. Below each call
stands who may make it.

## An ask page

The widget does all of this (`python -m triage widget` prints the two lines of HTML that it takes),
and `/widget/triage-client.js` without anything to see. By hand:

1. **A session.** A random text for each visit (`crypto.randomUUID()`), sent as `session` with
   every call.
2. **While somebody types**: `POST /v1/triage` with `stage: "typing"`, once they pause for a third
   of a second, and drop the reply to an older draft. Show `known_issues` first, then `suggestions`
   in their order. Everything in a reply is plain text, never HTML. `reasons` are sentences in the
   draft's language. Keep "I still need help" in sight.
3. **What they do**: `POST /v1/events`, each with an `event_id` of yours, the `triage_id` and
   `ask_id` of the reply and the `session`: `shown` for each suggestion that came into sight,
   `opened`, `solved` or `not_solved` with its `thread_id`, `still_need_help`. `200` still lists
   events that were refused, with what to do. A page that is being left sends them by
   `navigator.sendBeacon` to `POST /v1/events/beacon`, with the key in the body.
4. **When they press send**: `POST /v1/triage` with the whole text and `stage: "submit"`, then
   `POST /v1/questions` with that `triage_id`, the text and the `session`. Where `visibility` is
   `private` the question stays off the forum: an expert answers it.
5. **What becomes of it**: keep the `question_id`. `GET /v1/questions/{question_id}` has `state`,
   the `timeline` and the `expected` time in words to show (`told.text`), and in `allowed` what the
   asker may do; `POST /v1/questions/{question_id}/changes` does it: `confirmed_solved`,
   `reopened`, `escalated` ("I want a person"), `closed`. Where a person of the company is the way,
   `handover_url` opens their chat or form with the question filled in. Nothing is pushed to a page:
   look when they come back, and once a minute while the page is open. Send the session along as
   `Triage-Session`, or the asker's token (below): without either only a public question is there.
6. **When they come back**: `POST /v1/follow-ups/due` may have one question for them, and `GET
   /v1/notifications` and `GET /v1/my`, with a token, what is new (`unread` for a badge). `PUT
   /v1/notifications/settings` lets them be told by e-mail or webhook besides.

## Who asks

A page is anonymous until the forum's own server vouches for whoever is signed in there: it signs a
short-lived token, which the page sends as `Triage-Visitor` beside the key. It is a JWT, `{"alg":
"HS256", "typ": "JWT", "kid": KID}`, signed with the characters of `secret`; `python -m triage
visitors create` gives `kid`, `secret` and `aud`. Claims: `sub` (the user), `aud`, `iat` and `exp`
(seconds; at most an hour apart), and where they apply `account`, `groups` (a list) and
`account_admin` (true). When `bad_visitor` comes, fetch a new one.

## When something fails

On any answer but `200` a front end posts as if this service were not there, and says nothing of
it: a draft is never lost to its triage. Give a call a second or so. `400`, `413`, `422`: a fault
in the integration, log `code` and `request_id`; `401`, `403`: tell whoever runs the forum; `409`,
`429`, `500`, `503`: the next ask tries again, after `Retry-After` seconds where that is said.
Events are different: keep them and send them again, duplicates do no harm. Clients ignore fields
that they do not know.

With a publishable key: at most 120 drafts a minute for each session and 50 events in one call,
unless the settings say otherwise."""


def callers_of(access: Access | None) -> str:
    """Say who may make a call."""
    if access is None:
        return "**Callers**: everybody, without a key."
    roles = ", ".join(f"`{role}`" for role in access.roles)
    doors = ["a publishable key"] if access.publishable else []
    if access.keys:
        doors.append(f"a secret key of {roles}")
    if access.pages:
        doors.append("these roles signed in to the pages")
    return f"**Callers**: {'; '.join(doors)}."
