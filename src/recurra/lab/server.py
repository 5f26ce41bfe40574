"""The lab, served to the machine that it runs on: the page, and what it asks to be derived."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from recurra.errors import InputError
from recurra.lab.description import described_text, run_text
from recurra.lab.page import served_page

if TYPE_CHECKING:
    from recurra.diagnose import Diagnosis

__all__ = ["LabServer", "serve_lab"]

_LONGEST = 100_000
"""Bytes of a request."""

_ANSWERS = {"/derive": described_text, "/run": run_text}
"""What can be posted where: the text of a cell; answered are its equations, and what the page runs."""

_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' data:; style-src 'unsafe-inline'; font-src data:; "
    "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may do: run what is in it, and ask this server."""


class LabServer(ThreadingHTTPServer):
    """Serves the page at 127.0.0.1, and derives what is posted to it.

    Nobody else can use it: it listens to this machine alone, answers only under its own name, so that no other page
    reaches it through a name of its own, and derives only for who has the token that is in the page. What is posted is
    read as equations and never run as a program: see `recurra.lab.source`.

    Parameters
    ----------
    port : int
        0 takes a free one.
    model : Diagnosis or None
        What was measured of a trained model, which the page shows.

    Raises
    ------
    InputError
        If the port is taken.

    Examples
    --------
    >>> import threading
    >>> from urllib.request import urlopen
    >>> from recurra.lab import LabServer
    >>> with LabServer() as lab:
    ...     threading.Thread(target=lab.serve_forever).start()
    ...     page = urlopen(lab.address).read()
    ...     lab.shutdown()
    >>> page[:15]
    b'<!doctype html>'
    """

    daemon_threads = True

    def __init__(self, port: int = 0, *, model: Diagnosis | None = None) -> None:
        try:
            super().__init__(("127.0.0.1", port), _Handler)
        except (OSError, OverflowError) as error:
            raise InputError(f"port {port}: {error}; --port 0 takes a free one") from None
        self.token = secrets.token_urlsafe(16)
        self.page = served_page(self.token, model=model).encode()

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.server_port}/"

    @property
    def names(self) -> frozenset[str]:
        """The hosts under which it answers."""
        return frozenset(f"{name}:{self.server_port}" for name in ("127.0.0.1", "localhost"))


class _Handler(BaseHTTPRequestHandler):
    server: LabServer  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        """Answer with the page."""
        if not self._is_own():
            self._answer(HTTPStatus.FORBIDDEN, b"this name is not the lab's")
        elif self.path.partition("?")[0] == "/":
            self._answer(HTTPStatus.OK, self.server.page, "text/html; charset=utf-8")
        else:
            self._answer(HTTPStatus.NOT_FOUND, b"there is the page, /")

    def do_POST(self) -> None:
        """Derive a cell."""
        length = self.headers.get("Content-Length", "")
        given = self.headers.get("X-Recurra-Lab", "")
        if not self._is_own() or not hmac.compare_digest(given.encode(), self.server.token.encode()):
            self._refuse(HTTPStatus.FORBIDDEN, b"only the lab's own page may ask")
        elif self.path not in _ANSWERS:
            self._refuse(HTTPStatus.NOT_FOUND, f"there are {', '.join(_ANSWERS)}".encode())
        elif not length.isdecimal() or int(length) > _LONGEST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"a text is too long")
        else:
            self._derive(self.rfile.read(int(length)))

    def _derive(self, body: bytes) -> None:
        try:
            text = json.loads(body)["text"]
        except (ValueError, LookupError, TypeError, RecursionError):
            text = None
        if not isinstance(text, str):
            self._answer(HTTPStatus.BAD_REQUEST, b'expected {"text": "..."}')
            return
        self._answer(HTTPStatus.OK, json.dumps(_ANSWERS[self.path](text)).encode(), "application/json")

    def _is_own(self) -> bool:
        """Whether the request names this server, and comes from its page if from any."""
        origin = self.headers.get("Origin")
        is_ours = origin is None or origin.removeprefix("http://") in self.server.names
        return self.headers.get("Host") in self.server.names and is_ours

    def _refuse(self, status: HTTPStatus, said: bytes) -> None:
        """Answer without reading what was sent; the connection ends."""
        self.close_connection = True
        self._answer(status, said)

    def _answer(self, status: HTTPStatus, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind), ("Content-Length", str(len(body))), ("Content-Security-Policy", _POLICY),
            ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store"),
        ):  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of each request."""


def serve_lab(
    *, port: int = 8322, model: Diagnosis | None = None, started: Callable[[str], None] | None = None
) -> None:
    """Serve the lab until Ctrl-C.

    Parameters
    ----------
    port
        0 takes a free one.
    model
        What was measured of a trained model, which the page shows; see `lab_page`.
    started
        Called with the page's address once it answers.

    Raises
    ------
    InputError
        If the port is taken.

    Examples
    --------
    >>> from recurra.lab import serve_lab
    >>> def look(address):
    ...     print(address[:17])
    ...     raise KeyboardInterrupt  # as Ctrl-C does
    >>> try:
    ...     serve_lab(port=0, started=look)
    ... except KeyboardInterrupt:
    ...     pass
    http://127.0.0.1:
    """
    with LabServer(port, model=model) as server:
        if started is not None:
            started(server.address)
        server.serve_forever()
