"""One emulator process: started from its jar on free ports with a data folder of its own, killed or stopped by its id."""

import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import requests

START_SECONDS = 180
# The exit code of one that was told to halt itself.
HALTED = 137
CONFORMANCE = Path(__file__).resolve().parent.parent
REPO = CONFORMANCE.parent


class NotAvailable(Exception):
    """Something that the tests need is not on this machine; the message says what and how to get it."""


def find_jar():
    jar = Path(os.environ.get("MALACHITE_JAR") or REPO / "emulator-server" / "target" / "malachite.jar")
    if not jar.is_file():
        raise NotAvailable(f"there is no {jar}: build it (mvn -DskipTests package) or name one in MALACHITE_JAR")
    return jar.resolve()


@functools.cache
def find_java():
    """A Java of at least 25: the one named in MALACHITE_JAVA, else the first of the usual places."""
    named = os.environ.get("MALACHITE_JAVA")
    if named:
        return named
    candidates = [Path(os.environ[home]) / "bin" / "java" for home in ("JAVA_HOME", "JDK_25") if os.environ.get(home)]
    on_path = shutil.which("java")
    if on_path:
        candidates.append(Path(on_path))
    for folder in ("/usr/lib/jvm", "/Library/Java/JavaVirtualMachines", "/opt/java"):
        candidates += sorted(Path(folder).glob("*/bin/java")) + sorted(Path(folder).glob("*/Contents/Home/bin/java"))
    for java in candidates:
        if java.is_file() and _major(java) >= 25:
            return str(java)
    raise NotAvailable("there is no Java 25 or later: install a JDK 25 or name its java in MALACHITE_JAVA")


def _major(java):
    asked = subprocess.run([str(java), "-XshowSettings:properties", "-version"], capture_output=True, text=True)
    for line in asked.stderr.splitlines():
        name, _, value = line.strip().partition(" = ")
        if name == "java.specification.version":
            return int(value.split(".")[-1])
    return 0


def free_ports(count):
    """Ports that nobody listens on. They are taken together, so that no two are the same."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


# As in scripts/lib/java.sh: a start that learned by other options is of no use.
LEARNED = ["-Xlog:aot*=error", "-Dspring.aot.enabled=true"]
OPTIONS = ["-XX:+UseParallelGC", "-XX:MaxNewSize=128m", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"]


def taken_apart(folder):
    """What to start instead of the jar, for who starts it often: taken apart, and knowing what one start has learned."""
    app, java = Path(folder) / "app", find_java()
    subprocess.run([java, "-Djarmode=tools", "-jar", str(find_jar()), "extract", "--destination", str(app)],
                   check=True, capture_output=True)
    program = ["-jar", str(app / find_jar().name)]
    learned = subprocess.run(
        [java, *OPTIONS, *LEARNED, f"-XX:AOTCacheOutput={app / 'cache.aot'}", *program, "--malachite.exit-after-start=true",
         f"--malachite.data={Path(folder) / 'learning'}", "--malachite.runtime=simulated", "--malachite.https-port=0",
         "--malachite.http-port=0"], capture_output=True, text=True)
    assert learned.returncode == 0, learned.stdout[-2000:] + learned.stderr[-2000:]
    return [*LEARNED, f"-XX:AOTCache={app / 'cache.aot'}", *program]


class Emulator:
    """A process that can be killed and started again on the same data and ports."""

    def __init__(self, data, runtime, program=()):
        self.program = list(program)
        self.data = Path(data)
        self.runtime = runtime
        self.https_port, self.http_port = free_ports(2)
        self.http = f"http://127.0.0.1:{self.http_port}"
        self.log = self.data.parent / f"{self.data.name}.log"
        self._process = None
        self._control = requests.Session()
        self._control.trust_env = False

    def start(self):
        self._launch()
        ends = time.monotonic() + START_SECONDS
        while not self._healthy():
            if self._process.poll() is not None or time.monotonic() > ends:
                self.kill()
                raise AssertionError(f"the emulator did not become healthy:\n{self.log_tail()}")
            time.sleep(0.1)
        return self

    def start_if_it_lives(self, java_options):
        """Starts one that may halt itself before it is healthy; whether it did not."""
        self._launch(java_options)
        ends = time.monotonic() + START_SECONDS
        while not self._healthy():
            if self._process.poll() is not None:
                assert self._process.returncode == HALTED, f"it ended with {self._process.returncode}:\n{self.log_tail()}"
                return False
            assert time.monotonic() < ends, f"the emulator did not become healthy:\n{self.log_tail()}"
            time.sleep(0.05)
        return True

    def wait_for_end(self, seconds):
        """Waits until it has ended by itself, if it does."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass

    def exit_code(self):
        return self._process.poll()

    def pid(self):
        return self._process.pid

    def _launch(self, java_options=()):
        command = [
            find_java(), *OPTIONS, *java_options, *(self.program or ["-jar", str(find_jar())]),
            f"--malachite.data={self.data}",
            f"--malachite.https-port={self.https_port}",
            f"--malachite.http-port={self.http_port}",
            f"--malachite.runtime={self.runtime}",
        ]
        with open(self.log, "ab") as log:
            # A session of its own, so that a Ctrl-C at the tests does not end it before they have said goodbye.
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def _healthy(self):
        try:
            return self._control.get(f"{self.http}/_emulator/health", timeout=5).status_code == 200
        except (requests.ConnectionError, requests.Timeout):
            return False

    def kill(self):
        """As `kill -9` does: no farewell, nothing flushed."""
        self._process.kill()
        self._process.wait(30)

    def stop(self):
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the emulator did not end within 30 s of SIGTERM:\n{self.log_tail()}") from None

    def log_tail(self, lines=40):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    # What `malachite env` prints, and the control API.

    def env(self, subscription, mode="variables"):
        """The variables that point a shell; naming a subscription makes it known."""
        return self._json("GET", f"/_emulator/env?shell=json&mode={mode}&subscription={subscription}")

    def evict(self, node, **wish):
        return self._json("POST", f"/_emulator/nodes/{node}/evict", wish)

    def advance(self, by):
        """Turns the emulator's clock forward by an ISO 8601 duration."""
        return self._json("POST", "/_emulator/clock/advance", {"by": by})

    def clock(self, mode=None):
        """How the emulator's clock stands, after it was set to pass in this way if one is named."""
        return self._json("PUT", "/_emulator/clock", {"mode": mode}) if mode else self._json("GET", "/_emulator/clock")

    def reset(self):
        """Forgets everything; nodes, containers and networks go."""
        return self._json("POST", "/_emulator/reset")

    def fault(self, **wish):
        """Asks for a failure; gives its id."""
        return self._json("POST", "/_emulator/faults", wish)["id"]

    def undo(self, fault):
        self._json("DELETE", f"/_emulator/faults/{fault}")

    def overview(self):
        return self._json("GET", "/_emulator/overview")

    def explain(self, job):
        """Why a job waits, or what it does, as the control API says it."""
        return self._json("GET", f"/_emulator/jobs/{job}/explain")

    def _json(self, method, path, body=None):
        answer = self._control.request(method, self.http + path, json=body, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return json.loads(answer.text) if answer.text else {}
