"""Managed identities of a cluster inside its jobs (document 001): the endpoints that libraries ask, and who the tokens say they are."""

import base64
import json
import re

import pytest
from azureml.core.compute import AmlCompute, ComputeTarget

from support.runs import ended, error_of, log_of
from support.wire import Wire

IDS = "/subscriptions/{0}/resourceGroups/research/providers/Microsoft.ManagedIdentity/userAssignedIdentities/"

# What azure-identity sends for App Service and for Azure ML, and what msrestazure, which MsiAuthentication is, sends.
ASK = """
import json, os, ssl, sys
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

def ask(url, header, secret, form=None, **query):
    query["resource"] = "https://vault.azure.net"
    joint = "&" if "?" in url else "?"
    request = Request(url if form else url + joint + urlencode(query), headers={header: secret},
                      data=urlencode(query).encode() if form else None)
    try:
        return json.load(urlopen(request))
    except HTTPError as refused:
        return json.load(refused)

app_service = os.environ["IDENTITY_ENDPOINT"], "X-IDENTITY-HEADER", os.environ["IDENTITY_HEADER"]
answers = {"plain": ask(*app_service)}
if "MSI_ENDPOINT" in os.environ:
    answers["azure_ml"] = ask(os.environ["MSI_ENDPOINT"], "secret", os.environ["MSI_SECRET"],
                              **{"api-version": "2017-09-01"})
    answers["msrestazure"] = ask(os.environ["MSI_ENDPOINT"], "Metadata", "true", form=True)
for client in sys.argv[1:]:
    answers[client] = ask(*app_service, client_id=client)
if "DEFAULT_IDENTITY_CLIENT_ID" in os.environ:
    answers["default"] = ask(*app_service, client_id=os.environ["DEFAULT_IDENTITY_CLIENT_ID"])
print("ANSWERS" + json.dumps(answers))
"""


@pytest.fixture(scope="module")
def known(ws):
    made = ComputeTarget.create(ws, "known-by-name", AmlCompute.provisioning_configuration(
        vm_size="STANDARD_D2_V2", max_nodes=1, identity_type="SystemAssigned"))
    made.wait_for_completion()
    return made


@pytest.fixture
def identity(emulator, subscription, known):
    """As Resource Manager shows it: the SDK leaves the ids out."""
    return lambda: Wire(emulator, subscription)("GET", known.id).json()["identity"]


@pytest.fixture
def answers(submit, project, known):
    def answers(*clients):
        run = submit(project({"ask.py": ASK}), "ask.py", target=known, arguments=list(clients))
        assert ended(run) == "Completed", error_of(run)
        return json.loads(re.search("ANSWERS(.*)", log_of(run)).group(1))
    return answers


def claims(answer):
    part = answer["access_token"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_the_clusters_own_identity_reaches_its_jobs(answers, identity):
    own = identity()
    found = answers("6d616c61-0000-4974-8000-000000000000")
    for way in ("plain", "azure_ml", "msrestazure"):
        assert claims(found[way])["oid"] == own["principalId"], way
        assert claims(found[way])["tid"] == own["tenantId"]
        assert claims(found[way])["aud"] == "https://vault.azure.net"
        assert claims(found[way])["appid"] == found[way]["client_id"]
    # One that the cluster does not have is not made up.
    assert found["6d616c61-0000-4974-8000-000000000000"]["error_description"] == "Identity not found"
    assert "default" not in found


def test_identities_of_the_user_are_asked_for_by_client_id_until_they_are_removed(answers, known, identity, subscription):
    named = [IDS.format(subscription) + name for name in ("reader", "writer")]
    known.remove_identity()
    known.add_identity(identity_type="UserAssigned", identity_id=named)
    known.wait_for_completion()
    ids = identity()["userAssignedIdentities"]
    found = answers(*[ids[name]["clientId"] for name in named])
    for name in named:
        token = claims(found[ids[name]["clientId"]])
        assert (token["oid"], token["appid"]) == (ids[name]["principalId"], ids[name]["clientId"])
        assert token["xms_mirid"] == name
    assert claims(found["default"])["oid"] in [ids[name]["principalId"] for name in named]
    # Nobody can say which of two is meant.
    assert found["plain"]["error_description"] == "Identity not found"

    known.remove_identity(named)
    known.wait_for_completion()
    # A job of a cluster without an identity has its own, as ever.
    assert claims(answers()["plain"])["oid"] not in [each["principalId"] for each in ids.values()]
