"""A server process: a socket, signals, a stop that waits for what has been asked."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import final

import uvicorn
from torch import nn

from recurra.errors import InputError
from recurra.serve.app import make_app
from recurra.serve.guards import REFUSED, LogLines, log
from recurra.serve.options import ServeOptions

__all__ = ["GracefulServer", "serve"]

_STOP_SECONDS = 10

_GIL_SECONDS = 5e-4
"""After which a thread that waits for the GIL gets it, as that of the ticks does at each call that released it."""


def serve(models: Mapping[str, str | Path | nn.Module], /, *, options: ServeOptions | None = None) -> None:
    """Serve models until the process is told to stop: SIGTERM or Ctrl-C finish what was asked, SIGHUP reads them anew.

    Parameters
    ----------
    models, options
        See `recurra.serve.make_app`.

    Raises
    ------
    InputError
        If the address cannot be listened at, such as a port in use; or as `recurra.serve.make_app`.
    ModelFolderError, StorageError
        As `recurra.serve.make_app`.
    """
    options = options or ServeOptions()
    listening = _listening(options)
    try:
        app = make_app(models, options=options)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="on", ws="websockets-sansio",
            ws_max_size=REFUSED * options.body, ws_per_message_deflate=False, server_header=False, proxy_headers=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )  # fmt: skip
        host, port = listening.getsockname()[:2]
        log("listening", address=f"http://{f'[{host}]' if ':' in host else host}:{port}")
        sys.setswitchinterval(_GIL_SECONDS)
        gc.collect()
        gc.freeze()  # what is there now stays: to look through all of it again and again would hold up ticks
        logging.getLogger("uvicorn.error").addHandler(LogLines(logging.WARNING))
        # when it has stopped, uvicorn raises again the signals that told it to: to stop is no failure
        earlier = {each: signal.signal(each, lambda *_: None) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
                runner.run(_run(GracefulServer(config), app, listening))
        finally:
            for number, handler in earlier.items():
                signal.signal(number, handler)
    finally:
        listening.close()


@final
class GracefulServer(uvicorn.Server):
    """A server that answers what was asked by WebSockets, too, before it closes them."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close all connections, once what was asked is answered."""
        until = time.monotonic() + _STOP_SECONDS
        await self.config.app.state.drain(lambda: self.force_exit or time.monotonic() > until)  # type: ignore[union-attr]
        self.config.timeout_graceful_shutdown = max(1, round(until - time.monotonic()))
        await super().shutdown(sockets)


async def _run(server: uvicorn.Server, app: object, listening: socket.socket) -> None:
    reload = app.state.reload_all  # type: ignore[attr-defined]
    tasks = set[asyncio.Task[None]]()

    def on_hangup() -> None:
        task = asyncio.ensure_future(reload())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    if hasattr(signal, "SIGHUP"):
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, on_hangup)
    await server.serve(sockets=[listening])


def _listening(options: ServeOptions) -> socket.socket:
    """Return a socket that listens, before anything is loaded."""
    made = None
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            options.host, options.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, proto)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(2048)
    except OSError as error:
        if made is not None:
            made.close()
        hint = "; is another server running? --port 0 takes a free port" if error.errno == errno.EADDRINUSE else ""
        raise InputError(
            f"--host {options.host} --port {options.port}: cannot listen there: {error.strerror or error}{hint}"
        ) from None
    made.setblocking(False)
    return made
