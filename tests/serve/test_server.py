"""A server process as a person starts it: what it answers over HTTP and WebSockets, and what it refuses."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import polars
import pytest
import torch
import uvicorn
from typer.testing import CliRunner
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from commands_forked import start_forked
from recurra.cli.main import app
from recurra.errors import InputError, ModelFolderError, StorageError
from recurra.nn import GRU, Sequential
from recurra.serve import Client, Refused, ServeOptions, make_app, serve
from recurra.serve.server import GracefulServer
from recurra.tasks import (
    ClassifyOptions,
    Forecaster,
    ForecastOptions,
    GenerateOptions,
    LanguageModel,
    LanguageOptions,
    SequenceClassifier,
    SequenceTagger,
    TagOptions,
)

TOKEN = "a token of the tests"
LAYER = Sequential(GRU(3, 5), torch.nn.Linear(5, 2))


@dataclass
class Server:
    """A server, and where it is."""

    url: str

    def client(self, model: str, token: str | None = TOKEN) -> Client:
        return Client(self.url, model, token=token, timeout=20)


@dataclass
class Process(Server):
    """A server process, as the command starts it."""

    process: Any
    file: Path

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read_text().splitlines()]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        os.kill(self.process.pid, how)
        self.process.join(20)
        assert self.process.exitcode is not None


def started(folder: Path, *arguments: str, name: str) -> Process:
    environment = {"RECURRA_SERVE_TOKEN": TOKEN, "OMP_NUM_THREADS": "1"}
    process = start_forked(["serve", *arguments, "--port", "0"], folder=folder, environment=environment, name=name)
    file, said = folder / f"{name}.err", ""
    for _ in range(600):
        said = file.read_text() if file.exists() else ""
        if '"ready"' in said:
            (address,) = re.findall(r'"address": "([^"]+)"', said)
            return Process(address, process, file)
        assert process.is_alive(), said
        time.sleep(0.05)
    raise AssertionError(said)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a classifier of numbers and a language model in it."""
    made = tmp_path_factory.mktemp("served")
    random = np.random.default_rng(0)
    x = [random.normal(label, 1, (9, 2)) for label in (0, 1) * 20]
    np.savez(made / "steps.npz", X=np.stack(x), y=np.array([0, 1] * 20))
    options = ClassifyOptions(cell="Elman", epochs=1, hidden_size=6, bidirectional=False, pooling="max")
    SequenceClassifier(options).fit(made / "steps.npz").save(made / "steps", lean=True)
    (made / "book.txt").write_text("the cat sat on the mat. " * 60)
    writer = LanguageModel(LanguageOptions(cell="Elman", level="char", epochs=1, hidden_size=8, layers=1))
    writer.fit(made / "book.txt").save(made / "writer", lean=True)
    return made


@contextmanager
def serving(models: Mapping[str, Any], options: ServeOptions) -> Iterator[str]:
    """Serve in a thread of this process; what is yielded is the address."""
    configured = uvicorn.Config(
        make_app(models, options=options), log_config=None, ws="websockets-sansio", ws_max_size=4 * options.body
    )
    running = GracefulServer(configured)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        while not running.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        running.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """A server in a thread of this process: to start another takes seconds."""
    (folder / "token").write_text(TOKEN)
    storage = f"sqlite:{folder / 'sessions.sqlite'}"
    options = ServeOptions(
        storage=storage,
        body=20_000,
        steps=150,
        cors=("https://Page.example/",),
        token_file=str(folder / "token"),
        allowed_hosts=("Proxy.example",),
    )
    with serving({"steps": folder / "steps", "pen": folder / "writer", "layer": LAYER}, options) as url:
        yield Server(url)


