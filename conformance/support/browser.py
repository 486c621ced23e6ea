"""A Chromium, driven through a pipe by its own protocol, so that nothing but the browser is needed."""

import base64
import fcntl
import itertools
import json
import os
import shutil
import subprocess
import tempfile

from support.waiting import wait_until

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe")


def find_chromium():
    return os.environ.get("MALACHITE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One tab. Its language is English, its window 1280 wide."""

    def __init__(self, chromium):
        self._profile = tempfile.mkdtemp(prefix="malachite-browser-")
        orders, self._write = os.pipe()
        self._read, answers = os.pipe()
        command = [chromium, *OPTIONS, f"--user-data-dir={self._profile}", "--window-size=1280,900", "--lang=en"]
        if os.geteuid() == 0:
            command.append("--no-sandbox")
        # Chromium reads orders from descriptor 3 and answers on 4. Ours are moved up first, so that neither is in the way.
        high = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, 20) for each in (orders, answers)]
        self._process = subprocess.Popen(
            [*command, "about:blank"], pass_fds=(3, 4), preexec_fn=lambda: (os.dup2(high[0], 3), os.dup2(high[1], 4)),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for each in (orders, answers, *high):
            os.close(each)
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._session = None
        target = self("Target.createTarget", url="about:blank")["targetId"]
        self._session = self("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def __call__(self, method, **parameters):
        number = next(self._numbers)
        order = {"id": number, "method": method, "params": parameters}
        if self._session:
            order["sessionId"] = self._session
        os.write(self._write, json.dumps(order).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]

    def _next(self):
        while b"\0" not in self._buffer:
            more = os.read(self._read, 65536)
            assert more, "the browser is gone"
            self._buffer += more
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def open(self, url):
        """Always a fresh page, also where only the part after the # differs."""
        self("Page.navigate", url="about:blank")
        self("Page.navigate", url=url)

    def look(self, expression):
        """The value of a JavaScript expression."""
        found = self("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    @property
    def text(self):
        """What a reader sees of the page."""
        return " ".join((self.look("document.body?.innerText") or "").split())

    def see(self, *wanted, deadline=30):
        """Waits until the page shows all these texts, and returns what it shows."""
        wait_until(lambda: all(each in self.text for each in wanted), f"the page to show {wanted}; it shows: {self.text}",
                   deadline)
        return self.text

    def dress(self, scheme="light", width=1280, height=900):
        """The reader's colour scheme and window."""
        self("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def picture(self, path):
        shot = self("Page.captureScreenshot", format="png")
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def close(self):
        self._process.terminate()
        self._process.wait(30)
        os.close(self._write)
        os.close(self._read)
        shutil.rmtree(self._profile, ignore_errors=True)
