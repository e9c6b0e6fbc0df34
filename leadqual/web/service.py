"""The review as a web service: a page for each guest, and what they may send; the one home of starlette."""

from __future__ import annotations

import asyncio
import html
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from leadqual.bundle.record import MAX_WHOLE
from leadqual.errors import LeadqualError
from leadqual.review.page import entrance_page, review_page
from leadqual.web.answer_headers import HEADERS, NO_PAGE_POLICY
from leadqual.web.draft import StaleEditError
from leadqual.web.room import Room
from leadqual.web.sessions import RateLimit, Session, Sessions

__all__ = ["COOKIE", "review_app"]

COOKIE = "leadqual"
_MAX_BODY_BYTES = 64 * 1024
_BODY_SECONDS = 10.0
_LOG = logging.getLogger("leadqual.review")
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


@dataclass(frozen=True, slots=True)
class _Limits:
    enter: RateLimit
    read: RateLimit
    write: RateLimit
    price: RateLimit


class _RefusedError(Exception):
    """A request that gets nothing: a status, and a code that the page has a sentence for."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def review_app(
    room: Room,
    *,
    now: Callable[[], datetime],
    clock: Callable[[], float],
    hosts: Sequence[str] = ("127.0.0.1", "localhost"),
    language: str = "en",
    secure: bool = False,
) -> Starlette:
    """Return the service as an ASGI application.

    Who has no session gets an empty entrance and nothing else. A session begins with the secret of a personal link,
    lives in a signed cookie (HttpOnly, SameSite=Strict), and carries the name and role that were said when the person
    was invited; whatever a request says about who it is from is ignored. Whatever changes anything must be JSON from
    this very origin with a form's token, each of which counts once.

    Parameters
    ----------
    room
        What is reviewed.
    now, clock
        Return the time (with its zone), and seconds that only go up.
    hosts
        The names under which it is reached; requests to any other are refused.
    language
        The language in which pages open, ``"en"`` or ``"zh"``.
    secure
        Whether it is reached by https alone, so that cookies never travel otherwise.

    Examples
    --------
    Run ``leadqual review serve``; ``tests/review/test_service.py`` uses it in every way.
    """
    return _Service(room, now, clock, language, secure).app(hosts)


class _Service:
    def __init__(
        self, room: Room, now: Callable[[], datetime], clock: Callable[[], float], language: str, secure: bool
    ) -> None:
        self._room, self._now, self._language, self._secure = room, now, language, secure
        self._sessions = Sessions(clock)
        self._limits = _Limits(RateLimit(20, clock), RateLimit(600, clock), RateLimit(120, clock), RateLimit(12, clock))

    def app(self, hosts: Sequence[str]) -> Starlette:
        writes = {
            "/edits": self._propose,
            "/withdrawals": self._withdraw,
            "/comments": self._comment,
            "/settlement": self._settle,
            "/signature": self._sign,
            "/signature-withdrawal": self._take_back,
        }
        routes = [
            Route("/", self._guarded(self._page)),
            Route("/enter", self._guarded(self._entrance)),
            Route("/enter", self._guarded(self._enter), methods=["POST"]),
            Route("/leave", self._guarded(self._leave), methods=["POST"]),
            Route("/state", self._guarded(self._state)),
            *(
                Route(path, self._guarded(self._writing(act, self._limits.write)), methods=["POST"])
                for path, act in writes.items()
            ),
            # a refit takes seconds of this machine
            Route(
                "/price",
                self._guarded(self._writing(self._price, self._limits.price, by_readers=True)),
                methods=["POST"],
            ),
        ]
        middleware = [
            Middleware(_ClosedAnswers),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        ]
        return Starlette(routes=routes, middleware=middleware, exception_handlers={HTTPException: _nothing})

    def _guarded(self, act: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            try:
                response = await act(request)
            except _RefusedError as refused:
                _LOG.warning("refused %s %s: %s", request.method, request.url.path, refused.code)
                response = JSONResponse({"refused": refused.code}, refused.status)
            except ClientDisconnect:
                response = JSONResponse({"refused": "left"}, 400)
            except Exception as error:  # whatever a request does, it gets an answer, and the log gets no values of it
                _LOG.error("failed %s %s: %s", request.method, request.url.path, type(error).__name__)
                response = JSONResponse({"refused": "failed"}, 500)
            return response

        return guarded

    async def _session(self, request: Request) -> Session:
        session = self._sessions.find(request.cookies.get(COOKIE))
        if session is None:
            raise _RefusedError(401, "no_session")
        if not await run_in_threadpool(self._room.welcome, session.guest, at=self._at()):
            self._sessions.close(request.cookies.get(COOKIE))
            raise _RefusedError(401, "no_session")
        return session

    async def _page(self, request: Request) -> Response:
        try:
            session = await self._session(request)
        except _RefusedError:
            return await self._entrance(request)
        if not self._limits.read.allows(session.guest.name):
            raise _RefusedError(429, "too_fast")
        me = {"name": session.guest.name, "role": session.guest.role}
        served = {"form": session.form(), "me": me}
        return _html(await run_in_threadpool(review_page, self._room.data, language=self._language, served=served))

    async def _entrance(self, request: Request) -> Response:  # noqa: ARG002  # starlette's signature
        return _html(entrance_page(language=self._language))

    async def _enter(self, request: Request) -> Response:
        body = await self._body(request)
        secret = body.get("secret")
        guest = None
        if isinstance(secret, str):
            guest = await run_in_threadpool(self._room.enter, secret, at=self._at())
        if guest is None:
            # only wrong secrets count: whoever tries many shuts nobody out who has a right one
            if not self._limits.enter.allows(request.client.host if request.client else ""):
                raise _RefusedError(429, "too_fast")
            raise _RefusedError(403, "no_such_link")
        response = JSONResponse({"welcome": True})
        response.set_cookie(
            COOKIE, self._sessions.open(guest), httponly=True, samesite="strict", secure=self._secure, path="/"
        )
        return response

    async def _leave(self, request: Request) -> Response:
        await self._session(request)
        await self._body(request)
        self._sessions.close(request.cookies.get(COOKIE))
        response = JSONResponse({"left": True})
        response.delete_cookie(COOKIE, path="/")
        return response

    async def _state(self, request: Request) -> Response:
        session = await self._session(request)
        if not self._limits.read.allows(session.guest.name):
            raise _RefusedError(429, "too_fast")
        return JSONResponse(await run_in_threadpool(self._room.state, session.guest))

    def _writing(
        self,
        act: Callable[[Session, Mapping[str, Any]], Mapping[str, Any] | None],
        limit: RateLimit,
        *,
        by_readers: bool = False,
    ) -> Callable[[Request], Awaitable[Response]]:
        async def writing(request: Request) -> Response:
            session = await self._session(request)
            if not limit.allows(session.guest.name):
                raise _RefusedError(429, "too_fast")
            body = await self._body(request)
            if not (by_readers or self._room.may_write(session.guest)):
                await run_in_threadpool(self._room.refuse, session.guest, "writing as a reader", at=self._at())
                raise _RefusedError(403, "reads_only")
            if not session.take(body.get("form")):
                await run_in_threadpool(self._room.refuse, session.guest, "a form that was sent before", at=self._at())
                raise _RefusedError(403, "form_used")
            status, answer = await run_in_threadpool(self._answered, act, session, body)
            # whatever came of it, the page needs a token for what it sends next
            answer["form"] = session.form()
            return JSONResponse(answer, status)

        return writing

    def _answered(
        self,
        act: Callable[[Session, Mapping[str, Any]], Mapping[str, Any] | None],
        session: Session,
        body: Mapping[str, Any],
    ) -> tuple[int, dict[str, Any]]:
        try:
            found = act(session, body) or {}
        except StaleEditError as error:
            by = None if error.by is None else {"number": error.by.number, "edit": error.by.edit.to_dict()}
            return 409, {"refused": "stale", "said": str(error), "by": by, "state": self._room.state(session.guest)}
        except (LeadqualError, KeyError, TypeError) as error:
            message = str(error) if isinstance(error, LeadqualError) else "the request lacks what it must have; reload."
            return 400, {"refused": "not_possible", "said": message}
        return 200, {"state": self._room.state(session.guest), **found}

    def _propose(self, session: Session, body: Mapping[str, Any]) -> None:
        self._room.propose(session.guest, _mapping(body["edit"]), seen=_whole(body["seen"]), at=self._at())

    def _withdraw(self, session: Session, body: Mapping[str, Any]) -> None:
        self._room.withdraw(session.guest, _whole(body["number"]), at=self._at())

    def _comment(self, session: Session, body: Mapping[str, Any]) -> None:
        self._room.comment(session.guest, _text(body["text"]), field=_text(body.get("field", "")), at=self._at())

    def _price(self, session: Session, body: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002  # as all acts
        return {"price": self._room.price(by=body["by"]).to_dict()}

    def _settle(self, session: Session, body: Mapping[str, Any]) -> None:
        self._room.settle(session.guest, by=body["by"], seen=_whole(body["seen"]), at=self._at())

    def _sign(self, session: Session, body: Mapping[str, Any]) -> None:
        if body.get("role", session.guest.role) != session.guest.role:
            self._room.refuse(session.guest, "signing for another role", at=self._at())
            raise TypeError("a role that is not theirs")
        comment = _text(body.get("comment", ""))
        self._room.sign(session.guest, _text(body["digest"]), comment=comment, at=self._at())

    def _take_back(self, session: Session, body: Mapping[str, Any]) -> None:
        self._room.withdraw_sign_off(session.guest, reason=_text(body.get("reason", "")), at=self._at())

    async def _body(self, request: Request) -> dict[str, Any]:
        """Return the JSON object that was sent; refuse what another site could make a browser send."""
        origin = request.headers.get("origin")
        # a proxy in front may end https, so only where it was sent to is compared
        if origin is None or origin.partition("://")[2] != request.headers.get("host"):
            raise _RefusedError(403, "other_site")
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise _RefusedError(415, "not_json")
        whole = b""
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                async for part in request.stream():
                    whole += part
                    if len(whole) > _MAX_BODY_BYTES:
                        raise _RefusedError(413, "too_long")
        except TimeoutError:
            raise _RefusedError(408, "too_slow") from None
        try:
            body = json.loads(whole)
        except (ValueError, RecursionError):
            raise _RefusedError(400, "not_json") from None
        if not isinstance(body, dict):
            raise _RefusedError(400, "not_json")
        return body

    def _at(self) -> str:
        return self._now().isoformat(timespec="seconds")


def _html(page: str) -> Response:
    # the page says itself which script and style it may use; a header adds what a page cannot say
    policy = html.unescape(_POLICY.search(page).group(1))  # type: ignore[union-attr]  # every page has one
    return HTMLResponse(page, headers={"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"})


async def _nothing(request: Request, error: Exception) -> Response:  # noqa: ARG001  # starlette's signature
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse({"refused": "nothing_here"}, status)


class _ClosedAnswers:
    """Forbids a browser, with every answer, whatever the answer does not need."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def closed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", NO_PAGE_POLICY)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, closed)


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MAX_WHOLE:
        raise TypeError("not a whole number")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