def test_whole_sequences_are_what_the_model_predicts(server: Server, folder: Path) -> None:
    x = np.random.default_rng(1).normal(0, 1, (3, 4, 2))
    fitted = SequenceClassifier.load(folder / "steps")
    expected = fitted.predict(list(x))
    found = server.client("steps").predict(x=x.tolist())["predictions"]
    assert [row["prediction"] for row in found] == expected["prediction"].to_list()
    np.testing.assert_allclose([row["probability"] for row in found], expected["probability"], rtol=1e-5)
    written = "".join(LanguageModel.load(folder / "writer").generate("the c", GenerateOptions(length=20, seed=5)))
    assert server.client("pen").predict(prompt="the c", length=20, seed=5) == {"text": written}


def test_a_stream_says_after_each_step_what_the_model_says_of_the_steps_so_far(server: Server, folder: Path) -> None:
    x = np.random.default_rng(2).normal(0, 1, (6, 2))
    fitted, client = SequenceClassifier.load(folder / "steps"), server.client("steps")
    expected = [fitted.predict_proba([x[:count]])[0] for count in range(1, 7)]
    session = client.open()
    found = [client.step(session, x=x[0].tolist())]
    found += client.step(session, x=x[1:3].tolist())["steps"]
    events = list(client.events(session, x=x[3:5].tolist()))
    assert [name for name, _ in events] == ["session", "step", "step", "done"]
    found += events[-1][1]["steps"]
    with client.connect(session) as talk:
        assert talk.session == session
        found.append(talk.send(x=x[5].tolist()))
    assert found[-1]["version"] == 4
    got = [[*each["probabilities"].values()] for each in found]
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-6)
    assert [each["class"] for each in found] == [fitted.classes_[int(each.argmax())] for each in expected]


def test_a_layer_is_served_too(server: Server) -> None:
    x = np.random.default_rng(3).normal(0, 1, (2, 4, 3)).astype(np.float32)
    with torch.no_grad():
        expected = LAYER(torch.from_numpy(x).transpose(0, 1))[0].transpose(0, 1).numpy()
    client = server.client("layer")
    np.testing.assert_allclose(client.predict(x=x.tolist())["y"], expected, rtol=1e-4, atol=1e-6)
    found = client.step(client.open(), x=x[0].tolist())["steps"]
    np.testing.assert_allclose([step["y"] for step in found], expected[0], rtol=1e-4, atol=1e-6)


def test_frames(server: Server, folder: Path) -> None:
    x = np.random.default_rng(4).normal(0, 1, (5, 2, 2))
    fitted = SequenceClassifier.load(folder / "steps")
    with server.client("steps").frames() as frames:
        names, versions, _ = frames.step([b""] * 5, x[:, 0])
        assert versions.tolist() == [1] * 5
        again, versions, y = frames.step(names, x[:, 1], at=versions)
        assert (again, versions.tolist()) == (names, [2] * 5)
        np.testing.assert_allclose(y, fitted.predict_proba(list(x)), rtol=1e-4, atol=1e-6)
        assert frames.step(names[:2], x[:2, 1], at=7)[1].tolist() == [-409] * 2
        with pytest.raises(Refused, match="is in the frame twice"):
            frames.step(names[:1] * 2, x[:2, 1])
        for wrong, said in ((b"x", "got 1 bytes; expected rows of 40"), ("{}", "expected a binary message")):
            frames._socket.send(wrong)
            with pytest.raises(Refused, match=said):
                frames._received()
        with pytest.raises(InputError, match=r"x: got the shape \(1, 3\); expected \(1, 2\)"):
            frames.step(names[:1], np.zeros((1, 3)))
    assert server.client("steps").step(names[0].decode(), x=[0.0, 0.0])["version"] == 3
    with pytest.raises(Refused, match="only models that step by numbers take frames"), server.client("pen").frames():
        pass


