"""From the text of a module to its functions.

Triton reads the source of what it compiles. The text is kept where Python looks for the source of a function, so that
there is no file that another user could write to; what Triton compiles of it, Triton keeps.
"""

from __future__ import annotations

import hashlib
import linecache
from types import ModuleType

from recurra.locks import cached

__all__ = ["load"]


@cached(maxsize=512)
def load(text: str) -> ModuleType:
    """Return a module made of a text that `recurra.backends.triton.program` has written."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    name = f"<recurra triton {digest}>"
    linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name
    module = ModuleType(f"recurra_triton_{digest}")
    exec(compile(text, name, "exec"), module.__dict__)
    return module
