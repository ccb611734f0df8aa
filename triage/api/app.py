"""Settings -> the application: its layers, its routes, and what it holds open.

In: settings. Out: an ASGI application that opens its installation when it is started.
Not here: listening (serve.py), any one endpoint (routes).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from triage.api.cors import AllowedOrigins, CrossOrigin
from triage.api.demo_guard import DemoGuard, check_demo
from triage.api.envelope import Envelope
from triage.api.faults import add_handlers
from triage.api.installation import Installation
from triage.api.limits import BodyLimit, limits_of
from triage.api.openapi import describe
from triage.api.rates import RateByAddress
from triage.api.routes import (
    account,
    analytics,
    analytics_gaps,
    answers,
    audit,
    beacon,
    channels,
    clusters,
    company,
    deliveries,
    demo_ask,
    demo_forum,
    demo_my,
    demo_people,
    docs,
    drift,
    events,
    explanations,
    follow_ups,
    gaps,
    health,
    incoming,
    known_issues,
    lead_audit,
    lead_deliveries,
    lead_drift,
    lead_issues,
    lead_models,
    lead_overview,
    lead_policy,
    lead_policy_acts,
    lead_questions,
    lead_review,
    lead_taxonomy,
    lead_training,
    measuring,
    models,
    my,
    notifications,
    page_files,
    persons,
    policy,
    profiles,
    proposals,
    question_care,
    questions,
    reports,
    reviews,
    sign_in,
    threads,
    training,
    triage,
    trust,
    trust_page,
    widget,
)
from triage.settings import Settings

# What programs call, then what people see.
ROOMS = (
    *(
        triage,
        explanations,
        events,
        beacon,
        measuring,
        reports,
        gaps,
        follow_ups,
        threads,
        training,
        models,
        drift,
        persons,
        audit,
        trust,
        health,
        docs,
    ),
    *(policy,),
    *(known_issues, clusters, notifications),
    *(channels, deliveries, incoming),
    *(answers, proposals, profiles),
    *(reviews,),
    *(questions, question_care, my),
    *(sign_in, company, account, trust_page, page_files, widget),
    *(analytics, analytics_gaps),
    *(lead_overview, lead_models, lead_training),
    *(lead_drift, lead_issues, lead_review),
    *(lead_questions, lead_deliveries, lead_audit),
    *(lead_policy, lead_policy_acts, lead_taxonomy),
)
# There with the demo alone: elsewhere these addresses lead nowhere, whoever asks.
DEMO_ROOMS = (demo_forum, demo_ask, demo_people, demo_my)


class Application(FastAPI):
    """An application whose description includes the bodies that it reads itself."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = describe(self)
        return self.openapi_schema


def create_app(settings: Settings) -> FastAPI:
    """Return the application. Nothing is opened until it is started.

    Raises DemoElsewhere for a demo that others could reach.
    """
    check_demo(settings)
    installation = Installation(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(installation.open)
        yield
        await run_in_threadpool(installation.close)

    app = Application(
        title="Question triage",
        version=version("triage"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.installation = installation
    for room in (*ROOMS, *(DEMO_ROOMS if settings.demo else ())):
        # Flat, so that every route can be held against the table of access.
        app.router.routes.extend(room.router.routes)
    add_handlers(app)
    app.add_middleware(BodyLimit, limit_of=limits_of(settings))
    app.add_middleware(RateByAddress, rates=installation.rates)
    # Outside of whatever refuses: a page must be able to read why.
    app.add_middleware(CrossOrigin, allowed=AllowedOrigins(installation.origins))
    if settings.demo:
        app.add_middleware(DemoGuard)
    app.add_middleware(Envelope)
    return app
