"""OpenSSH's client, as somebody at a shell has it."""

import os
import subprocess

ANYBODY = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]


def by_key(key):
    return ["-i", str(key), "-o", "IdentitiesOnly=yes", "-o", "PreferredAuthentications=publickey"]


def ssh(command, host, port, user, key=None, password=None, terminal=False, given=""):
    """Runs a command there; `password` is a folder of the test's own and the password, for which OpenSSH asks a program."""
    line = ["ssh", *ANYBODY, "-o", "NumberOfPasswordPrompts=1", "-p", str(port)]
    environment = dict(os.environ)
    if key:
        line += by_key(key)
    if password:
        asked = password[0] / "ask"
        asked.write_text("#!/bin/sh\necho '%s'\n" % password[1])
        asked.chmod(0o700)
        line += ["-o", "PreferredAuthentications=password"]
        environment.update(SSH_ASKPASS=str(asked), SSH_ASKPASS_REQUIRE="force", DISPLAY="none")
    if terminal:
        line.append("-tt")
    binary = isinstance(given, bytes)
    return subprocess.run([*line, f"{user}@{host}", command], env=environment, input=given, capture_output=True, text=not binary,
                          timeout=30)


def scp(source, target, *options, host, port, user, key):
    """Copies a file; where it is there, its name begins with a colon."""
    ends = [f"{user}@{host}{end}" if str(end).startswith(":") else str(end) for end in (source, target)]
    subprocess.run(["scp", *options, *ANYBODY, *by_key(key), "-P", str(port), *ends], check=True, capture_output=True, timeout=30)
