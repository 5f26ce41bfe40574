"""What every request passes: the token, the rate, the size of its body, the log; and how a refusal is told."""

from __future__ import annotations

import hmac
import ipaddress
import json
import logging
import re
import sys
import time
import traceback
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, final

from pydantic_core import to_json
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recurra.errors import RecurraError, StorageError
from recurra.serve.messages import Refusal
from recurra.serve.metrics import ServerMetrics
from recurra.serve.options import ServeOptions

__all__ = [
    "JSON",
    "OPEN",
    "REFUSED",
    "Guards",
    "LogLines",
    "RateLimit",
    "body_of",
    "deny",
    "log",
    "refusal_of",
    "refused",
]

OPEN = ("/healthz", "/readyz")
"""What needs no token."""

REFUSED = 4
"""Times the size that is taken, up to which a body or a message is refused with a reason; beyond, it is cut off."""

_ADDRESSES = 10_000
"""Of which the rate is known."""


class JSON(Response):
    """A response that says a value as JSON."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the value as bytes; what is not finite is null."""
        return to_json(content, inf_nan_mode="null")


def log(event: str, **values: Any) -> None:
    """Write a line of JSON to stderr."""
    sys.stderr.write(json.dumps({"time": round(time.time(), 3), "event": event, **values}, default=str) + "\n")
    sys.stderr.flush()


@final
class LogLines(logging.Handler):
    """Writes what libraries log as lines of JSON."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        message = record.getMessage()
        if "without completing handshake" in message:
            return  # a WebSocket that was refused before it was opened, as it should be
        where = {} if record.exc_info is None else {"where": "".join(traceback.format_exception(*record.exc_info))}
        log(record.levelname.lower(), message=message, **where)


def refusal_of(error: Exception, /) -> Refusal:
    """Return an error as it is told; what is no refusal is a fault of the server, which is logged."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, StorageError):
        return Refusal(503, "storage", str(error))
    if isinstance(error, RecurraError):
        return Refusal(422, "invalid", str(error))
    log("fault", error=repr(error), where="".join(traceback.format_exception(error)))
    return Refusal(500, "fault", "the server failed; its log says how")


def refused(refusal: Refusal, /) -> dict[str, Any]:
    """Return a refusal as JSON."""
    return {"error": {"status": refusal.status, "code": refusal.code, "reason": refusal.reason}}


def _response(refusal: Refusal) -> JSON:
    headers = {"Retry-After": "1"} if refusal.status in (429, 503) else {}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if refusal.status == 426:
        headers["Upgrade"] = "websocket"
    return JSON(refused(refusal), refusal.status, headers)


async def on_error(_: Request, error: Exception) -> Response:
    """Answer what a request has raised."""
    return _response(refusal_of(error))


async def body_of(request: Request, /, *, most: int) -> bytes:
    """Return a body, of which no more is kept than may be sent; `Refusal` if there is more.

    Who sends is told only where what was sent is read: else the connection is reset before the answer is seen. So up
    to `REFUSED` times as much is read, and thrown away.
    """
    said = request.headers.get("content-length", "")
    size = int(said) if said.isdecimal() else 0
    refusal = Refusal(413, "body", f"the body has {size or 'more than ' + str(most)} bytes; expected at most {most}")
    if size > REFUSED * most:
        raise refusal
    pieces, total = list[bytes](), 0
    async for piece in request.stream():
        total += len(piece)
        if max(size, total) <= most:
            pieces.append(piece)
        elif total > REFUSED * most:
            raise refusal
    if max(size, total) > most:
        raise refusal
    return b"".join(pieces)


@final
class RateLimit:
    """Takes so many requests a second of an address, on the average; a second's worth at once."""

    def __init__(self, rate: float | None) -> None:
        self._rate = rate
        self._known: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, address: str, /) -> None:
        """Count a request; `Refusal` if it is one too many."""
        if self._rate is None:
            return
        now, most = time.monotonic(), max(1.0, self._rate)
        left, then = self._known.pop(address, (most, now))
        left = min(most, left + (now - then) * self._rate)
        is_free = left >= 1
        self._known[address] = left - is_free, now
        if len(self._known) > _ADDRESSES:
            self._known.popitem(last=False)
        if not is_free:
            raise Refusal(429, "rate", f"more than {self._rate:g} requests a second came from {address}")


