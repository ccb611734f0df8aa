"""Random histories: any actor tries anything at any time, and what is allowed is done."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st

from tests.lifecycle.steps import START
from triage.errors import IllegalChange
from triage.lifecycle import Bringing, Posted, State, Who, Why, change, follow, receive, replay
from triage.records import Destination

# Machines that test may be busy: what is random is kept small, and no example is timed.
some = settings(max_examples=40, deadline=None)

BRINGS = st.builds(
    Bringing,
    why=st.none() | st.sampled_from(Why),
    by=st.none() | st.sampled_from(["anna", "forum"]),
    answer_id=st.none() | st.sampled_from(["a1", "a2", "a3"]),
    asked=st.sampled_from([(), ("ask_error",), ("ask_error", "ask_steps"), ("x", "y", "z")]),
    owner=st.none() | st.sampled_from(["anna", "forum", ""]),
)
# What an actor of goodwill brings, so that histories get somewhere.
FITTING = st.sampled_from(
    [
        Bringing(Why.OTHER),
        Bringing(Why.OTHER, answer_id="a1"),
        Bringing(Why.OTHER, answer_id="a2"),
        Bringing(Why.OTHER, asked=("ask_version",)),
        Bringing(Why.OTHER, owner="anna"),
        Bringing(Why.OTHER, owner="bo"),
    ]
)
TRIES = st.tuples(
    st.sampled_from(State),
    st.sampled_from(Who),
    FITTING | BRINGS,
    st.integers(0, 90).map(lambda hours: timedelta(hours=hours)),
)


@st.composite
def histories(draw: st.DrawFn) -> Posted:
    """Return a question after whatever of many tries was legal."""
    destination = draw(st.sampled_from(Destination))
    shareable = destination is Destination.COMMUNITY or draw(st.booleans())
    first = receive("q1", "c1", "forum", START, destination, shareable=shareable)
    question = replay([first])
    now = START
    for place, (wanted, who, brings, later) in enumerate(draw(st.lists(TRIES, max_size=20))):
        now += later
        try:
            made = change(question, wanted, who, f"t{place}", now, brings)
        except IllegalChange:
            continue
        question = follow(question, made)
    return question
