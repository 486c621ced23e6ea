"""Five steps of training. Each attempt goes on where the one before was stopped; standard library only."""
import os
import signal
import urllib.error
import urllib.request

STEPS = 5
ATTEMPT = int(os.environ["AZUREML_MALACHITE_ATTEMPT"])
done = []


def kept(path):
    """What an earlier attempt of this run left below outputs/: it is in the run's history, and the run's token opens it."""
    url = "%s/artifact/v2.0%s/artifacts/content/ExperimentRun/dcid.%s/%s" % (
        os.environ["AZUREML_SERVICE_ENDPOINT"], os.environ["AZUREML_WORKSPACE_SCOPE"], os.environ["AZUREML_RUN_ID"], path)
    request = urllib.request.Request(url, headers={"Authorization": "Bearer " + os.environ["AZUREML_RUN_TOKEN"]})
    try:
        return urllib.request.urlopen(request).read().decode()
    except urllib.error.HTTPError as missing:
        if missing.code != 404:
            raise
        return ""


def checkpoint():
    with open("outputs/steps.txt", "w") as file:
        file.write("".join(line + "\n" for line in done))


def evicted(number, frame):
    """The notice has passed: keep what there is, then end as a process that was told to end does."""
    checkpoint()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


signal.signal(signal.SIGTERM, evicted)
done = kept("outputs/steps.txt").splitlines()
print("attempt", ATTEMPT, "begins after step", len(done), flush=True)
while len(done) < STEPS:
    done.append("attempt %d: %d" % (ATTEMPT, len(done) + 1))
    urllib.request.urlopen("%s/attempt-%d-step-%d" % (os.environ["MILESTONES"], ATTEMPT, len(done)))
    if ATTEMPT == 1 and len(done) == 3:
        signal.pause()  # a step that takes long: the eviction comes in the middle of it
checkpoint()