def test_a_language_model_reads_and_writes(server: Server, folder: Path) -> None:
    fitted, client = LanguageModel.load(folder / "writer"), server.client("pen")
    whole = "".join(fitted.generate("the cat", GenerateOptions(length=12, seed=3, temperature=0.5)))
    writing = {"length": 12, "seed": 3, "temperature": 0.5}
    with client.connect() as talk:
        assert talk.send(text="the ") == {"read": 4, "text": "", "version": 1}
        branch = client.fork(talk.session)
        *pieces, (kind, last) = talk.pieces(text="cat", generate=writing)
        assert (kind, last["text"]) == ("done", whole)
        assert "".join(piece["text"] for _, piece in pieces) == whole
        with pytest.raises(Refused, match=r"the message makes .* steps; expected at most 150"):
            talk.send(generate={"length": 1000})
        # it goes on from what it has written
        after = "".join(fitted.generate("the cat" + whole + "a", GenerateOptions(length=5, seed=1)))
        assert talk.send(text="a", generate={"length": 5, "seed": 1})["text"] == after
    assert client.step(branch, text="cat", generate=writing)["text"] == whole
    done = list(client.events(text="the cat", generate=writing))[-1]
    assert (done[0], done[1]["text"]) == ("done", whole)


def raw(server: Server, path: str, content: bytes | None = None, method: str = "", **headers: str) -> tuple[int, bytes]:
    given = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    method = method or ("GET" if content is None else "POST")
    request = Request(server.url + path, data=content, headers=given, method=method)
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


def test_what_there_is(server: Server) -> None:
    status, content = raw(server, "/openapi.json")
    described = json.loads(content)
    assert (status, described["openapi"]) == (200, "3.1.0")
    assert {"NumbersMessage", "LanguageMessage", "Writing", "Error"} <= described["components"]["schemas"].keys()
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', content.decode()))
    assert referred <= described["components"]["schemas"].keys()
    assert b"/v1/models/{name}/predict" in raw(server, "/")[1]
    models = json.loads(raw(server, "/v1/models")[1])["models"]
    assert [(each["name"], each["task"], each["sessions"]) for each in models] == [
        ("steps", "classify", "state"), ("pen", "language", "state"), ("layer", "layer", "state"),
    ]  # fmt: skip
    assert json.loads(raw(server, "/healthz", Authorization="")[1]) == {"status": "ok"}
    assert raw(server, "/readyz", Authorization="")[0] == 200
    counts = raw(server, "/metrics")[1].decode()
    assert re.search(r'recurra_message_seconds_bucket\{le="\+Inf"\} \d', counts)
    assert all(re.fullmatch(r"#.*|[a-z_]+(\{[^}]*\})? [0-9.e+-]+", line) for line in counts.splitlines())
    assert raw(server, "/v1/models/pen/reload", b"")[0] == 200
    status, answer = raw(server, "/v1/models/layer/reload", b"")
    assert (status, json.loads(answer)["error"]["code"]) == (409, "no_folder")
    table = polars.DataFrame({"a": [1.0]})
    content = io.BytesIO()
    table.write_ipc_stream(content)
    arrow = "application/vnd.apache.arrow.stream"
    assert raw(server, "/v1/models/pen/predict", content.getvalue(), Content_Type=arrow)[0] == 415


