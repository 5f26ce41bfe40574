"""The addresses of the server, as an ASGI application."""

from __future__ import annotations

import asyncio
import io
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, final

import polars
from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from torch import nn

from recurra import __version__
from recurra.errors import InputError
from recurra.serve.blobs import read_key
from recurra.serve.guards import JSON, Guards, RateLimit, body_of, deny, log, on_error, refusal_of, refused
from recurra.serve.messages import Refusal, parsed
from recurra.serve.metrics import ServerMetrics
from recurra.serve.models import ServedModel, served
from recurra.serve.openapi import ARROW, BYTES, html_page, openapi
from recurra.serve.options import ServeOptions
from recurra.serve.sessions import SessionPool
from recurra.serve.storage import open_storage, storage_of

__all__ = ["make_app"]


def make_app(models: Mapping[str, str | Path | nn.Module], /, *, options: ServeOptions | None = None) -> Starlette:
    """Return the server of some models as an ASGI application.

    Parameters
    ----------
    models
        By the name that they have in addresses: folders as `recurra fit` writes them, layers of `recurra.nn` that can
        stream, or a `recurra.nn.Sequential`.
    options
        Where sessions are kept, and the limits; `host` and `port` are for `recurra.serve.serve` alone.

    Raises
    ------
    InputError
        If there is no model, a layer cannot stream, or a key cannot be read.
    ModelFolderError
        If a folder is missing, damaged or from a newer version.
    StorageError
        If the storage does not answer.

    Examples
    --------
    >>> from recurra.nn import GRU
    >>> from recurra.serve import ServeOptions, make_app
    >>> app = make_app({"gru": GRU(3, 8)}, options=ServeOptions(storage="memory"))
    """
    if not models:
        raise InputError("serve: got no model; expected one at least")
    options = options or ServeOptions()
    token = _token(options)
    file, is_shared = storage_of(options.storage)
    beside = None if file is None else file.with_name(file.name + ".key")
    key = read_key(options.key_file, beside=beside, shared=is_shared)
    known = {name: served(name, model) for name, model in models.items()}
    storage = open_storage(options.storage, expire=options.expire)
    metrics = ServerMetrics()
    rate = RateLimit(options.rate)
    server = _Server(options, metrics, rate, has_token=token is not None)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        server.pool = app.state.pool = SessionPool(known, storage, key=key, options=options, metrics=metrics)
        server.pool.on_trouble = lambda what, error: log("trouble", what=what, error=repr(error))
        await server.pool.start()
        log("ready", models=list(known), storage=options.storage.partition(":")[0])
        try:
            yield
        finally:
            await server.pool.stop()
            log("stopped")

    app = Starlette(
        routes=server.routes(),
        lifespan=lifespan,
        exception_handlers={Refusal: on_error, HTTPException: _on_http_error},
        middleware=[Middleware(Guards, token=token, options=options, metrics=metrics, rate=rate)],
    )
    app.state.reload_all, app.state.drain = server.reload_all, server.drain
    return app


