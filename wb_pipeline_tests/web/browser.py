"""Headless Chromium, driven by its own protocol: opens pages, presses real keys, looks. No assertions here."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--remote-debugging-port=0",
    "--no-proxy-server",
)
_SECONDS = 30
_LISTENING = "DevTools listening on "
_HAS_KEYS = "(document.documentElement.dataset.keys === 'ready' || !document.querySelector('script'))"
# The browser moves the focus when it draws, which under load is after the page is complete: text typed before is lost.
_HAS_FOCUS = "(!document.querySelector('[autofocus]:enabled') || document.activeElement !== document.body)"
_KEY_CODES = {"Enter": 13, "Escape": 27, "Tab": 9}


class Tab:
    """One open page. Every method waits until what it asked for has happened."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._last = 0
        self._session = ""
        self._frame = ""
        self._loaded = ""
        self.has_scripts = True
        self.keys_pressed = 0
        self.problems: list[str] = []

    def open(self) -> None:
        """Make the tab, and listen to what it complains about."""
        target = self.command("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.command("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._frame = target  # the main frame of a page has the name of its target
        for domain in ("Page", "Runtime", "Log"):
            self.command(f"{domain}.enable")
        self.command("Page.setLifecycleEventsEnabled", enabled=True)

    def command(self, method: str, **given: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": given}
        if self._session:
            message["sessionId"] = self._session
        self._connection.send(json.dumps(message))
        while True:
            answer = json.loads(self._connection.recv(timeout=_SECONDS))
            if answer.get("id") == self._last:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return dict(answer["result"])
            self._note(answer)

    def go(self, address: str) -> None:
        """Open an address and wait until its keys work."""
        wanted = self.command("Page.navigate", url=address)["loaderId"]
        self._listen(lambda: self._loaded == wanted)
        self.ready()

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Wait at the end of the block until another page is there, and listens to keys where it has the script."""
        left = self._loaded
        yield
        self._listen(lambda: self._loaded != left)
        self.ready()

    def _listen(self, is_there: Callable[[], bool]) -> None:
        """Take what the browser tells until a page is there."""
        while not is_there():
            try:
                self._note(json.loads(self._connection.recv(timeout=_SECONDS)))
            except TimeoutError as error:
                raise AssertionError(f"no other page came after {self.run('location.href')}: {self.text()}") from error

    def ready(self) -> None:
        """Wait until the page is there, has its focus and, where it has the script, listens to keys."""
        if self.has_scripts:
            self.when(f"document.readyState === 'complete' && {_HAS_FOCUS} && {_HAS_KEYS}")

    def run(self, script: str) -> Any:
        """Return the value of a script in the page."""
        given = {"expression": script, "returnByValue": True, "awaitPromise": True}
        result = self.command("Runtime.evaluate", **given)
        if "exceptionDetails" in result:
            raise AssertionError(result["exceptionDetails"])
        return result["result"].get("value")

    def when(self, condition: str) -> None:
        """Wait until a condition holds, across changes of page; the browser says when something changed."""
        script = (
            "new Promise((done) => { const look = () => { let is = false; try { is = Boolean(" + condition + "); } "
            "catch { is = false; } if (is) done(true); else setTimeout(look, 5); }; look(); "
            f"setTimeout(() => done(false), {_SECONDS * 1000}); }})"
        )
        for _ in range(20):
            try:
                if self.run(script):
                    return
            except AssertionError as error:
                # The page that was asked went away: the next one is asked.
                if not any(
                    words in str(error) for words in ("context", "navigated", "destroyed", "Promise was collected")
                ):
                    raise
                continue
            break
        raise AssertionError(f"never: {condition}\n{self.run('location.href + document.body.innerText.slice(0, 800)')}")

    def press(self, key: str) -> None:
        """Press and release a key, as a person does."""
        self.keys_pressed += 1
        code = _KEY_CODES.get(key, ord(key.upper()) if len(key) == 1 and key.isalnum() else 0)
        text = "\r" if key == "Enter" else key if len(key) == 1 else ""
        given: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code}
        kind = "keyDown" if text else "rawKeyDown"
        self.command("Input.dispatchKeyEvent", type=kind, **(given | ({"text": text} if text else {})))
        self.command("Input.dispatchKeyEvent", type="keyUp", **given)

    def press_away(self, key: str) -> None:
        """Press a key that leads to another page, and wait for that."""
        with self.leaving():
            self.press(key)

    def scripts(self, *, are_on: bool) -> None:
        """Switch the scripts of pages on or off."""
        self.command("Emulation.setScriptExecutionDisabled", value=not are_on)
        self.has_scripts = are_on

    def click(self, selector: str) -> None:
        """Click in the middle of an element, with the mouse."""
        middle = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); "
            "e.scrollIntoView({block: 'center'}); const box = e.getBoundingClientRect(); "
            "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            given = {"x": middle[0], "y": middle[1], "button": "left", "clickCount": 1}
            self.command("Input.dispatchMouseEvent", type=kind, **given)

    def type(self, text: str) -> None:
        """Write a text where the focus is."""
        self.command("Input.insertText", text=text)

    def text(self) -> str:
        """Return what the page says."""
        return str(self.run("document.body.innerText"))

    def told(self, words: str) -> None:
        """Wait until the page tells what was done: it takes the words out and puts them in again, to be read aloud."""
        self.when(f"document.querySelector('#said').textContent.includes({json.dumps(words)})")

    def size(self, width: int, height: int, *, is_dark: bool = False, is_phone: bool = False) -> None:
        """Make the window so large, in a light or dark scheme."""
        given = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone}
        self.command("Emulation.setDeviceMetricsOverride", **given)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self.command("Emulation.setEmulatedMedia", features=[scheme])

    def picture(self, path: Path, *, is_whole: bool = True) -> None:
        """Keep a picture of the page."""
        data = self.command("Page.captureScreenshot", format="png", captureBeyondViewport=is_whole)["data"]
        path.write_bytes(base64.b64decode(data))

    def _note(self, event: dict[str, Any]) -> None:
        given = event.get("params", {})
        match event.get("method"):
            case "Page.lifecycleEvent" if given["name"] == "load" and given["frameId"] == self._frame:
                self._loaded = given["loaderId"]
            case "Runtime.exceptionThrown":
                self.problems.append(str(given["exceptionDetails"]))
            case "Log.entryAdded" if given["entry"]["level"] == "error":
                self.problems.append(f"{given['entry'].get('text')} {given['entry'].get('url', '')}")
            case "Page.javascriptDialogOpening":
                self.problems.append(f"dialog: {given.get('message')}")


@contextmanager
def browser_tab(chromium: str, folder: Path) -> Iterator[Tab]:
    """Start Chromium with a profile of its own, yield a tab, end all of it."""
    process = subprocess.Popen(
        [chromium, *_OPTIONS, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        with connect(_debugger(process), max_size=None, proxy=None) as connection:
            tab = Tab(connection)
            tab.open()
            yield tab
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(_SECONDS)
        if process.stderr:
            process.stderr.close()


def _debugger(process: subprocess.Popen[str]) -> str:
    """Return the address at which Chromium takes commands: it says so when it is ready."""
    for line in process.stderr or ():
        if _LISTENING in line:
            return line.partition(_LISTENING)[2].strip()
    raise AssertionError("Chromium ended before it was ready")
