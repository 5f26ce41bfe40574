"""The lab's server: it derives for its own page, and for nobody else."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from recurra.cli.main import app
from recurra.diagnose import Examined, diagnose
from recurra.errors import InputError
from recurra.lab import LabServer
from recurra.lab.model import shown_model
from recurra.nn import GRU

TEXT = "def Own(p, x, h):\n    return tanh(x @ p.W + h @ p.U)"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LabServer]:
    monkeypatch.setattr("recurra.lab.server.served_page", lambda token, model: f"<p>{token}</p>")
    with LabServer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def asked(server: LabServer, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def derived(server: LabServer, given: Any, **headers: str) -> tuple[int, bytes]:
    return asked(server, "POST", "/derive", json.dumps(given).encode(), **{"X_Recurra_Lab": server.token, **headers})


def test_a_text_is_derived(server: LabServer) -> None:
    status, answer = derived(server, {"text": TEXT}, Origin=server.address.rstrip("/"))
    assert status == 200
    found = json.loads(answer)
    assert found["name"] == "Own"
    assert "tanh" in found["equations"]
    assert "partial L" in found["backward"]
    status, answer = derived(server, {"text": TEXT.replace("h @ p.U", "h @ p.W")})
    assert (status, json.loads(answer)["line"]) == (200, 2)


def test_only_the_page_of_the_server_may_ask(server: LabServer) -> None:
    assert asked(server, "GET", "/")[0] == 200
    assert server.token.encode() in asked(server, "GET", "/?lang=zh")[1]
    assert asked(server, "GET", "/", Host="evil.example")[0] == 403  # a name that was made to lead here
    assert derived(server, {"text": TEXT}, X_Recurra_Lab="")[0] == 403
    assert derived(server, {"text": TEXT}, X_Recurra_Lab="a" * 22)[0] == 403
    assert derived(server, {"text": TEXT}, Origin="http://evil.example")[0] == 403
    assert derived(server, {"text": TEXT}, Host=f"evil.example:{server.server_port}")[0] == 403


def test_what_is_no_request_is_refused(server: LabServer) -> None:
    assert asked(server, "GET", "/../etc/passwd")[0] == 404
    assert derived(server, ["text"])[0] == 400
    assert derived(server, {"text": "a" * 200_000})[0] == 413
    assert asked(server, "POST", "/derive", b"\xff{", X_Recurra_Lab=server.token)[0] == 400
    assert asked(server, "POST", "/other", b"{}", X_Recurra_Lab=server.token)[0] == 404


def test_a_port_that_is_taken_is_said(server: LabServer) -> None:
    with pytest.raises(InputError, match=r"port \d+: .*--port 0 takes a free one"):
        LabServer(server.server_port)


def test_what_a_trained_model_does_is_shown_as_it_was_measured() -> None:
    torch.manual_seed(0)
    layer, x = GRU(2, 5), torch.randn(9, 2, 2)
    found = diagnose(
        layer, [x], loss=lambda batch: layer(batch)[0].square().mean(),
        examined=lambda batch: Examined(layer(batch)[0][:, 0, 0], tuple("abcdefghi")),
    )  # fmt: skip
    shown = shown_model(found, {})
    assert shown["cell"] == "GRU"
    assert shown["described"]["equations"] == found.layers[0].cell.equations(latex=True)
    (values,) = (each["rows"] for each in shown["values"] if each["name"].startswith("h,"))
    np.testing.assert_allclose(np.array(values), layer(x)[0][:, 0].detach().T, rtol=1e-2)
    assert found.connectivity is not None
    np.testing.assert_allclose(shown["connectivity"]["norms"], found.connectivity.norms, rtol=1e-2)
    assert shown["flow"][0]["norms"][-1] == max(shown["flow"][0]["norms"])
    json.dumps(shown, allow_nan=False)


def test_data_are_for_a_model() -> None:
    result = CliRunner().invoke(app, ["lab", "--data", "somewhere"])
    assert result.exit_code == 2
    assert "without MODEL" in result.output


def test_pyodide_is_for_a_file() -> None:
    result = CliRunner().invoke(app, ["lab", "--pyodide", "somewhere"])
    assert result.exit_code == 2
    assert "without --out" in result.output
