"""A session's state as a value: signed bytes, which a server with the same model and key takes."""

from __future__ import annotations

import hmac
import json
import os
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recurra.errors import InputError, RecurraError

__all__ = ["StateError", "StateValue", "read_key"]

_HEAD = struct.Struct(">4sHHQ32s32sII")
"""Magic, version of the format, zero, messages, digest of the model, shape, bytes of the notes and of the row."""

_MAGIC, _VERSION, _MAC = b"rcrS", 1, 32
_LEAST_KEY = 16


class StateError(RecurraError, ValueError):
    """A state that is none, was not signed with the server's key, or is of another model."""


@dataclass(frozen=True)
class StateValue:
    """A session's state.

    Attributes
    ----------
    model
        (32 bytes) the digest of the model that it is of.
    shape
        (32 bytes) the digest of what a state of that model looks like, which another model may agree with.
    version
        How many messages it has seen.
    notes
        What the model keeps beside the row: plain JSON.
    row
        The row of the state matrix, as the machine's numbers in little endian; empty where there is none.
    """

    model: bytes
    shape: bytes
    version: int
    notes: Mapping[str, Any]
    row: bytes

    def signed(self, key: bytes | None, /) -> bytes:
        """Return it as signed bytes; without a key they are not signed."""
        notes = json.dumps(self.notes, separators=(",", ":")).encode() if self.notes else b""
        head = _HEAD.pack(_MAGIC, _VERSION, 0, self.version, self.model, self.shape, len(notes), len(self.row))
        content = head + notes + self.row
        return content if key is None else content + hmac.digest(key, content, "sha256")

    @classmethod
    def read(cls, given: bytes, key: bytes | None, /) -> StateValue:
        """Return what signed bytes hold; without a key, what bytes hold, however they are signed.

        Raises
        ------
        StateError
            If they are cut, of a newer version, or were signed with another key or changed.
        """
        size = len(given) - _MAC
        if key is None and len(given) >= _HEAD.size:
            size = _HEAD.size + sum(_HEAD.unpack_from(given)[-2:])
        if size < _HEAD.size or given[:4] != _MAGIC:
            raise StateError(f"state: got {len(given)} bytes that are no state of a session; give what GET returned")
        _, version, _, messages, model, shape, notes, row = _HEAD.unpack_from(given)
        if version > _VERSION:
            raise StateError(f"state: it is in version {version} of the format, this server reads {_VERSION}")
        content, mac = given[:size], given[size:]
        if key is not None and not hmac.compare_digest(hmac.digest(key, content, "sha256"), mac):
            raise StateError("state: its signature is not of this server's key, or it was changed")
        if len(content) != _HEAD.size + notes + row:
            raise StateError("state: its parts do not have the lengths that it says")
        text = content[_HEAD.size : _HEAD.size + notes]
        return cls(model, shape, messages, json.loads(text) if text else {}, content[_HEAD.size + notes :])


def read_key(file: str | None, /, *, beside: Path | None, shared: bool) -> bytes:
    """Return the key that signs states.

    Parameters
    ----------
    file
        The file that holds it; None: what the environment's RECURRA_SERVE_KEY says.
    beside
        Where a key of its own is kept, made at the first time, for storage in a file; None: it is of this process.
    shared
        Whether other servers read what this one stores, so that a key has to be given.

    Raises
    ------
    InputError
        If the key cannot be read, is too short, or has to be given and is not.
    """
    given = os.environ.get("RECURRA_SERVE_KEY", "").encode() if file is None else _content(Path(file), "--key-file")
    if given:
        if len(given) < _LEAST_KEY:
            raise InputError(f"the key that signs states has {len(given)} bytes; expected {_LEAST_KEY} at least")
        return given
    if shared:
        raise InputError("sessions that are shared need one key for all servers: give --key-file or RECURRA_SERVE_KEY")
    if beside is None:
        return secrets.token_bytes(32)
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _content(beside, "key")
    except OSError as error:
        raise InputError(f"{beside} cannot be written: {error.strerror}") from None
    with os.fdopen(handle, "wb") as made:
        made.write(secrets.token_hex(32).encode())
    return _content(beside, "key")


def _content(path: Path, name: str) -> bytes:
    try:
        found = path.read_bytes().strip()
    except OSError as error:
        raise InputError(f"{name}: {path} cannot be read: {error.strerror}") from None
    if len(found) < _LEAST_KEY:
        raise InputError(f"{name}: {path} has {len(found)} bytes; expected {_LEAST_KEY} at least")
    return found