@final
class Guards:
    """Middleware around all addresses.

    Parameters
    ----------
    app
        What answers.
    token
        What a request has to have; None for none.
    options, metrics, rate
        The limits; and what counts.
    """

    def __init__(
        self, app: ASGIApp, *, token: str | None, options: ServeOptions, metrics: ServerMetrics, rate: RateLimit
    ) -> None:
        self._app, self._token, self._metrics, self._rate = app, token, metrics, rate
        # browsers say both in small letters, and an origin without a stroke at its end
        self._hosts = {each.lower() for each in ("localhost", options.host, *options.allowed_hosts)}
        self._origins = {each.lower().removesuffix("/") for each in options.cors}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let it through."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        begun, status, has_begun = time.perf_counter(), 101 if scope["type"] == "websocket" else 500, False

        async def sending(message: Message) -> None:
            nonlocal status, has_begun
            has_begun = True
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), *self._cors(scope)]}
            await send(message)

        try:
            refusal = self._refusal(scope)
            if refusal is None:
                await self._app(scope, receive, sending)
            elif refusal.status == 204:
                await Response(status_code=204)(scope, receive, sending)
            elif scope["type"] == "http":
                await _response(refusal)(scope, receive, sending)
            else:
                await deny(refusal, sending, receive)
        except Exception as error:
            said = refusal_of(error)
            if scope["type"] == "http" and not has_begun:
                await _response(said)(scope, receive, sending)
        finally:
            self._metrics.count("requests", label=f'status="{status}"')
            if scope["path"] not in (*OPEN, "/metrics"):
                seconds = time.perf_counter() - begun
                method = scope.get("method", "WEBSOCKET")
                log("request", method=method, path=scope["path"], status=status, seconds=round(seconds, 5))

    def _refusal(self, scope: Scope) -> Refusal | None:
        connection = HTTPConnection(scope)
        headers = connection.headers
        if scope.get("method") == "OPTIONS" and "access-control-request-method" in headers:
            return Refusal(204, "", "")  # what is asked before a request has no token
        if scope["path"] in OPEN:
            return None
        if self._token is not None:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            is_known = hmac.compare_digest(given.strip().encode(), self._token.encode())
            if scheme.lower() != "bearer" or not is_known:
                return Refusal(401, "token", "expected the header Authorization: Bearer TOKEN with the server's token")
        # a page whose name was made to mean this machine (DNS rebinding) has its own name in Host, never an address
        host = re.sub(r":\d*$", "", headers.get("host", "")).strip("[]").lower()
        if "host" in headers and not self._is_own(host):
            return Refusal(403, "host", f"this server does not answer as {host!r}; see --allowed-hosts")
        # CORS alone would let a page of another origin open WebSockets and send what it cannot read the answer of
        origin = headers.get("origin", "")
        if origin and not self._is_allowed(origin, headers):
            return Refusal(403, "origin", f"pages of {origin} may not use this server; see --cors")
        try:
            self._rate.check(connection.client.host if connection.client else "")
        except Refusal as refusal:
            return refusal
        return None

    def _is_own(self, host: str) -> bool:
        """Return whether a request is for this server: an address, localhost, or a name that it was given."""
        if "*" in self._hosts or host in self._hosts:
            return True
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return False
        return True

    def _is_allowed(self, origin: str, headers: Mapping[str, str]) -> bool:
        return self._shares_with(origin) or origin.partition("://")[2] == headers.get("host", "")

    def _shares_with(self, origin: str) -> bool:
        return "*" in self._origins or origin.lower() in self._origins

    def _cors(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        origin = HTTPConnection(scope).headers.get("origin", "")
        if not origin or not self._shares_with(origin):
            return []
        return [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-headers", b"authorization, content-type"),
            (b"access-control-allow-methods", b"GET, POST, PUT, DELETE"),
            (b"vary", b"Origin"),
        ]


async def deny(refusal: Refusal, send: Send, receive: Receive) -> None:
    """Refuse a WebSocket before it is opened."""
    await receive()
    content = JSON(refused(refusal), refusal.status)
    await send({"type": "websocket.http.response.start", "status": refusal.status, "headers": content.raw_headers})
    await send({"type": "websocket.http.response.body", "body": bytes(content.body)})
