"""Connections of the served review: at most so many an address, and none that waits for ever; the home of uvicorn."""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter
from collections.abc import Collection
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from leadqual.web.answer_headers import HEADERS, NO_PAGE_POLICY

__all__ = ["limited_protocol"]

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_ONE_SENDER = 64  # bits of an IPv6 address: one client usually has the whole /64
_WHOLE = (h11.DONE, h11.MUST_CLOSE, h11.CLOSED, h11.ERROR)


def limited_protocol(
    *,
    max_per_address: int = 40,
    max_connections: int = 1000,
    request_seconds: float = 20.0,
    unlimited: Collection[str] = (),
) -> type[asyncio.Protocol]:
    """Return a protocol for uvicorn that silent and slow clients cannot use up.

    A connection is ended when a whole request has not arrived in time, counted from when the connection was made or the
    last answer was sent, and at once when its address, or all together, have too many others open. What is no HTTP is
    answered with 400 and the headers of every other answer.

    Parameters
    ----------
    max_per_address
        Connections that one address may hold open; of IPv6 all that share their first 64 bits are one.
    max_connections
        Connections that all may hold open together.
    request_seconds
        Time for the head and the body of a request.
    unlimited
        Addresses and networks (``"10.0.0.0/8"``) that may hold as many as all together, such as a proxy in front.

    Raises
    ------
    ValueError
        When ``unlimited`` holds something else.

    Examples
    --------
    >>> limited_protocol(max_per_address=2).__name__
    'ServerProtocol'
    """
    # uvicorn makes a protocol for each connection by calling the class, so what they share stands on the class
    shared = {
        "held": Counter(),
        "max_per_address": max_per_address,
        "max_connections": max_connections,
        "request_seconds": request_seconds,
        "unlimited": tuple(ipaddress.ip_network(one, strict=False) for one in unlimited),
    }
    return type("ServerProtocol", (_LimitedProtocol,), shared)


class _LimitedProtocol(H11Protocol):
    """Counts the connections of each address, and ends those whose request does not arrive."""

    held: ClassVar[Counter[str]]
    max_per_address: ClassVar[int]
    max_connections: ClassVar[int]
    request_seconds: ClassVar[float]
    unlimited: ClassVar[tuple[_Network, ...]]
    _waiting: asyncio.TimerHandle | None = None
    _sender: str | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        super().connection_made(transport)
        if len(self.connections) > self.max_connections:
            transport.abort()
            return
        sender = _sender("" if self.client is None else self.client[0], self.unlimited)
        if sender is not None:
            if self.held[sender] >= self.max_per_address:
                transport.abort()
                return
            self.held[sender] += 1
            self._sender = sender
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        if self._sender is not None:
            self.held[self._sender] -= 1
            if not self.held[self._sender]:
                del self.held[self._sender]
            self._sender = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state in _WHOLE:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing():
            self._wait()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP; where an answer was begun already, end the connection and say nothing."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(msg)), "Connection": "close"}
        headers |= {"Content-Security-Policy": NO_PAGE_POLICY, **HEADERS}
        for event in (
            h11.Response(status_code=400, headers=list(headers.items()), reason=b"Bad Request"),
            h11.Data(data=msg.encode("ascii")),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _wait(self) -> None:
        self._stop_waiting()
        self._waiting = self.loop.call_later(self.request_seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def _sender(address: str, unlimited: Collection[_Network]) -> str | None:
    """Return under which name an address is counted; None where it may hold any number."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # a Unix socket has none
        return address
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if any(found in network for network in unlimited):
        return None
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, _ONE_SENDER), strict=False))
    return str(found)
