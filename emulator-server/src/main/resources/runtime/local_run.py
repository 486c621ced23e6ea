"""Runs a script on its user's own machine and tells the workspace of it: status, log, and what it leaves behind.

It lies in azureml-setup/ of the copy of the source folder that azureml-core makes for a run on 'local', with what it needs to
know beside it in run.json. Python 3.6 and nothing else is needed.
"""

import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

SETUP = os.path.dirname(os.path.abspath(__file__))
PROJECT = os.path.dirname(SETUP)
CONTROL_LOG = "azureml-logs/60_control_log.txt"
DRIVER_LOG = "azureml-logs/70_driver_log.txt"
BLOCK = 1024 * 1024
TAIL = 2000
# How long the script may take over its end when it is told to.
GRACE_SECONDS = 10
TRIES = 6


class Service:
    """The workspace's services, with the run's own token."""

    def __init__(self, run):
        self._run = run
        self._opener = urllib.request.build_opener(urllib.request.HTTPSHandler(
            context=ssl.create_default_context(cafile=os.path.join(SETUP, "ca.pem"))))

    def call(self, method, url, body=None):
        headers = {"Authorization": "Bearer " + self._run["token"], "Content-Type": "application/json"}
        answer = self._send(method, url, None if body is None else json.dumps(body).encode(), headers)
        return json.loads(answer.decode()) if answer else {}

    def event(self, name, **data):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.call("POST", self._run["url"] + "/events", {
            "timestamp": now, "name": "Microsoft.MachineLearning.Run." + name, "data": dict(data, RunId=self._run["id"])})

    def place(self, path):
        """Where a file of the run may be written."""
        answer = self.call("POST", self._run["artifacts"] + "/batch/metadata/ExperimentRun/dcid." + self._run["id"],
                           {"paths": [{"path": path}]})
        url = urllib.parse.urlsplit(answer["artifactContentInformation"][path]["contentUri"])
        # What stands before the @ is there for SDKs that want to find an account's name in the host.
        return urllib.parse.urlunsplit(url._replace(netloc=url.netloc.rpartition("@")[2]))

    def put(self, url, content, length, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self._send("PUT", url, content, dict(headers, **{"x-ms-version": "2021-08-06", "Content-Length": str(length)}))

    def _send(self, method, url, body, headers):
        """Tries again while nobody answers: an emulator that is being restarted is away for some seconds."""
        for attempt in range(TRIES):
            try:
                request = urllib.request.Request(url, data=body, headers=headers, method=method)
                with self._opener.open(request, timeout=100) as answer:
                    return answer.read()
            except urllib.error.HTTPError as refused:
                raise RuntimeError("%s %s: %d %s" % (method, url.split("?")[0], refused.code, refused.read().decode(
                    errors="replace"))) from None
            except OSError:
                if attempt == TRIES - 1:
                    raise
                if hasattr(body, "seek"):
                    body.seek(0)
                time.sleep(2 ** attempt / 4)


class Log:
    """A file that grows, and its copy in the workspace."""

    def __init__(self, service, name):
        self._service = service
        self.path = os.path.join(PROJECT, name)
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        open(self.path, "wb").close()
        self._sent = 0
        self._url = service.place(name)
        service.put(self._url, b"", 0, x_ms_blob_type="AppendBlob")

    def send(self):
        with open(self.path, "rb") as file:
            file.seek(self._sent)
            while True:
                block = file.read(BLOCK)
                if not block:
                    return
                self._service.put(self._url + "&comp=appendblock", block, len(block))
                self._sent += len(block)

    def tail(self):
        with open(self.path, "rb") as file:
            file.seek(max(0, os.path.getsize(self.path) - TAIL))
            return file.read().decode(errors="replace").strip()


class Ended(Exception):
    """The run cannot go on, and why."""


class Canceled(Exception):
    """Its user has canceled it."""


class Container:
    """Has programs run in a container of the user's own Docker engine, with the copy of the source folder at its own path."""

    def __init__(self, run):
        self._wanted = run["docker"]
        self._name = "azureml-" + run["id"].lower()
        self._mounts = [PROJECT, azureml_home()]
        trusted = os.environ.get("REQUESTS_CA_BUNDLE")
        if trusted and os.path.isfile(trusted):
            self._mounts.append(os.path.abspath(trusted))
            self._trust = {"REQUESTS_CA_BUNDLE": trusted, "SSL_CERT_FILE": trusted}
        else:
            self._trust = {"REQUESTS_CA_BUNDLE": os.path.join(SETUP, "ca.pem")}
        if sys.platform != "linux":
            raise Ended("Docker on the target 'local' needs Linux: elsewhere a container does not reach this machine's addresses.")
        if not shutil.which("docker"):
            raise Ended("The run wants Docker, and there is no docker command on this machine.")
        self.image = self._image()

    def _image(self):
        for image in self._wanted["images"]:
            if not self._docker("image", "inspect", image)[0]:
                return image
        image = self._wanted["images"][-1]
        code, said = self._docker("pull", image)
        if code:
            raise Ended("The image '%s' cannot be had: %s" % (image, said.strip()[-TAIL:]))
        return image

    @staticmethod
    def _docker(*arguments):
        done = subprocess.Popen(["docker"] + list(arguments), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)
        said = done.communicate()[0].decode(errors="replace")
        return done.returncode, said

    def program(self, program, variables):
        """The values stay out of the command line, which others can see."""
        variables.update(self._trust)
        docker = ["docker", "run", "--rm", "--init", "--name", self._name, "--network", "host", "--workdir", PROJECT,
                  "--user", "%d:%d" % (os.getuid(), os.getgid())]
        for place in self._mounts:
            docker += ["--volume", "%s:%s" % (place, place)]
        for name in sorted(variables):
            docker += ["--env", name]
        return docker + self._wanted["options"] + [self.image] + program

    def remove(self):
        self._docker("rm", "--force", self._name)


def azureml_home():
    return os.path.join(os.path.expanduser("~"), ".azureml")


class Keeper:
    """Starts programs and looks after them."""

    def __init__(self, service, run, container=None):
        self._container = container
        self._service = service
        self._url = run["url"]
        self._ends = time.monotonic() + run["maxSeconds"] if run["maxSeconds"] else None
        self._limit = run["maxSeconds"]

    def run(self, program, environment, log):
        if self._container:
            program = self._container.program(program, environment)
            environment = dict(os.environ, **environment)
        with open(log.path, "ab") as out:
            try:
                process = subprocess.Popen(program, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=out,
                                           stderr=subprocess.STDOUT, start_new_session=True)
            except OSError as missing:
                raise Ended("'%s' cannot be started: %s" % (program[0], missing.strerror)) from None
        look = 0
        try:
            while process.poll() is None:
                log.send()
                if time.monotonic() > look:
                    self._look()
                    look = time.monotonic() + 1
                try:
                    process.wait(0.2)
                except subprocess.TimeoutExpired:
                    pass
        finally:
            stop(process)
            if self._container:
                self._container.remove()
            log.send()
        return process.returncode

    def _look(self):
        if self._service.call("GET", self._url)["status"] in ("Canceled", "CancelRequested"):
            raise Canceled()
        if self._ends and time.monotonic() > self._ends:
            raise Ended("The run took longer than its maximum of %d seconds." % self._limit)


def stop(process):
    """Ends the process and those that it has started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        os.killpg(process.pid, number)
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            pass


def interpreter(run, keeper, service):
    """The Python that the script runs in; one with the packages of the environment is made once and kept."""
    docker = bool(run["docker"])
    if not run["requirements"]:
        name = run["interpreter"]
        if docker:
            return name
        found = shutil.which(name) or (shutil.which("python3") if name == "python" else None)
        if not found:
            raise Ended("There is no interpreter '%s' on this machine." % name)
        return found
    import fcntl

    home = azureml_home()
    folder = os.path.join(home, "envs", ("azureml_docker_" if docker else "azureml_") + run["environmentKey"])
    for each in ("envs", "locks"):
        os.makedirs(os.path.join(home, each), exist_ok=True)
    with open(os.path.join(home, "locks", run["environmentKey"]), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        python = os.path.join(folder, "bin", "python")
        whole = os.path.join(folder, "malachite-done")
        if not os.path.exists(whole):
            service.call("PATCH", run["url"], {"status": "Preparing"})
            build(run, keeper, service, folder, python)
            open(whole, "w").close()
    return python


def build(run, keeper, service, folder, python):
    log = Log(service, CONTROL_LOG)
    with open(log.path, "a") as out:
        out.write("".join(line + "\n" for line in run["notes"] + ["Installing: " + ", ".join(run["requirements"])]))
    if run["docker"]:
        # pip is told of the same index as on this machine.
        variables = dict({name: value for name, value in os.environ.items() if name.startswith("PIP_")}, HOME="/tmp")
        own, wanted = "python3", None
    else:
        variables, own = dict(os.environ), sys.executable
        wanted = shutil.which("python" + run["pythonVersion"]) if run["pythonVersion"] else None
    # A name on the PATH may be a shim that leads nowhere.
    works = wanted and subprocess.call([wanted, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    file = os.path.join(SETUP, "requirements.txt")
    with open(file, "w") as out:
        out.write("\n".join(run["requirements"]) + "\n")
    for program in ([wanted if works else own, "-m", "venv", "--clear", folder],
                    [python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "-r", file]):
        if keeper.run(program, dict(variables), log):
            raise Ended("The environment could not be built: %s" % log.tail())


def environment(run, python):
    if run["docker"]:
        variables = dict({"HOME": "/tmp"}, **run["environment"])
        if os.path.isabs(python):
            variables["PATH"] = os.path.dirname(python) + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    else:
        variables = dict(os.environ, **run["environment"])
        variables["PATH"] = os.path.dirname(os.path.abspath(python)) + os.pathsep + variables.get("PATH", os.defpath)
    before = variables.get("PYTHONPATH")
    variables["PYTHONPATH"] = os.path.join(SETUP, "python") + (os.pathsep + before if before else "")
    variables["PYTHONUNBUFFERED"] = "1"
    return variables


def keep_files(service):
    for top in ("outputs", "logs"):
        for folder, _, names in os.walk(os.path.join(PROJECT, top)):
            for name in sorted(names):
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    service.put(service.place(os.path.relpath(path, PROJECT).replace(os.sep, "/")), file,
                                os.path.getsize(path), x_ms_blob_type="BlockBlob")


def work(run, service):
    keeper = Keeper(service, run, Container(run) if run["docker"] else None)
    python = interpreter(run, keeper, service)
    if run["command"]:
        program = ["bash" if run["docker"] else shutil.which("bash") or "sh", "-c", run["command"]]
    else:
        program = [python, run["script"]] + run["arguments"]
    log = Log(service, DRIVER_LOG)
    service.event("Start", StartTime=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
    try:
        code = keeper.run(program, environment(run, python), log)
    finally:
        keep_files(service)
    if code:
        raise Ended("User program failed with exit code %d. The end of its log:\n%s" % (code, log.tail()))


def main():
    with open(os.path.join(SETUP, "run.json")) as file:
        run = json.load(file)
    service = Service(run)
    try:
        work(run, service)
        service.event("Completed")
    except Canceled:
        service.event("Canceled")
    except Exception as failed:
        service.event("Error", ErrorDetails=str(failed))
        service.event("Failed")
        raise


main()
