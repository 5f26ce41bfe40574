"""The options of a server: where it listens, where sessions are kept, and how much it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from recurra.errors import InputError
from recurra.training.option_fields import Described, check_options

__all__ = ["ServeOptions"]

_ORIGIN = re.compile(r"\*|null|[A-Za-z][\w+.-]*://[^/?#\s]+/?")
"""What a browser may say in Origin, which has no path."""

_HOST = re.compile(r"\*|[^/:\s]+")

_NETWORK = "Network"
_SESSIONS = "Sessions"
_LIMITS = "Limits"


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """How models are served.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds.

    Examples
    --------
    >>> from recurra.serve import ServeOptions
    >>> ServeOptions(port=0, storage="memory").durable
    True
    """

    host: Annotated[
        str, Described("Address to listen at; only this machine reaches the default. 0.0.0.0 is everybody.", _NETWORK)
    ] = "127.0.0.1"
    port: Annotated[int, Described("Port; 0 takes a free one.", _NETWORK, minimum=0, maximum=65535)] = 8321
    token_file: Annotated[
        str | None,
        Described(
            "File with the token that every request has to have, as Authorization: Bearer TOKEN; else what "
            "RECURRA_SERVE_TOKEN says, if it says something.",
            _NETWORK,
        ),
    ] = None
    cors: Annotated[
        tuple[str, ...],
        Described("Origin whose pages in a browser may use the server, or *; none by default.", _NETWORK),
    ] = ()
    allowed_hosts: Annotated[
        tuple[str, ...],
        Described(
            "Name by which the server is reached beside localhost, --host and addresses, as that of a proxy; or *. "
            "Others are refused, as those of pages that pretend to be this machine.",
            _NETWORK,
        ),
    ] = ()
    storage: Annotated[
        str,
        Described(
            "Where sessions are kept: sqlite:FILE, which processes of a machine may share; log:FILE, of one process "
            "and fastest; a Redis or Valkey URL (redis://HOST:6379/0), which machines share; or memory.",
            _SESSIONS,
        ),
    ] = "sqlite:recurra-sessions.sqlite"
    key_file: Annotated[
        str | None,
        Described(
            "File with the key that signs states; else what RECURRA_SERVE_KEY says; else one of its own beside the "
            "file of the sessions. Workers that share sessions share the key.",
            _SESSIONS,
        ),
    ] = None
    durable: Annotated[
        bool,
        Described(
            "Whether a step is stored before it is acknowledged, so that no crash loses it and workers may share "
            "sessions; else states are stored every few seconds, when they leave memory, and at a stop.",
            _SESSIONS,
        ),
    ] = True
    resident: Annotated[
        int,
        Described("Most states in memory, of each model; the rest waits in the storage.", _SESSIONS, minimum=1,
                  maximum=10_000_000),
    ] = 10_000  # fmt: skip
    idle: Annotated[
        float, Described("Seconds without a message after which a state leaves memory.", _SESSIONS, above=0)
    ] = 300.0
    expire: Annotated[
        float, Described("Seconds without a message after which a session is forgotten.", _SESSIONS, above=0)
    ] = 86_400.0
    sessions: Annotated[
        int, Described("Most sessions that the storage may hold.", _LIMITS, minimum=1, maximum=1_000_000_000)
    ] = 1_000_000
    queue: Annotated[int, Described("Most messages of a session that wait.", _LIMITS, minimum=1, maximum=1_000_000)] = (
        32
    )
    pending: Annotated[
        int, Described("Most messages of all sessions that wait.", _LIMITS, minimum=1, maximum=100_000_000)
    ] = 20_000
    body: Annotated[int, Described("Most bytes of a request or a message.", _LIMITS, minimum=64, maximum=1 << 31)] = (
        4 << 20
    )
    steps: Annotated[
        int, Described("Most steps of a message, and tokens that it may ask for.", _LIMITS, minimum=1,
                       maximum=100_000_000)
    ] = 10_000  # fmt: skip
    again: Annotated[
        int,
        Described(
            "Most tokens or rows that a session may keep where a model reads them all again at each message: both "
            "directions, attention, tags, forecasts.",
            _LIMITS,
            minimum=1,
            maximum=100_000_000,
        ),
    ] = 1000
    rate: Annotated[
        float | None, Described("Most requests and messages a second of one address, on the average.", _LIMITS, above=0)
    ] = None

    def __post_init__(self) -> None:
        check_options(self)
        for given in self.cors:
            if not _ORIGIN.fullmatch(given):
                raise InputError(f"cors = {given!r}: expected an origin, such as https://page.example, or *")
        for given in self.allowed_hosts:
            if not _HOST.fullmatch(given):
                raise InputError(f"allowed_hosts = {given!r}: expected a name without a port, or *")
