"""Connections of the served review: at most so many an address, and none that waits for ever; the home of uvicorn."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["limited_protocol"]

_WHOLE = (h11.DONE, h11.MUST_CLOSE, h11.CLOSED, h11.ERROR)


def limited_protocol(
    *, max_per_address: int = 40, request_seconds: float = 20.0, unlimited: Collection[str] = ()
) -> type[asyncio.Protocol]:
    """Return a protocol for uvicorn that silent and slow clients cannot use up.

    A connection is ended when a whole request has not arrived in time, counted from when the connection was made or the
    last answer was sent, and at once when its address has too many others open.

    Parameters
    ----------
    max_per_address
        Connections that one address may hold open.
    request_seconds
        Time for the head and the body of a request.
    unlimited
        Addresses that may hold any number, such as a proxy in front.

    Examples
    --------
    >>> limited_protocol(max_per_address=2).__name__
    'ServerProtocol'
    """
    # uvicorn makes a protocol for each connection by calling the class, so what they share stands on the class
    shared = {
        "held": Counter(),
        "max_per_address": max_per_address,
        "request_seconds": request_seconds,
        "unlimited": frozenset(unlimited),
    }
    return type("ServerProtocol", (_LimitedProtocol,), shared)


class _LimitedProtocol(H11Protocol):
    """Counts the connections of each address, and ends those whose request does not arrive."""

    held: ClassVar[Counter[str]]
    max_per_address: ClassVar[int]
    request_seconds: ClassVar[float]
    unlimited: ClassVar[frozenset[str]]
    _waiting: asyncio.TimerHandle | None = None
    _address: str | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        address = "" if self.client is None else self.client[0]
        if address not in self.unlimited:
            if self.held[address] >= self.max_per_address:
                transport.abort()
                return
            self.held[address] += 1
            self._address = address
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        if self._address is not None:
            self.held[self._address] -= 1
            if not self.held[self._address]:
                del self.held[self._address]
            self._address = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state in _WHOLE:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing():
            self._wait()

    def _wait(self) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(self.request_seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
