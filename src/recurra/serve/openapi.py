"""The description of the server's addresses for programs (OpenAPI 3.1), and the same for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from recurra.serve.guards import OPEN
from recurra.serve.models import ServedModel

__all__ = ["ARROW", "BYTES", "html_page", "openapi"]

ARROW = "application/vnd.apache.arrow.stream"
BYTES = "application/octet-stream"

_SESSION = "/v1/models/{name}/sessions/{session}"

_DONE, _BEGUN = "200 application/json", "201 application/json"

_ADDRESSES: tuple[tuple[str, str, str, str, str], ...] = (
    ("get", "/", "", "200 text/html", "These addresses, as a page."),
    ("get", "/openapi.json", "", _DONE, "The same for programs."),
    ("get", "/v1/models", "", _DONE, "The models, what a message of each is, and what a body of "
     "/predict."),
    ("get", "/v1/models/{name}", "", _DONE, "One of them."),
    ("post", "/v1/models/{name}/predict", "body", f"{_DONE} {ARROW}", "Whole sequences: JSON, or an Arrow stream (of a "
     "table's rows)."),
    ("get", "/v1/models/{name}/stream", "", "101", "A WebSocket: a message each way; ?session= goes on with a "
     "session."),
    ("get", "/v1/models/{name}/frames", "", "101", "A WebSocket: a binary message with a step of each of many "
     "sessions, and the answer with the output of each."),
    ("post", "/v1/models/{name}/stream", "message", "200 text/event-stream", "A message; its steps are told as they "
     "come, as server-sent events. ?session= goes on with a session."),
    ("post", "/v1/models/{name}/sessions", "state", _BEGUN, "Begin a session; with a state as the body, "
     "from there."),
    ("get", _SESSION, "", _DONE, "How many messages it has seen."),
    ("delete", _SESSION, "", "204", "Forget it."),
    ("post", _SESSION + "/step", "message", _DONE, "A message, and the answer to it."),
    ("get", _SESSION + "/state", "", f"200 {BYTES}", "Its state: signed bytes that any server with the model and the "
     "key takes."),
    ("put", _SESSION + "/state", "state", "204", "Go on from a state."),
    ("post", _SESSION + "/fork", "", _BEGUN, "Begin another session in the same state."),
    ("post", "/v1/models/{name}/reload", "", _DONE, "Read the model's folder anew; its sessions go on."),
    ("get", "/healthz", "", _DONE, "Whether the process answers."),
    ("get", "/readyz", "", _DONE, "Whether it takes requests: the storage answers, and it does not "
     "stop."),
    ("get", "/metrics", "", "200 text/plain", "Counts, in Prometheus's text format."),
)  # fmt: skip
"""Method, path, what the body is, the status and the types of the answer, and what it is about."""

_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {"code": {"type": "string"}, "reason": {"type": "string"}, "status": {"type": "integer"}},
            "required": ["status", "code", "reason"],
        }
    },
    "required": ["error"],
}
_ANY: Mapping[str, Any] = {
    BYTES: {"schema": {"type": "string", "format": "binary"}},
    ARROW: {"schema": {"type": "string", "format": "binary"}},
}
"""What is known of a type's content, where it is not just an object or a text."""


def openapi(models: Iterable[ServedModel], /, *, version: str, has_token: bool = False) -> dict[str, Any]:
    """Return the description of the addresses, with the messages of the models as schemas."""
    models = list(models)
    kinds = {kind.__name__: kind for model in models for kind in (model.message_kind, model.body_kind)}
    schemas: dict[str, Any] = {"Error": _ERROR}
    for name, kind in kinds.items():
        schema = kind.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
    paths: dict[str, dict[str, Any]] = {}
    for method, path, body, answer, about in _ADDRESSES:
        operation: dict[str, Any] = {"summary": about, "responses": _responses(*answer.split())}
        parameters = [_parameter(part[1:-1], models) for part in path.split("/") if part.startswith("{")]
        if path.endswith("/stream"):
            parameters.append({"name": "session", "in": "query", "schema": {"type": "string"}})
        if parameters:
            operation["parameters"] = parameters
        if body == "state":
            operation["requestBody"] = {"required": method == "put", "content": {BYTES: _ANY[BYTES]}}
        elif body:
            any_of = [{"$ref": f"#/components/schemas/{kind}"} for kind in kinds if kind.lower().endswith(body)]
            content: dict[str, Any] = {"application/json": {"schema": {"anyOf": any_of}}}
            operation["requestBody"] = {
                "required": True, "content": content | ({ARROW: _ANY[ARROW]} if ARROW in answer else {})
            }  # fmt: skip
        if path in OPEN:
            operation["security"] = []
        paths.setdefault(path, {})[method] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "recurra", "version": version},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}] if has_token else [],
    }


def _responses(status: str, *types: str) -> dict[str, Any]:
    """Return what an address answers with: of these types where it is done, and an error where it is refused."""
    done: dict[str, Any] = {"description": "A WebSocket." if status == "101" else "Done."}
    if types:
        done["content"] = {each: _ANY.get(each, {"schema": {"type": _kind(each)}}) for each in types}
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {
        status: done,
        "4XX": {"description": "Refused, with a reason.", "content": error},
        "5XX": {"description": "It failed, its storage does not answer, or it stops.", "content": error},
    }


def _kind(type: str) -> str:
    return "object" if type == "application/json" else "string"


def _parameter(name: str, models: Iterable[ServedModel]) -> dict[str, Any]:
    among = {"enum": [model.name for model in models]} if name == "name" else {}
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", **among}}


def html_page(models: Iterable[ServedModel], /) -> str:
    """Return a plain page of the models and the addresses."""
    rows = "".join(
        f"<tr><td><code>{method.upper()}</code></td><td><code>{escape(path)}</code></td><td>{escape(about)}</td></tr>"
        for method, path, *_, about in _ADDRESSES
    )
    items = "".join(f"<li><b>{escape(model.name)}</b> ({model.task})</li>" for model in models)
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>recurra</title>"
        "<style>body{font:16px/1.5 system-ui;max-width:60em;margin:2em auto;padding:0 1em}"
        "td{padding:.2em .8em .2em 0;vertical-align:top}</style>"
        f"<h1>recurra</h1><p>Models:<ul>{items}</ul><table>{rows}</table>"
        "<p><a href=/openapi.json>openapi.json</a> · <a href=/metrics>metrics</a></html>"
    )