def test_what_is_described_is_what_is_answered(server: Server) -> None:
    """Each address of /openapi.json, asked: the status and the type of the answer are among those that it says."""
    described = json.loads(raw(server, "/openapi.json")[1])
    assert described["security"] == [{"token": []}]
    client = server.client("steps")
    session, x = client.open(), {"x": [[0.1, 0.2]]}
    state, bodies = client.state(session), {"predict": {"x": [x["x"]]}, "step": x, "stream": x}
    asked = [(path, method, each) for path, methods in described["paths"].items() for method, each in methods.items()]
    for path, method, each in sorted(asked, key=lambda one: one[1] == "delete"):
        if (status := next(iter(each["responses"]))) == "101":
            continue
        given = {one["name"]: one for one in each.get("parameters", ())}
        assert given.keys() >= set(re.findall(r"\{(\w+)\}", path))
        assert "name" not in given or "steps" in given["name"]["schema"]["enum"]
        address = server.url + path.replace("{name}", "steps").replace("{session}", session)
        kind, content = "application/json", json.dumps(bodies.get(path.rpartition("/")[2], {})).encode()
        if "application/octet-stream" in each.get("requestBody", {}).get("content", {}):
            kind, content = "application/octet-stream", state
        headers = {"Content-Type": kind, "Authorization": f"Bearer {TOKEN}"}
        if "requestBody" not in each:
            content = None if method in ("get", "delete") else b""
        if each.get("security") == []:
            del headers["Authorization"]
        request = Request(address, data=content, headers=headers, method=method.upper())
        with urlopen(request, timeout=20) as answer:
            assert str(answer.status) == status, (method, path)
            kinds = each["responses"][status].get("content", {"": {}})
            assert (answer.headers["Content-Type"] or "").partition(";")[0] in kinds, (method, path)


def test_a_stop_waits_for_what_was_asked_by_websockets(folder: Path) -> None:
    """The answer comes; then the WebSocket is closed, and so is one that asks nothing."""
    with ExitStack() as running, ExitStack() as connected:
        url = running.enter_context(serving({"pen": folder / "writer"}, ServeOptions(storage="memory")))
        address = f"{url.replace('http', 'ws')}/v1/models/pen/stream"
        idle, busy = (connected.enter_context(connect(address)) for _ in range(2))
        idle.recv()
        busy.recv()
        busy.send(json.dumps({"generate": {"length": 1500}}))
        busy.recv()
        stopping = threading.Thread(target=running.close)
        stopping.start()
        answer = json.loads(busy.recv(timeout=20))
        while "piece" in answer:
            answer = json.loads(busy.recv(timeout=20))
        assert answer["version"] == 1
        for each in (idle, busy):
            with pytest.raises(ConnectionClosed) as closed:
                each.recv(timeout=20)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012
        stopping.join()


@pytest.mark.parametrize(
    ("path", "content", "status", "said"),
    [
        ("/v1/models/pen/predict", b"{", 400, "Invalid JSON"),
        ("/v1/models/pen/predict", b"\xff\xfe", 400, "Invalid JSON"),
        ("/v1/models/pen/predict", b"[" * 5000, 400, "recursion limit"),
        ("/v1/models/pen/predict", b"[]", 422, "object"),
        ("/v1/models/pen/predict", b'{"prompt": 3}', 422, "prompt: Input should be a valid string"),
        ("/v1/models/pen/predict", b'{"length": 0}', 422, "length"),
        ("/v1/models/pen/predict", b'{"length": 151}', 413, "length = 151: expected at most 150"),
        ("/v1/models/pen/predict", b'{"promt": ""}', 422, "promt"),
        ("/v1/models/pen/predict", b'{"prompt": "\xc3\xa9"}', 422, "prompt: got 'é'"),
        ("/v1/models/pen/predict", b'"' + b"x" * 30_000, 413, "expected at most 20000"),
        ("/v1/models/steps/predict", b'{"x": [[[1, 2], [3]]]}', 422, "step 2 has 1 numbers, expected 2"),
        ("/v1/models/steps/predict", b'{"x": [[[1, NaN]]]}', 422, "not finite"),
        ("/v1/models/steps/predict", b'{"x": [[[1, "2"]]]}', 422, "x.0.0.1"),
        ("/v1/models/steps/predict", b'{"x": [[]]}', 422, ""),
        ("/v1/models/nothing/predict", b"{}", 404, "there is no model 'nothing'; expected steps, pen, layer"),
        ("/v1/models/pen/sessions/nowhere/step", b'{"text": "a"}', 404, "no session 'nowhere', or it has expired"),
        ("/v1/models/pen/sessions", b"forged", 422, "6 bytes that are no state"),
        ("/v1/models/pen/stream?session=nowhere", b'{"text": "a"}', 200, "no session 'nowhere'"),
        ("/v2/models", None, 404, "/openapi.json says what there is"),
        ("/v1/models/pen/predict", None, 405, "method not allowed"),
        ("/v1/models/pen/frames", None, 426, "/v1/models/pen/frames is a WebSocket"),
    ],
)
def test_bad_requests_are_refused_with_a_reason(
    server: Server, path: str, content: bytes | None, status: int, said: str
) -> None:
    found, answer = raw(server, path, content)
    assert found == status, answer
    assert said in answer.decode()
    if status != 200:
        assert json.loads(answer)["error"]["status"] == status


