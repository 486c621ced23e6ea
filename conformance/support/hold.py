"""Sent along with a job's script: lets the job stand still until a test lets it go, whatever machine or container it is in.

A test lets it go by tagging the run; the job sees that through run history, with the token that it was given.
"""

import json
import os
import ssl
import time
import urllib.request


def run_url():
    e = os.environ
    return (
        "{AZUREML_SERVICE_ENDPOINT}/history/v1.0/subscriptions/{AZUREML_ARM_SUBSCRIPTION}"
        "/resourceGroups/{AZUREML_ARM_RESOURCEGROUP}/providers/Microsoft.MachineLearningServices"
        "/workspaces/{AZUREML_ARM_WORKSPACE_NAME}/experiments/{AZUREML_ARM_PROJECT_NAME}/runs/{AZUREML_RUN_ID}"
    ).format(**e)


def tags():
    request = urllib.request.Request(run_url(), headers={"Authorization": "Bearer " + os.environ["AZUREML_RUN_TOKEN"]})
    bundle = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE")
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=bundle)))
    with opener.open(request, timeout=10) as answer:
        return json.loads(answer.read().decode())["tags"] or {}


def until(tag, deadline=90):
    """Returns when the run bears the tag; ends the job with exit code 1 when nobody sets it."""
    ends = time.monotonic() + deadline
    while time.monotonic() < ends:
        try:
            if tag in tags():
                return
        except OSError as unreachable:
            # An emulator that is being restarted is away for some seconds.
            print("run history does not answer:", unreachable, flush=True)
        time.sleep(0.2)
    raise SystemExit("nobody set the tag " + tag)


def until_alone(deadline=90):
    """Returns when the emulator is away."""
    ends = time.monotonic() + deadline
    while time.monotonic() < ends:
        try:
            tags()
        except OSError:
            return
        time.sleep(0.1)
    raise SystemExit("the emulator stayed")
