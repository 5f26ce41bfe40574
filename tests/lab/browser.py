"""Headless Chromium, driven by the DevTools protocol over a pipe: no driver, no port."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

__all__ = ["Browser", "chromium"]


def chromium() -> str | None:
    """Return the program, None if there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Browser:
    """A page in a browser of its own; what it said on its console and what it asked for is kept.

    Parameters
    ----------
    folder : Path
        Where the browser may write.
    width, height : int
        Of the window, in points.
    offline : bool
        Whether the network is off.
    more : sequence of str
        Further options of the program.
    """

    def __init__(
        self, folder: Path, *, width: int = 1280, height: int = 900, offline: bool = False, more: Sequence[str] = ()
    ) -> None:
        program = chromium()
        assert program is not None
        (to_browser, self._write), (self._read, from_browser) = os.pipe(), os.pipe()
        shell = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        options = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
            "--remote-debugging-pipe", f"--user-data-dir={folder / 'chromium'}", f"--window-size={width},{height}",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", *more, "about:blank",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            ["bash", "-c", shell, "bash", program, *options], pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(to_browser)
        os.close(from_browser)
        self._number, self._buffer, self._session = 0, b"", None
        self._is_loaded = False
        self.errors: list[str] = []
        self.requests: list[str] = []
        target = next(each for each in self._ask("Target.getTargets")["targetInfos"] if each["type"] == "page")
        attached = self._ask("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._ask(f"{domain}.enable")
        self.resize(width, height)
        if offline:
            self._ask(
                "Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._write)
        os.close(self._read)

    def resize(self, width: int, height: int, *, phone: bool = False) -> None:
        """Give the page another size, in points."""
        self._ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )  # fmt: skip

    def prefer(self, scheme: str) -> None:
        """Have the page believe that a person prefers "light" or "dark"."""
        self._ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, address: str) -> None:
        """Load a page, until all of it is there."""
        self._is_loaded = False
        self._ask("Page.navigate", url=address)
        while not self._is_loaded:
            self._hear(self._next())

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page; a promise is awaited."""
        answer = self._ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"].get("exception", {}).get("description", str(answer)))
        return answer["result"].get("value")

    def wait(self, condition: str, seconds: float = 60) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + seconds
        while not self.run(condition):
            assert time.monotonic() < end, f"{condition} after {seconds} s; {self.errors}"
            time.sleep(0.05)

    def press(self, key: str) -> None:
        """Press a key."""
        for kind in ("keyDown", "keyUp"):
            self._ask("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """Write what the page looks like."""
        answer = self._ask("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(answer["data"]))

    # the protocol --------------------------------------------------------------------------------------------------

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                return answer["result"]
            self._hear(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            part = os.read(self._read, 1 << 20)
            assert part, "Chromium ended"
            self._buffer += part
        line, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(line)

    def _hear(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        match event.get("method"):
            case "Page.loadEventFired":
                self._is_loaded = True
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.errors.append(details.get("exception", {}).get("description", details["text"]))
            case "Runtime.consoleAPICalled" if params["type"] in ("error", "warning"):
                self.errors.append(" ".join(str(each.get("value", each.get("description"))) for each in params["args"]))
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