def test_what_is_too_large_is_told_to_who_still_sends(server: Server) -> None:
    """A megabyte is more than the buffers of a connection hold; a stop at its beginning would reset the connection."""
    options = ServeOptions(storage="memory", body=300_000)
    with serving({"layer": LAYER}, options) as url:
        for size in (400_000, 1_100_000):
            with pytest.raises(Refused, match=f"413 body: the body has {size + 8} bytes; expected at most 300000"):
                Client(url, "layer").predict(x="x" * (size - 1))
        with pytest.raises(Refused, match="422"):
            Client(url, "layer").predict(x="x" * 200_000)


def test_who_may_ask(server: Server) -> None:
    for wrong in ("", "Bearer ", "Bearer another", "Basic abc", "Bearer é"):
        assert raw(server, "/v1/models", Authorization=wrong)[0] == 401
    assert raw(server, "/v1/models", Authorization=f"bearer  {TOKEN}")[0] == 200  # a scheme's case is all the same
    with pytest.raises(Refused, match="401 token"):
        server.client("pen", token=None).open()
    address = f"{server.url.replace('http', 'ws')}/v1/models/pen/stream"
    token = {"Authorization": f"Bearer {TOKEN}"}
    for headers, origin in (({}, None), (token, "https://evil.example")):
        with pytest.raises(InvalidStatus), connect(address, additional_headers=headers, origin=origin):
            pass
    with pytest.raises(InvalidStatus) as refused:
        connect(server.url.replace("http", "ws") + "/v1/nothing", additional_headers=token).close()
    assert json.loads(refused.value.response.body)["error"]["code"] == "unknown_address"
    for wrong, said in (("/v1/models/nothing/stream", "no model"), ("/v1/models/pen/stream?session=x", "no session")):
        with connect(server.url.replace("http", "ws") + wrong, additional_headers=token) as socket:
            assert said in str(socket.recv())
    with connect(address, additional_headers=token, origin="https://page.example") as socket:
        assert "session" in json.loads(socket.recv())
        for wrong, said in (("no JSON", "400"), (b"\xff", "400"), ('{"text": 1}', "422"), ('{"text": "é"}', "422")):
            socket.send(wrong)
            assert f'"status":{said}' in str(socket.recv())
        socket.send('{"text": "a"}')
        assert json.loads(socket.recv())["version"] == 1
        socket.send('{"text": "' + "a" * 20_000 + '"}')
        assert "the message has 20012 bytes; expected at most 20000" in str(socket.recv())
    preflight = {"Origin": "https://page.example", "Access-Control-Request-Method": "POST"}
    request = Request(f"{server.url}/v1/models", headers=preflight, method="OPTIONS")
    with urlopen(request, timeout=20) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "https://page.example"
    with urlopen(Request(f"{server.url}/healthz", headers={"Origin": "https://evil.example"}), timeout=20) as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers
    # a browser would send this without asking first, and only hide the answer
    status, content = raw(server, "/v1/models/pen/sessions", b"", Origin="https://evil.example")
    assert (status, json.loads(content)["error"]["code"]) == (403, "origin")
    assert raw(server, "/v1/models/pen/sessions", b"", Origin=server.url)[0] == 201


