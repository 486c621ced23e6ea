"""Mode C with real clients: Azure's own names lead to the emulator, and who may not pass is told why (clients.md 6.2)."""

import shutil
import subprocess

import pytest
import requests

ARM = "https://management.azure.com/subscriptions?api-version=2016-06-01"


@pytest.fixture(scope="module")
def shell(emulator, subscription):
    return emulator.env(subscription, "proxy")


@pytest.fixture
def session(shell):
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"https": shell["HTTPS_PROXY"]}
        session.verify = shell["REQUESTS_CA_BUNDLE"]
        yield session


def test_the_services_own_names_lead_here(session, shell):
    token = session.post("https://login.microsoftonline.com/common/oauth2/token", data={
        "grant_type": "client_credentials", "client_id": "a", "client_secret": "b",
        "resource": "https://management.core.windows.net/"}).json()["access_token"]
    listed = session.get(ARM, headers={"Authorization": f"Bearer {token}"}).json()
    assert shell["AZURE_SUBSCRIPTION_ID"] in [each["subscriptionId"] for each in listed["value"]]
    for name in ("malachite.blob.core.windows.net", "koreacentral.api.azureml.ms", "ml.azure.com",
                 "eastus2.experiments.azureml.net"):
        assert session.get(f"https://{name}/").status_code < 500, name


@pytest.mark.parametrize("url, line", [
    ("https://169.254.169.254/metadata/instance", "403 malachite: no tunnel leads to 169.254.169.254:443"),
    ("https://metadata.google.internal/", "403 malachite: no tunnel leads to metadata.google.internal:443"),
    ("https://127.0.0.1:9/", "403 malachite: no tunnel leads to 127.0.0.1:9"),
    ("https://management.azure.com:8443/", "403 malachite: of management.azure.com only port 443 is here, not 8443"),
])
def test_python_shows_why_there_is_no_way(session, url, line):
    with pytest.raises(requests.exceptions.ProxyError, match=line):
        session.get(url, timeout=10)


def test_curl_reads_the_variables(shell):
    if not shutil.which("curl"):
        pytest.skip("CURL NOT TESTED: there is none")
    said = subprocess.run(["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{http_connect}", ARM],
                          env={**shell, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, timeout=30)
    assert said.stdout == "401 200", said


def test_plain_http_is_not_taken(shell):
    answer = requests.get(shell["HTTPS_PROXY"] + "/", timeout=10, proxies={"http": ""})
    assert answer.status_code == 405 and answer.reason == \
        "malachite: this is a proxy for https alone: it takes CONNECT and nothing else"
