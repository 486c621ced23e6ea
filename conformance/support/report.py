"""Sent along with a trial's script: logs a metric as the SDK v1 does, without needing it where the trial runs."""

import json
import os
import ssl
import urllib.request


def metric(name, value):
    e = os.environ
    url = (
        "{AZUREML_SERVICE_ENDPOINT}/metric/v2.0/subscriptions/{AZUREML_ARM_SUBSCRIPTION}"
        "/resourceGroups/{AZUREML_ARM_RESOURCEGROUP}/providers/Microsoft.MachineLearningServices"
        "/workspaces/{AZUREML_ARM_WORKSPACE_NAME}/runs/{AZUREML_RUN_ID}/batch").format(**e)
    body = {"values": [{
        "name": name, "columns": {name: "Double"}, "properties": {"uxMetricType": "azureml.v1.scalar"},
        "value": [{"data": {name: value}}]}]}
    request = urllib.request.Request(url, json.dumps(body).encode(), method="POST", headers={
        "Authorization": "Bearer " + e["AZUREML_RUN_TOKEN"], "Content-Type": "application/json"})
    bundle = e.get("REQUESTS_CA_BUNDLE") or e.get("SSL_CERT_FILE")
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=bundle)))
    opener.open(request, timeout=30).read()