def test_a_name_that_was_made_to_mean_this_machine_is_refused(server: Server) -> None:
    """DNS rebinding: the page of a foreign name whose address is ours has the origin that it asks."""
    port = server.url.rpartition(":")[2]
    for host, status in (
        ("evil.example", 403), ("127.0.0.1.evil.example", 403), ("[", 403), ("proxy.example", 201), ("localhost", 201),
        ("[::1]", 201), ("192.168.1.7", 201),
    ):  # fmt: skip
        own = f"{host}:{port}"
        assert raw(server, "/v1/models/pen/sessions", b"", Host=own, Origin=f"http://{own}")[0] == status, host
    for host, said in (("evil.example", "403"), ("proxy.example", "")):
        plain = socket.create_connection(("127.0.0.1", int(port)))
        address, token = f"ws://{host}:{port}/v1/models/pen/stream", {"Authorization": f"Bearer {TOKEN}"}
        expecting = pytest.raises(InvalidStatus, match=said) if said else nullcontext()
        with expecting, connect(address, additional_headers=token, sock=plain):
            pass


def test_a_fault_is_answered_counted_and_logged(capsys: pytest.CaptureFixture[str]) -> None:
    """Inside of what counts, logs and allows origins."""
    served = make_app({"layer": LAYER}, options=ServeOptions(storage="memory", cors=("*",)))

    async def get(path: str) -> tuple[int, dict[bytes, bytes], bytes]:
        sent: list[Any] = []
        scope = {
            "type": "http", "method": "GET", "path": path, "query_string": b"", "client": ("127.0.0.1", 1),
            "headers": [(b"origin", b"https://page.example")],
        }  # fmt: skip

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await served(scope, receive, send)
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]

    async def fails() -> None:
        raise StorageError("the test's storage does not answer")

    async def main() -> None:
        async with served.router.lifespan_context(served):
            served.state.pool.check = fails
            status, headers, content = await get("/readyz")
            assert (status, json.loads(content)["error"]["code"]) == (503, "storage")
            assert headers[b"access-control-allow-origin"] == b"https://page.example"
            served.state.pool.model = lambda name: 1 / 0
            assert (await get("/v1/models/layer"))[0] == 500
            counts = (await get("/metrics"))[2].decode()
            assert 'requests_total{status="503"} 1' in counts
            assert 'requests_total{status="500"} 1' in counts

    asyncio.run(main())
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert any("ZeroDivisionError" in each.get("where", "") for each in said)


@pytest.mark.slow
def test_an_acknowledged_step_outlives_the_process(folder: Path) -> None:
    """Killed while it runs steps of three clients, started again, told to read its models anew and to stop."""
    first = started(folder, "steps", "--storage", "sqlite:killed.sqlite", name="killed")
    client, seen = first.client("steps"), dict[str, int]()
    state = client.state(client.open())

    def talk() -> None:
        session = client.open()
        try:
            while True:
                seen[session] = client.step(session, x=[0.1, 0.2])["version"]
        except (OSError, HTTPException, Refused):
            return

    threads = [threading.Thread(target=talk) for _ in range(3)]
    for thread in threads:
        thread.start()
    while len(seen) < 3 or min(seen.values()) < 5:
        time.sleep(0.01)
    first.stop(signal.SIGKILL)
    for thread in threads:
        thread.join()
    again = started(folder, "steps", "--storage", "sqlite:killed.sqlite", name="again")
    client = again.client("steps")
    for session, version in seen.items():
        found = client.step(session, x=[0.1, 0.2])["version"]
        assert found in (version + 1, version + 2)  # the last step may be there without its acknowledgement
    assert client.state(client.open(state)) == state
    os.kill(again.process.pid, signal.SIGHUP)
    while "reloaded" not in {each["event"] for each in again.log()}:
        time.sleep(0.01)
    assert client.step(session, x=[0.1, 0.2])["version"] == found + 1
    with client.connect(session):
        again.stop()
    assert again.process.exitcode == 0
    assert {each["event"] for each in again.log()} >= {"listening", "ready", "request", "reloaded", "stopped"}


