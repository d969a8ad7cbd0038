"""A client that has left is no error; an error is one, whoever has left."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from api.console.gone import Gone


async def receive() -> Message:
    return {"type": "http.disconnect"}


async def send(message: Message) -> None:
    raise AssertionError(message)


async def leaves_then_fails(_scope: Scope, receive: Receive, _send: Send) -> None:
    await receive()
    raise RuntimeError("No response returned.")


async def fails(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError("a mistake of ours")


def test_who_left_before_the_answer_gets_none_and_nothing_is_raised() -> None:
    asyncio.run(Gone(leaves_then_fails)({"type": "http"}, receive, send))


def test_a_mistake_while_somebody_waits_is_raised() -> None:
    with pytest.raises(RuntimeError, match="a mistake of ours"):
        asyncio.run(Gone(fails)({"type": "http"}, receive, send))
