"""Code that runs in a Python of its own: what it imports, and what an import costs."""

from __future__ import annotations

import subprocess
import sys

__all__ = ["output_of"]


def output_of(code: str) -> str:
    """Return what code prints in a new process; fail with what it says on stderr where it fails."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
