"""Counts of what a server does, as Prometheus reads them."""

from __future__ import annotations

import bisect
import threading
from collections.abc import Callable
from typing import final

__all__ = ["ServerMetrics"]

_SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
_ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)

_COUNTERS = {
    "requests": "Requests and messages, by how they ended.",
    "steps": "Steps of sessions.",
    "ticks": "Batches of steps.",
    "sessions_opened": "Sessions begun, forked or set.",
    "sessions_evicted": "States that left memory for the storage.",
    "sessions_loaded": "States that came back from the storage.",
    "conflicts": "Steps run again, as another worker had used the session.",
    "storage_errors": "Times that the storage did not answer.",
}
_HISTOGRAMS = {
    "message_seconds": ("From a message to its answer.", _SECONDS),
    "tick_rows": ("Sessions that went a step together.", _ROWS),
}


@final
class ServerMetrics:
    """Counters, gauges and histograms by name, with at most one label each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], float] = {(name, ""): 0 for name in _COUNTERS if name != "requests"}
        self._buckets = {name: [0] * (len(bounds) + 1) for name, (_, bounds) in _HISTOGRAMS.items()}
        self._sums = dict.fromkeys(_HISTOGRAMS, 0.0)
        self._gauges: dict[str, tuple[str, Callable[[], float]]] = {}

    def count(self, name: str, number: float = 1, *, label: str = "") -> None:
        """Add to a counter; its label is ``name="value"``."""
        with self._lock:
            self._counts[name, label] = self._counts.get((name, label), 0) + number

    def observe(self, name: str, value: float) -> None:
        """Add a value to a histogram."""
        with self._lock:
            self._buckets[name][bisect.bisect_left(_HISTOGRAMS[name][1], value)] += 1
            self._sums[name] += value

    def gauge(self, name: str, help: str, read: Callable[[], float]) -> None:
        """Let a gauge be read when it is asked for."""
        self._gauges[name] = help, read

    def text(self) -> str:
        """Return all in Prometheus's text format, version 0.0.4."""
        lines: list[str] = []
        with self._lock:
            for name, help in _COUNTERS.items():
                lines += [f"# HELP recurra_{name}_total {help}", f"# TYPE recurra_{name}_total counter"]
                for (each, label), number in sorted(self._counts.items()):
                    if each == name:
                        lines.append(f"recurra_{name}_total{{{label}}} {number}".replace("{}", ""))
            for name, (help, bounds) in _HISTOGRAMS.items():
                lines += [f"# HELP recurra_{name} {help}", f"# TYPE recurra_{name} histogram"]
                total = 0
                for bound, number in zip((*map(str, bounds), "+Inf"), self._buckets[name], strict=True):
                    total += number
                    lines.append(f'recurra_{name}_bucket{{le="{bound}"}} {total}')
                lines += [f"recurra_{name}_sum {self._sums[name]}", f"recurra_{name}_count {total}"]
        for name, (help, read) in self._gauges.items():
            lines += [f"# HELP recurra_{name} {help}", f"# TYPE recurra_{name} gauge", f"recurra_{name} {read()}"]
        return "\n".join(lines) + "\n"