def test_a_port_in_use_and_a_storage_or_a_model_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("0123456789abcdef")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"--port {port}: cannot listen there: Address already in use"):
            serve({"layer": LAYER}, options=ServeOptions(port=port, storage="memory"))
    with pytest.raises(InputError, match=r"--host 192\.0\.2\.1 --port 0: cannot listen there: [^;]*$"):
        serve({"layer": LAYER}, options=ServeOptions(host="192.0.2.1", port=0, storage="memory"))
    redis, letters, noise = "redis://127.0.0.1:1/0", tmp_path / "letters", tmp_path / "noise"
    letters.write_text("sésame", encoding="utf-8")
    noise.write_bytes(b"\xff\xfe\xfd")
    for options, kind, said in (
        ({"storage": "nosql:x"}, InputError, "--storage: got 'nosql:x'; expected memory, sqlite:FILE"),
        ({"storage": "sqlite:"}, InputError, "--storage: got 'sqlite:'; expected memory, sqlite:FILE"),
        ({"storage": "log:/"}, InputError, "--storage: got 'log:/'; expected memory, sqlite:FILE"),
        (
            {"storage": "redis://[no", "key_file": str(tmp_path / "key")},
            InputError,
            "--storage: .*; expected redis://H",
        ),
        (
            {"storage": "redis://a:b", "key_file": str(tmp_path / "key")},
            InputError,
            "--storage: .*; expected redis://H",
        ),
        ({"storage": redis}, InputError, "give --key-file"),
        ({"storage": redis, "key_file": str(tmp_path / "key")}, StorageError, "127.0.0.1:1/0 does not answer"),
        ({"storage": "memory", "token_file": str(tmp_path)}, InputError, "--token-file: .* cannot be read"),
        ({"storage": "memory", "token_file": str(letters)}, InputError, "--token-file: .*letters: expected .* ASCII"),
        ({"storage": "memory", "token_file": str(noise)}, InputError, "--token-file: .*noise is no text"),
    ):
        with pytest.raises(kind, match=said):
            make_app({"layer": LAYER}, options=ServeOptions(**options))
    with pytest.MonkeyPatch.context() as patched:  # else a server that was meant to have a token would be open
        patched.setenv("RECURRA_SERVE_TOKEN", " \n")
        with pytest.raises(InputError, match="RECURRA_SERVE_TOKEN is empty; expected a token"):
            make_app({"layer": LAYER}, options=ServeOptions(storage="memory"))
    with pytest.raises(ModelFolderError, match="nowhere"):
        make_app({"it": tmp_path / "nowhere"}, options=ServeOptions(storage="memory"))
    with pytest.raises(InputError, match="bidirectional layer reads the whole sequence"):
        make_app({"it": GRU(3, 5, bidirectional=True)}, options=ServeOptions(storage="memory"))
    for wrong, said in (
        ({"port": 70_000}, "port = 70000: expected"),
        ({"cors": ("page.example",)}, "cors = 'page.example': expected an origin, such as https://page.example, or *"),
        ({"cors": ("https://page.example/app",)}, "expected an origin"),
        (
            {"allowed_hosts": ("proxy.example:80",)},
            "'proxy.example:80': expected a name without a port",
        ),
        ({"allowed_hosts": ("http://proxy.example",)}, "expected a name without a port"),
    ):
        with pytest.raises(InputError, match=re.escape(said)):
            ServeOptions(**wrong)


