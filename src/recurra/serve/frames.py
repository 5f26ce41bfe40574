"""Frames: a binary message that has a step of each of many sessions, and its answer with the output of each.

One message a step costs a server a hundred times what the step costs. Who stands before many clients, as a gateway
does, sends the steps of all that are due in one frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from recurra.errors import InputError
from recurra.serve.messages import Refusal

__all__ = ["FrameLayout"]

NAME = 24
"""Characters of a session's name; a name of zero bytes begins a session."""


@final
@dataclass(frozen=True)
class FrameLayout:
    """What a row of a frame is, little endian and without padding.

    A row that is sent has a session's name, the messages that it has to have seen (below zero: that is all the same)
    and the numbers of the step. A row of the answer has the name, the messages that the session has seen now (below
    zero: it is refused, and this is minus the HTTP status) and the output.

    Attributes
    ----------
    inputs, outputs
        Numbers of a step, and of its output.

    Examples
    --------
    >>> FrameLayout(3, 2).sent.itemsize, FrameLayout(3, 2).answered.itemsize
    (44, 40)
    """

    inputs: int
    outputs: int

    @property
    def sent(self) -> np.dtype[Any]:
        """A row that a client sends."""
        return np.dtype([("session", f"S{NAME}"), ("at", "<i8"), ("x", "<f4", (self.inputs,))])

    @property
    def answered(self) -> np.dtype[Any]:
        """A row of the answer."""
        return np.dtype([("session", f"S{NAME}"), ("version", "<i8"), ("y", "<f4", (self.outputs,))])

    def described(self) -> dict[str, Any]:
        """Return what the server says of it."""
        return {"name": NAME, "inputs": self.inputs, "outputs": self.outputs, "bytes": self.sent.itemsize}

    def read(self, content: bytes | str, /) -> np.ndarray:
        """Return the rows of a frame.

        Raises
        ------
        Refusal
            If it is no frame, or a session is in it twice.
        """
        if isinstance(content, str):
            raise Refusal(422, "frame", "got text; expected a binary message of rows")
        size = self.sent.itemsize
        if not content or len(content) % size:
            raise Refusal(422, "frame", f"got {len(content)} bytes; expected rows of {size}: {self.described()}")
        rows = np.frombuffer(content, dtype=self.sent)
        names, counts = np.unique(rows["session"], return_counts=True)
        if (twice := names[(counts > 1) & (names != b"")]).size:
            raise Refusal(422, "frame", f"the session {twice[0]!r} is in the frame twice; a frame is a step of each")
        return rows

    def rows(self, names: Sequence[bytes], x: np.ndarray, at: np.ndarray | int) -> bytes:
        """Return a frame, given the sessions' names, (count, inputs) numbers and the messages that each has seen.

        Raises
        ------
        InputError
            If the numbers are of another shape.
        """
        if np.shape(x) != (len(names), self.inputs):
            raise InputError(f"x: got the shape {np.shape(x)}; expected {(len(names), self.inputs)}")
        found = np.zeros(len(names), dtype=self.sent)
        found["session"], found["at"], found["x"] = list(names), at, x
        return found.tobytes()

    def read_answer(self, content: bytes | str, /) -> np.ndarray:
        """Return the rows of an answer.

        Raises
        ------
        ValueError
            If it is none.
        """
        return np.frombuffer(content.encode() if isinstance(content, str) else content, dtype=self.answered)

    def answer(self, names: list[bytes], versions: np.ndarray, outputs: np.ndarray) -> bytes:
        """Return the answer to a frame."""
        found = np.zeros(len(names), dtype=self.answered)
        found["session"], found["version"], found["y"] = names, versions, outputs
        return found.tobytes()
