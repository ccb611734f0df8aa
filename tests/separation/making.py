"""A call, and what one may need: made all at once, or each when it is first named."""

import hmac
import json
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, fields
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .house import House


@dataclass(frozen=True)
class Call:
    """A request, and the answers that it gets from whoever may send it."""

    method: str
    path: str
    json: object = None
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    answers: frozenset[int] = frozenset({200})


@dataclass(frozen=True)
class ForumChannel:
    """A channel to a Discourse site, whose secret signs what comes in."""

    id: str = ""
    secret: str = ""

    def headers(self, body: object) -> dict[str, str]:
        """Return the headers of a body as the client of the tests writes it."""
        written = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        signature = hmac.new(self.secret.encode(), written, sha256).hexdigest()
        return {
            "X-Discourse-Event-Type": "topic",
            "X-Discourse-Event-Signature": f"sha256={signature}",
        }


@dataclass(frozen=True)
class Known:
    """What there is in the forum `bikes`, fresh for one call."""

    thread_id: str
    triage_id: str
    ask_id: str
    version: str
    link: str
    session: str
    erasure_id: str
    proposal_id: str = ""
    profile_id: str = ""
    burst_id: str = ""
    policy: int = 1
    question_id: str = ""
    private_question_id: str = ""
    alert_id: str = ""
    issue_id: str = ""
    cluster_id: str = ""
    gap_id: str = ""
    drift_alert_id: str = ""
    review_id: str = ""
    skipped_review_id: str = ""
    notice_id: str = ""
    follow_up_id: str = ""
    channel_id: str = ""
    dead_id: str = ""
    forum_channel: ForumChannel = ForumChannel()
    user: str = "asker-77"
    email: str = "lead@bikes.example"


class Making:
    """The fields of `Known`, each made when it is first named, with what it rests on."""

    session = "others"
    user, email = Known.user, Known.email

    def __init__(self, house: "House", n: int) -> None:
        self._house = house
        self._n = n

    def but(self, **given: str) -> "Making":
        """Return the same, where these fields are as they are given."""
        other = copy(self)
        vars(other).update(given)
        return other

    def all_made(self) -> "Making":
        """Make all that is not there yet; return it."""
        for one in fields(Known):
            getattr(self, one.name)
        return self

    def _sent(self, method: str, path: str, body: object, caller: str = "admin") -> Any:  # noqa: ANN401
        response = self._house.send(Call(method, path, json=body), caller)
        assert response.status_code < 300, response.text
        return response.json()

    @cached_property
    def thread_id(self) -> str:
        thread = {"title": f"Chain {self._n}", "answers": [{"id": "a1", "body": "Oil it."}]}
        self._sent("PUT", f"/v1/threads/probe-{self._n}", thread)
        return f"probe-{self._n}"

    @cached_property
    def _told(self) -> dict[str, str]:
        title = f"My chain {self._n} makes a noise, write to asker@customer.example"
        asked = {"title": title, "user": "asker-77", "stage": "submit"}
        told: dict[str, str] = self._sent("POST", "/v1/triage", asked, "frontend")
        return told

    @cached_property
    def triage_id(self) -> str:
        return self._told["triage_id"]

    @cached_property
    def ask_id(self) -> str:
        return self._told["ask_id"]

    @cached_property
    def version(self) -> str:
        return self._house.versions[0]

    @cached_property
    def link(self) -> str:
        return self._house.link()

    @cached_property
    def erasure_id(self) -> str:
        return self._house.erasure_id()

    @cached_property
    def proposal_id(self) -> str:
        return self._house.proposal_id(self._n)

    @cached_property
    def profile_id(self) -> str:
        body = {"display_name": f"Owl {self._n}", "user": "asker-77"}
        profile_id: str = self._sent("PUT", "/v1/profile", body)["profile"]["profile_id"]
        return profile_id

    @cached_property
    def burst_id(self) -> str:
        return self._house.burst_id(self._told)

    @cached_property
    def policy(self) -> int:
        named = f'[[rules]]\nname = "rule-{self._n}"\ndestination = "expert"\n'
        rule = f'{named}words = ["probe{self._n}"]\n'
        version: int = self._sent("PUT", "/v1/policy/draft", {"toml": rule})["version"]
        return version

    @cached_property
    def question_id(self) -> str:
        return self._house.question_id(self._n)

    @cached_property
    def private_question_id(self) -> str:
        """A question of which something private was taken out."""
        asked = {"triage_id": self.triage_id, "user": "asker-77"}
        question_id: str = self._sent("POST", "/v1/questions", asked, "frontend")["question_id"]
        return question_id

    @cached_property
    def alert_id(self) -> str:
        return f"alert:{self.question_id}:staff"

    @cached_property
    def issue_id(self) -> str:
        body = {"title": f"All saddles {self._n} fall off", "publish": False}
        issue_id: str = self._sent("POST", "/v1/known-issues", body)["issue_id"]
        return issue_id

    @cached_property
    def cluster_id(self) -> str:
        return self._house.cluster_id(self._n, self.question_id)

    @cached_property
    def gap_id(self) -> str:
        return self._house.gap_id(self._n, self.ask_id)

    @cached_property
    def drift_alert_id(self) -> str:
        return self._house.drift_alert_id()

    @cached_property
    def review_id(self) -> str:
        return self._house.review_id(self.question_id)

    @cached_property
    def skipped_review_id(self) -> str:
        review_id = self._house.review_id(self.question_id)
        self._sent("POST", f"/v1/reviews/{review_id}/skip", {})
        return review_id

    @cached_property
    def notice_id(self) -> str:
        return self._house.notice_id(self.question_id)

    @cached_property
    def channel_id(self) -> str:
        body = {"kind": "webhook", "name": "Hook", "address": "https://hooks.example/in"}
        channel_id: str = self._sent("POST", "/v1/channels", body)["channel_id"]
        return channel_id

    @cached_property
    def forum_channel(self) -> ForumChannel:
        body = {
            "kind": "discourse",
            "name": "Forum",
            "address": "https://forum.example",
            "credentials": {"api_key": "k" * 40, "api_user": "system"},
        }
        told = self._sent("POST", "/v1/channels", body)
        return ForumChannel(told["channel_id"], told["secret"])

    @cached_property
    def dead_id(self) -> str:
        return self._house.dead_id(self.channel_id)

    @cached_property
    def follow_up_id(self) -> str:
        return self._house.follow_up_id(self.ask_id)