def _token(options: ServeOptions) -> str | None:
    name, given = "RECURRA_SERVE_TOKEN", os.environ.get("RECURRA_SERVE_TOKEN") or None
    if options.token_file is not None:
        name = f"--token-file: {options.token_file}"
        try:
            given = Path(options.token_file).read_text(encoding="utf-8")
        except OSError as error:
            raise InputError(f"{name} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise InputError(f"{name} is no text; expected a token") from None
    if given is None:
        return None
    found = given.strip()
    if not found:
        raise InputError(f"{name} is empty; expected a token")
    if not (found.isascii() and found.isprintable()):
        raise InputError(f"{name}: expected letters, digits and signs of ASCII: a header holds no others")
    return found


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = error.detail.lower()
    return await on_error(request, _unknown(request.method, request.url.path, said, error.status_code))


def _unknown(method: str, path: str, said: str, status: int) -> Refusal:
    code = {404: "unknown_address", 405: "method"}.get(status, "http")
    return Refusal(status, code, f"{method} {path}: {said}; /openapi.json says what there is")


@final
class _Server:
    """What answers at each address."""

    pool: SessionPool

    def __init__(self, options: ServeOptions, metrics: ServerMetrics, rate: RateLimit, *, has_token: bool) -> None:
        self._options, self._metrics, self._rate, self._has_token = options, metrics, rate, has_token
        self._answering = 0  # messages of WebSockets

    def routes(self) -> list[Route | WebSocketRoute]:
        """Return the addresses."""
        model, session = "/v1/models/{name}", "/v1/models/{name}/sessions/{session}"
        return [
            Route("/", self.page),
            Route("/openapi.json", self.description),
            Route("/healthz", self.health),
            Route("/readyz", self.readiness),
            Route("/metrics", self.counts),
            Route("/v1/models", self.list),
            Route(model, self.show),
            Route(f"{model}/predict", self.predict, methods=["POST"]),
            Route(f"{model}/stream", self.events, methods=["POST"]),
            WebSocketRoute(f"{model}/stream", self.socket),
            WebSocketRoute(f"{model}/frames", self.frames),
            WebSocketRoute("/{path:path}", self.nowhere),
            Route(f"{model}/stream", self.upgrade),
            Route(f"{model}/frames", self.upgrade),
            Route(f"{model}/reload", self.reload, methods=["POST"]),
            Route(f"{model}/sessions", self.open, methods=["POST"]),
            Route(session, self.seen, methods=["GET"]),
            Route(session, self.forget, methods=["DELETE"]),
            Route(f"{session}/step", self.step, methods=["POST"]),
            Route(f"{session}/state", self.state, methods=["GET"]),
            Route(f"{session}/state", self.set_state, methods=["PUT"]),
            Route(f"{session}/fork", self.fork, methods=["POST"]),
        ]

    # what there is -----------------------------------------------------------------------------------------------

    async def page(self, _: Request) -> Response:
        """Answer with a page for people."""
        return HTMLResponse(html_page(self.pool.models.values()))

    async def description(self, _: Request) -> Response:
        """Answer with the description for programs."""
        return JSON(openapi(self.pool.models.values(), version=__version__, has_token=self._has_token))

    async def health(self, _: Request) -> Response:
        """Say that the process answers."""
        return JSON({"status": "ok"})

    async def readiness(self, _: Request) -> Response:
        """Say whether it takes requests."""
        await self.pool.check()
        return JSON({"status": "ready"})

    async def counts(self, _: Request) -> Response:
        """Answer with the counts."""
        return PlainTextResponse(self._metrics.text(), media_type="text/plain; version=0.0.4")

    async def list(self, _: Request) -> Response:
        """Answer with the models."""
        return JSON({"models": [model.described() for model in self.pool.models.values()]})

    async def show(self, request: Request) -> Response:
        """Answer with a model."""
        return JSON(self._model(request).described())

    async def reload(self, request: Request) -> Response:
        """Read a model's folder anew."""
        return JSON((await self._reloaded(self._model(request))).described())

    async def reload_all(self) -> None:
        """Read the folders of all models anew; what cannot be is logged, and the model stays."""
        for model in [each for each in self.pool.models.values() if each.folder is not None]:
            try:
                await self._reloaded(model)
            except Exception as error:
                log("not reloaded", model=model.name, reason=refusal_of(error).reason)

    async def _reloaded(self, model: ServedModel) -> ServedModel:
        folder = model.folder
        if folder is None:
            raise Refusal(409, "no_folder", f"{model.name} was not read from a folder")
        new = await run_in_threadpool(lambda: served(model.name, folder))
        await self.pool.replace(new)
        log("reloaded", model=model.name, digest=new.digest.hex())
        return new

    async def drain(self, is_enough: Callable[[], bool], /) -> None:
        """Take no more messages, and wait until those of WebSockets have been answered, or it is enough."""
        self.pool.is_stopping = True
        while self._answering and not is_enough():
            await asyncio.sleep(0.02)

    # whole sequences ---------------------------------------------------------------------------------------------

    async def predict(self, request: Request) -> Response:
        """Answer with what a model says of whole sequences."""
        model, content = self._model(request), await self._body(request)
        if _kind(request) == ARROW:
            frame = await run_in_threadpool(lambda: model.predict_frame(_frame(content)))
            accepted = request.headers.get("accept", "")
            if "application/json" in accepted and ARROW not in accepted:
                return JSON({model.answer_name: frame.to_dicts()})
            return Response(_arrow(frame), media_type=ARROW)
        self._expect_json(request)
        body = parsed(model.body_kind, content)
        for name in ("length", "horizon"):
            if (getattr(body, name, None) or 0) > (most := self._options.steps):
                raise Refusal(413, "steps", f"{name} = {getattr(body, name)}: expected at most {most}")
        return JSON(await run_in_threadpool(lambda: model.predict(body)))

    # sessions ----------------------------------------------------------------------------------------------------

    async def open(self, request: Request) -> Response:
        """Begin a session."""
        content = await self._body(request)
        id = await self.pool.open(self._model(request).name, content or None)
        return JSON({"session": id}, 201)

    async def seen(self, request: Request) -> Response:
        """Say how many messages a session has seen."""
        name, id = self._session(request)
        return JSON({"session": id, "model": name, "version": await self.pool.seen(name, id)})

    async def forget(self, request: Request) -> Response:
        """Forget a session."""
        await self.pool.delete(*self._session(request))
        return Response(status_code=204)

    async def step(self, request: Request) -> Response:
        """Run a message."""
        content = await self._body(request)
        self._expect_json(request)
        name, id = self._session(request)
        return JSON(await self.pool.ask(name, id, parsed(self._model(request).message_kind, content)))

    async def state(self, request: Request) -> Response:
        """Answer with a session's state."""
        return Response(await self.pool.state(*self._session(request)), media_type=BYTES)

    async def set_state(self, request: Request) -> Response:
        """Let a session go on from a state."""
        await self.pool.set_state(*self._session(request), await self._body(request))
        return Response(status_code=204)

    async def fork(self, request: Request) -> Response:
        """Begin another session in the state of one."""
        name, id = self._session(request)
        return JSON({"session": await self.pool.open(name, await self.pool.state(name, id))}, 201)

    async def events(self, request: Request) -> Response:
        """Run a message, and tell its steps as they come."""
        content = await self._body(request)
        self._expect_json(request)
        model = self._model(request)
        message = parsed(model.message_kind, content)
        id = request.query_params.get("session") or await self.pool.open(model.name)
        queue: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        asked = asyncio.ensure_future(
            self.pool.ask(model.name, id, message, tell=lambda piece: queue.put_nowait(("step", piece)))
        )
        asked.add_done_callback(lambda done: queue.put_nowait(("end", _failure(done))))

        async def told() -> AsyncIterator[bytes]:
            yield _event("session", {"session": id})
            while (event := await queue.get())[0] != "end":
                yield _event(*event)
            if event[1] is None:
                yield _event("done", asked.result())
            else:
                yield _event("error", refused(refusal_of(event[1]))["error"])

        return StreamingResponse(told(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def socket(self, socket: WebSocket) -> None:
        """Run the messages that come, one after the other; what a model writes is told as it comes."""
        name = socket.path_params["name"]
        await socket.accept()
        try:
            model = self.pool.model(name)
            id = socket.query_params.get("session")
            if id is None:
                id = await self.pool.open(name)
            else:
                await self.pool.seen(name, id)
        except Exception as error:
            await self._say(socket, refused(refusal_of(error)))
            await socket.close(1008)
            return
        await self._say(socket, {"session": id, "model": name})
        await self._answer_each(socket, lambda content: self._converse(socket, model.name, id, content))

    async def upgrade(self, request: Request) -> Response:
        """Refuse a plain GET of what is a WebSocket."""
        raise Refusal(426, "websocket", f"{request.url.path} is a WebSocket; expected a client of one (ws://)")

    async def nowhere(self, socket: WebSocket) -> None:
        """Refuse a WebSocket at an address that there is not."""
        await deny(_unknown("WebSocket", socket.url.path, "not found", 404), socket.send, socket.receive)

    async def frames(self, socket: WebSocket) -> None:
        """Run the frames that come, one after the other: a step of each of many sessions."""
        name = socket.path_params["name"]
        await socket.accept()
        try:
            layout = self.pool.model(name).frame_layout()
        except Exception as error:
            await self._say(socket, refused(refusal_of(error)))
            await socket.close(1008)
            return
        await self._say(socket, {"model": name, "frame": layout.described()})

        async def answer(content: str | bytes) -> None:
            rows = layout.read(content)
            ids = [each.decode("latin-1") for each in rows["session"].tolist()]
            names, versions, outputs = await self.pool.ask_rows(name, ids, rows["x"], rows["at"].tolist())
            found = layout.answer([each.encode("latin-1") for each in names], versions, outputs)
            await socket.send({"type": "websocket.send", "bytes": found})

        await self._answer_each(socket, answer)

    async def _answer_each(self, socket: WebSocket, answer: Callable[[str | bytes], Awaitable[None]]) -> None:
        """Answer the messages of a WebSocket one after the other, until it is closed."""
        address, most = socket.client.host if socket.client else "", self._options.body
        try:
            while True:
                received = await socket.receive()
                if received["type"] == "websocket.disconnect":
                    return
                content = received.get("text") or received.get("bytes") or ""
                self._answering += 1
                try:
                    self._rate.check(address)
                    if len(content) > most:
                        raise Refusal(413, "body", f"the message has {len(content)} bytes; expected at most {most}")
                    await answer(content)
                except Exception as error:
                    if isinstance(error, WebSocketDisconnect):
                        return
                    refusal = refusal_of(error)
                    await self._say(socket, refused(refusal))
                    if refusal.code in ("stopping", "unknown_session"):
                        await socket.close(1012 if refusal.code == "stopping" else 1008)
                        return
                finally:
                    self._answering -= 1
        except (WebSocketDisconnect, RuntimeError):  # the client has gone while it was answered
            return

    async def _converse(self, socket: WebSocket, name: str, id: str, content: str | bytes) -> None:
        message = parsed(self.pool.model(name).message_kind, content)
        if getattr(message, "generate", None) is None:
            await self._say(socket, await self.pool.ask(name, id, message))
            return
        queue: asyncio.Queue[dict[str, Any] | Exception | None] = asyncio.Queue()
        asked = asyncio.ensure_future(self.pool.ask(name, id, message, tell=queue.put_nowait))
        asked.add_done_callback(lambda done: queue.put_nowait(_failure(done)))
        while isinstance(piece := await queue.get(), dict):
            await self._say(socket, {"piece": piece})
        await self._say(socket, asked.result())

    async def _say(self, socket: WebSocket, value: Any) -> None:
        await socket.send({"type": "websocket.send", "text": to_json(value, inf_nan_mode="null").decode()})

    # requests ----------------------------------------------------------------------------------------------------

    def _model(self, request: Request) -> ServedModel:
        return self.pool.model(request.path_params["name"])

    def _session(self, request: Request) -> tuple[str, str]:
        return self._model(request).name, request.path_params["session"]

    async def _body(self, request: Request) -> bytes:
        return await body_of(request, most=self._options.body)

    def _expect_json(self, request: Request) -> None:
        if _kind(request) not in ("application/json", ""):
            raise Refusal(415, "content_type", f"got Content-Type {_kind(request)!r}; expected application/json")


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _failure(done: asyncio.Future[Any]) -> Exception | None:
    """Return what a task has raised, which is then known to somebody even if the client has gone."""
    error = None if done.cancelled() else done.exception()
    return error if isinstance(error, Exception) else None


def _event(name: str, value: Any) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + to_json(value, inf_nan_mode="null") + b"\n\n"


def _frame(content: bytes) -> polars.DataFrame:
    try:
        return polars.read_ipc_stream(io.BytesIO(content))
    except (polars.exceptions.PolarsError, OSError, ValueError) as error:
        raise Refusal(400, "not_arrow", f"the body is no Arrow stream: {str(error).partition(chr(10))[0]}") from None


def _arrow(frame: polars.DataFrame) -> bytes:
    into = io.BytesIO()
    frame.write_ipc_stream(into)
    return into.getvalue()
