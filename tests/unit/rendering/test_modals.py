"""Forms as modals: within Slack's limits, and read back as they were filled in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import experiences
from bot.messages import Deed, Field, Form
from bot.rendering import modals
from bot.sandbox.blocks import BlockReader
from bot.words import words

fields = st.builds(
    Field,
    name=st.sampled_from(["one"]),
    label=st.sampled_from(["share_text", "return_question"]),
    options=st.lists(
        st.tuples(st.text("abc", min_size=1, max_size=20), st.text(min_size=1, max_size=200)), max_size=130
    ).map(lambda pairs: tuple({value: (value, text.strip() or "x") for value, text in pairs}.values())),
    many=st.booleans(),
    multiline=st.booleans(),
    optional=st.booleans(),
    initial=st.one_of(st.none(), st.text(max_size=4000)),
    maximum=st.integers(min_value=1, max_value=3000),
)


@given(fields)
def test_slack_takes_every_form(field: Field) -> None:
    view = modals.render(Form(Deed.SHARE, (field,), "private"), words())
    BlockReader().view(view, "modal")
    assert view["private_metadata"] == "private"
    assert view["callback_id"] == "share"


@given(st.text(max_size=5000))
def test_an_experience_may_be_shared_from_any_message(text: str) -> None:
    view = modals.render(experiences.form(words().label, text), words())
    BlockReader().view(view, "modal")
    names = [block["block_id"] for block in view["blocks"]]
    assert names == ["kind", "title", "text", "theme"]


def given_in(**values: Any) -> dict[str, Any]:
    return {"state": {"values": {name: {modals.INPUT: value} for name, value in values.items()}}}


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"type": "plain_text_input", "value": "two\nlines"}, ["two\nlines"]),
        ({"type": "plain_text_input", "value": None}, []),
        ({"type": "plain_text_input"}, []),
        ({"type": "static_select", "selected_option": {"value": "lesson"}}, ["lesson"]),
        ({"type": "static_select", "selected_option": None}, []),
        ({"type": "multi_static_select", "selected_options": [{"value": "a"}, {"value": "b"}]}, ["a", "b"]),
        ({"type": "multi_static_select", "selected_options": []}, []),
        ({}, []),
    ],
)
def test_what_was_filled_in_is_read_back(value: dict[str, Any], read: list[str]) -> None:
    assert modals.filled(given_in(field=value)) == {"field": read}


@pytest.mark.parametrize("view", [{}, {"state": {}}, {"state": {"values": {}}}, {"state": {"values": {"x": {}}}}])
def test_a_form_without_answers_is_empty(view: dict[str, Any]) -> None:
    assert modals.filled(view) in ({}, {"x": []})
