"""A real Chromium without a window, spoken to over a pipe (the DevTools protocol).

In: nothing but the browser of the system. Out: a tab that opens addresses, presses keys, and tells
what it shows. Only what these tests need.
"""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or ""
_SECONDS = 20.0
_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27}


class Chromium:
    """One browser with one tab."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()

        def give_pipes() -> None:
            # The protocol has fixed numbers; neither end may be closed by giving the other.
            one, other = os.dup(to_browser), os.dup(from_browser)
            os.dup2(one, 3)
            os.dup2(other, 4)

        self._process = subprocess.Popen(
            [
                *(BROWSER, "--headless=new", "--no-sandbox", "--remote-debugging-pipe"),
                *("--no-first-run", "--disable-gpu", "--hide-scrollbars"),
                *(f"--user-data-dir={self._folder.name}", "about:blank"),
            ],
            preexec_fn=give_pipes,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._number, self._rest, self._session = 0, b"", ""
        self.said: list[str] = []
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def __enter__(self) -> "Chromium":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait()
        os.close(self._write)
        os.close(self._read)
        self._folder.cleanup()

    def size(self, width: int, height: int, dark: bool = False) -> None:
        """Make the tab as large as a screen, and as dark."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            **{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, address: str) -> None:
        """Open an address and wait until it is there."""
        self._call("Page.navigate", url=address)
        self.settle()

    def settle(self) -> None:
        """Wait until the page that is being opened is there."""
        time.sleep(0.15)
        until = time.monotonic() + _SECONDS
        while self.ask("document.readyState") != "complete":
            assert time.monotonic() < until, "the page does not come"
            time.sleep(0.05)

    def ask(self, expression: str) -> object:
        """Return what an expression is in the page."""
        reply = self._call("Runtime.evaluate", expression=expression, returnByValue=True)
        found: object = reply.get("result", {}).get("value")
        return found

    def press(self, key: str, shift: bool = False) -> None:
        """Press a key as a person would."""
        told = {"key": key, "code": key, "windowsVirtualKeyCode": _KEYS[key]}
        if key == "Enter":
            told["text"] = "\r"
        modifiers = 8 if shift else 0
        self._call("Input.dispatchKeyEvent", type="keyDown", modifiers=modifiers, **told)
        self._call("Input.dispatchKeyEvent", type="keyUp", modifiers=modifiers, **told)

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self._call("Input.insertText", text=text)

    def picture(self, file: Path, whole: bool = True) -> None:
        """Keep a picture of the page."""
        shot = self._call("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(shot["data"]))

    def _call(self, method: str, **params: object) -> dict[str, Any]:
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            reply = self._next()
            if reply.get("id") == self._number:
                assert "error" not in reply, reply
                found: dict[str, Any] = reply["result"]
                return found
            self._hear(reply)

    def _hear(self, event: dict[str, Any]) -> None:
        """Keep what the page complained of: blocked by its policy, missing, thrown."""
        params = event.get("params", {})
        if event.get("method") == "Log.entryAdded" and params["entry"]["level"] != "info":
            self.said.append(params["entry"]["text"])
        elif event.get("method") == "Runtime.exceptionThrown":
            self.said.append(params["exceptionDetails"]["text"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            piece = os.read(self._read, 1 << 20)
            assert piece, "the browser is gone"
            self._rest += piece
        one, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(one)
        return found
