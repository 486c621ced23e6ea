"""Run by the SDK v2's Python: one command job as a user would run it, from submission to its streamed end.

It prints the seconds of the whole, those in which the client waited for our answers, and those between the moment in which
the job was accepted and its end, by the service's own record. Whatever is left the client spends on itself: it pauses
between polls.
"""

import io
import json
import os
import sys
import time
from contextlib import redirect_stdout
from datetime import datetime

import urllib3
from azure.ai.ml import MLClient, command
from azure.ai.ml.entities import AmlCompute, Environment
from azure.identity import DefaultAzureCredential

waits = []
send = urllib3.connectionpool.HTTPConnectionPool.urlopen


def urlopen(pool, *args, **options):
    begin = time.perf_counter()
    try:
        return send(pool, *args, **options)
    finally:
        waits.append((begin, time.perf_counter()))


urllib3.connectionpool.HTTPConnectionPool.urlopen = urlopen


def waited(begin, end):
    return sum(after - before for before, after in waits if begin <= before < end)


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def main():
    code, count = sys.argv[1], int(sys.argv[2])
    client = MLClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"], "bench", "command")
    client.compute.begin_create_or_update(AmlCompute(name="bench", size="STANDARD_D2_V2", max_instances=1)).result()
    environment = Environment(image="mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04")
    every = []
    # The first makes the node, which those that follow find waiting.
    for _ in range(count + 1):
        waits.clear()
        begin = time.perf_counter()
        job = client.jobs.create_or_update(
            command(code=code, command="echo done", environment=environment, compute="bench"))
        submitted = time.perf_counter()
        with redirect_stdout(io.StringIO()):
            client.jobs.stream(job.name)
        end = time.perf_counter()
        run = client.jobs._runs_operations.get_run(job.name)
        created, ended = (moment(str(getattr(run, name))) for name in ("created_utc", "end_time_utc"))
        every.append({"all": end - begin, "waited": waited(begin, submitted), "run": ended - created,
                      "polled": waited(submitted, end)})
    print("\n" + json.dumps(every[1:]))


main()