def test_names_of_models(tmp_path: Path) -> None:
    run = CliRunner().invoke
    for arguments, said in (
        ([f"{tmp_path}/a", f"{tmp_path}/b/../a"], "would both be 'a'; give one a name: NAME=FOLDER"),
        (["x/y=model"], "expected NAME=FOLDER with a name without /"),
        ([f"{tmp_path}/a", "--port", "-1"], "port"),
    ):
        done = run(app, ["serve", *arguments])
        assert done.exit_code == 2
        assert said in " ".join(done.stderr.split())


@pytest.mark.slow
def test_models_that_read_again(tmp_path: Path) -> None:
    """Both directions, n-grams, tags and forecasts: each message is answered as `predict` answers all so far."""
    texts = polars.DataFrame({"text": ["good fine film", "bad awful film"] * 20, "label": ["yes", "no"] * 20})
    critic = SequenceClassifier(ClassifyOptions(text="text", label="label", epochs=1, hidden_size=6)).fit(texts)
    sentences = [[("the", "DET"), ("cat", "NOUN"), ("sleeps", "VERB")]] * 20
    tagger = SequenceTagger(TagOptions(epochs=3, hidden_size=8, learning_rate=0.02)).fit(sentences)
    wave = polars.DataFrame({"year": range(1900, 1980), "y": np.sin(np.arange(80) / 2)})
    options = ForecastOptions(time="year", target="y", horizon=3, window=12, season_length=4, epochs=1, hidden_size=6)
    forecaster = Forecaster(options).fit(wave)
    for name, fitted in (("critic", critic), ("tagger", tagger), ("wave", forecaster)):
        fitted.save(tmp_path / name, lean=True)
    server = started(tmp_path, "critic", "tagger", "wave", "--storage", "memory", name="again")
    client = server.client("critic")
    session = client.open()
    client.step(session, text="good ")
    found = client.step(session, text="film")
    assert found["probability"] == pytest.approx(critic.predict(["good film"])["probability"][0], rel=1e-5)
    anew = client.step(session, text="", reset=True)
    assert anew == {"class": None, "probability": None, "probabilities": {}, "version": 3}
    client = server.client("tagger")
    session = client.open()
    assert client.step(session, tokens=["the"])["tokens"] == ["the"]
    found = client.step(session, text="cat sleeps", end=True)
    assert found["tags"] == tagger.predict([["the", "cat", "sleeps"]])[0]
    assert client.step(session, tokens=["cat"])["tokens"] == ["cat"]
    client = server.client("wave")
    new = polars.DataFrame({"year": range(1980, 1984), "y": np.cos(np.arange(4.0))})
    session = client.open()
    client.step(session, rows=new[:3].to_dicts())
    found = client.step(session, rows=new[3:].to_dicts())["forecast"]
    expected = forecaster.predict(new)
    np.testing.assert_allclose([row["y"] for row in found], expected["y"], rtol=1e-5)
    with pytest.raises(Refused, match=r"rows: row 1 has \['y'\]"):
        client.step(session, rows=[{"y": 1.0}])
    for large in (10**30, 10**50):  # the second is more than a table's whole numbers hold
        with pytest.raises(Refused, match=r"422 invalid: .*'year'"):
            client.predict(rows=[{"year": large, "y": 1.0}])
    arrow = io.BytesIO()
    wave.write_ipc_stream(arrow)
    kind = "application/vnd.apache.arrow.stream"
    status, answer = raw(server, "/v1/models/wave/predict", arrow.getvalue(), Content_Type=kind)
    assert status == 200
    np.testing.assert_allclose(
        polars.read_ipc_stream(io.BytesIO(answer))["y"], forecaster.predict(wave)["y"], rtol=1e-5
    )
    for accepted, is_json in (("*/*", False), ("application/json", True)):
        status, answer = raw(server, "/v1/models/wave/predict", arrow.getvalue(), Content_Type=kind, Accept=accepted)
        assert answer.startswith(b'{"forecast":') is is_json
    status, answer = raw(server, "/v1/models/wave/predict", arrow.getvalue()[:100], Content_Type=kind)
    assert status == 400, answer
    server.stop()
