"""The description of the server's addresses for programs (OpenAPI 3.1), and the same for people."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from recurra.serve.models import ServedModel

__all__ = ["html_page", "openapi"]

_SESSION = "/v1/models/{name}/sessions/{session}"

_ADDRESSES: tuple[tuple[str, str, str, str], ...] = (
    ("get", "/v1/models", "", "The models, what a message of each is, and what a body of /predict."),
    ("get", "/v1/models/{name}", "", "One of them."),
    ("post", "/v1/models/{name}/predict", "body", "Whole sequences: JSON, or an Arrow stream (of a table's rows)."),
    ("get", "/v1/models/{name}/stream", "", "A WebSocket: a message each way; ?session= goes on with a session."),
    ("get", "/v1/models/{name}/frames", "", "A WebSocket: a binary message with a step of each of many sessions, and "
     "the answer with the output of each."),
    ("post", "/v1/models/{name}/stream", "message", "A message; its steps are told as they come, as server-sent "
     "events. ?session= goes on with a session."),
    ("post", "/v1/models/{name}/sessions", "state", "Begin a session; with a state as the body, from there."),
    ("get", _SESSION, "", "How many messages it has seen."),
    ("delete", _SESSION, "", "Forget it."),
    ("post", _SESSION + "/step", "message", "A message, and the answer to it."),
    ("get", _SESSION + "/state", "", "Its state: signed bytes that any server with the model and the key takes."),
    ("put", _SESSION + "/state", "state", "Go on from a state."),
    ("post", _SESSION + "/fork", "", "Begin another session in the same state."),
    ("post", "/v1/models/{name}/reload", "", "Read the model's folder anew; its sessions go on."),
    ("get", "/healthz", "", "Whether the process answers."),
    ("get", "/readyz", "", "Whether it takes requests: the storage answers, and it does not stop."),
    ("get", "/metrics", "", "Counts, in Prometheus's text format."),
)  # fmt: skip

_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {"code": {"type": "string"}, "reason": {"type": "string"}, "status": {"type": "integer"}},
        }
    },
}


def openapi(models: Iterable[ServedModel], /, *, version: str) -> dict[str, Any]:
    """Return the description of the addresses, with the messages of the models as schemas."""
    kinds = {kind.__name__: kind for model in models for kind in (model.message_kind, model.body_kind)}
    schemas: dict[str, Any] = {"Error": _ERROR}
    for name, kind in kinds.items():
        schema = kind.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
    bodies = {
        "body": [kind for kind in kinds if kind.endswith("Body")],
        "message": [kind for kind in kinds if kind.endswith("Message")],
    }
    paths: dict[str, dict[str, Any]] = {}
    for method, path, body, about in _ADDRESSES:
        operation: dict[str, Any] = {
            "summary": about,
            "responses": {
                "200": {"description": "Done."},
                "4XX": {
                    "description": "Refused, with a reason.",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
                },
            },
        }
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        if names:
            operation["parameters"] = [
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
            ]
        if body == "state":
            operation["requestBody"] = {
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
            }
        elif body:
            any_of = [{"$ref": f"#/components/schemas/{kind}"} for kind in bodies[body]]
            operation["requestBody"] = {"content": {"application/json": {"schema": {"anyOf": any_of}}}}
        paths.setdefault(path, {})[method] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "recurra", "version": version},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def html_page(models: Iterable[ServedModel], /) -> str:
    """Return a plain page of the models and the addresses."""
    rows = "".join(
        f"<tr><td><code>{method.upper()}</code></td><td><code>{escape(path)}</code></td><td>{escape(about)}</td></tr>"
        for method, path, _, about in _ADDRESSES
    )
    items = "".join(f"<li><b>{escape(model.name)}</b> ({model.task})</li>" for model in models)
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>recurra</title>"
        "<style>body{font:16px/1.5 system-ui;max-width:60em;margin:2em auto;padding:0 1em}"
        "td{padding:.2em .8em .2em 0;vertical-align:top}</style>"
        f"<h1>recurra</h1><p>Models:<ul>{items}</ul><table>{rows}</table>"
        "<p><a href=/openapi.json>openapi.json</a> · <a href=/metrics>metrics</a></html>"
    )
