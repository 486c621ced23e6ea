"""Status codes, headers and shapes that clients check strictly (contracts: clients §1, sdk-v1, sdk-v2 §2)."""

import http.client
import json
import re
import ssl
import uuid
from urllib.parse import urlsplit

import pytest
from azure.ai.ml import MLClient
from azure.identity import DefaultAzureCredential

from support.refusal import check_refusal
from support.waiting import wait_until
from support.wire import ML, cluster


def finish(wire, answer):
    """Follows a long operation to its end, as clients do, and returns the operation's last document."""
    assert answer.headers["Retry-After"] == "1", "without it a client sleeps 30 s"
    url = answer.headers["Azure-AsyncOperation"]
    assert url.startswith(wire.base + "/"), "absolute, and under the name by which we were called"

    def poll():
        document = wire("GET", url, version=None)
        assert document.status_code == 200, document.text
        if document.json()["status"] in ("Succeeded", "Failed", "Canceled"):
            return document.json()
        assert document.headers["Retry-After"] == "1"
        return None

    return wait_until(poll, "the operation")


def make(wire, name="coded", **settings):
    path = f"{wire.workspace}/computes/{name}"
    answer = wire("PUT", path, json=cluster(**settings))
    assert answer.status_code in (200, 201), answer.text
    assert finish(wire, answer)["status"] == "Succeeded"
    return path


class TestTheTableOfCodes:
    """clients.md §1.3: the first status is checked strictly by Go and Terraform."""

    def test_resource_group(self, wire):
        path = f"/subscriptions/{wire.subscription}/resourcegroups/coded"
        assert wire("PUT", path, json={"location": "koreacentral"}).status_code == 201
        assert wire("PUT", path, json={"location": "koreacentral"}).status_code == 200
        assert wire("HEAD", path).status_code == 204
        deleted = wire("DELETE", path)
        assert deleted.status_code == 202 and deleted.headers["Retry-After"] == "1"
        assert "Azure-AsyncOperation" not in deleted.headers
        wait_until(lambda: wire("GET", deleted.headers["Location"], version=None).status_code == 200, "the group's end")
        assert wire("HEAD", path).status_code == 404

    def test_workspace(self, wire):
        path = f"{wire.group}/providers/{ML}/workspaces/coded"
        body = {"location": "koreacentral", "properties": {"friendlyName": "coded"}}
        created = wire("PUT", path, json=body)
        assert created.status_code in (200, 202), "201 is refused by the Go client"
        wait_until(lambda: wire("GET", path).json()["properties"]["provisioningState"] == "Succeeded", "the workspace")
        assert wire("PUT", path, json=body).status_code in (200, 202)
        assert wire("PATCH", path, json={"tags": {"a": "b"}}).status_code in (200, 202)
        keys = wire("POST", f"{path}/listKeys")
        assert keys.status_code == 200 and "userStorageKey" in keys.json()
        key = wire("POST", f"{path}/listStorageAccountKeys")
        assert key.status_code == 200 and key.json()["userStorageKey"]
        deleted = wire("DELETE", path)
        assert deleted.status_code in (200, 202, 204)
        if deleted.status_code == 202:
            assert finish(wire, deleted)["status"] == "Succeeded"
        assert wire("GET", path).status_code == 404

    def test_skus(self, wire):
        skus = wire("GET", f"/subscriptions/{wire.subscription}/providers/{ML}/workspaces/skus").json()["value"]
        assert [(sku["name"], sku["resourceType"]) for sku in skus] == [("Basic", "workspaces")]

    @pytest.mark.parametrize("kind", ["codes", "environments", "data", "models", "components"])
    def test_what_versions_share(self, wire, kind):
        path = f"{wire.workspace}/{kind}/shared"
        body = {"properties": {"description": "d", "tags": {"a": "b"}, "dataType": "uri_folder"}}
        assert wire("PUT", path, json=body).status_code in (200, 201)
        assert wire("PUT", path, json=body).status_code == 200
        found = wire("GET", path).json()
        assert found["id"] == path and found["type"] == f"{ML}/workspaces/{kind}"
        properties = found["properties"]
        assert (properties["description"], properties["tags"], properties["isArchived"]) == ("d", {"a": "b"}, False)
        assert (properties["latestVersion"], properties["nextVersion"]) == (None, "1")
        assert found in wire("GET", f"{wire.workspace}/{kind}").json()["value"]
        assert wire("PUT", path, json={"properties": {"isArchived": True}}).status_code == 200
        assert "shared" not in [each["name"] for each in wire("GET", f"{wire.workspace}/{kind}").json()["value"]]
        archived = wire("GET", f"{wire.workspace}/{kind}?listViewType=ArchivedOnly").json()["value"]
        assert [each["name"] for each in archived] == ["shared"]
        assert wire("DELETE", path).status_code == 200
        assert wire("DELETE", path).status_code == 204
        assert wire("GET", path).status_code == 404

    def test_the_next_page_is_asked_for_with_whatever_the_query_held(self, wire):
        runs = f"/history/v1.0{wire.workspace}/experiments/paged/runs"
        for body in {"runId": "above"}, {"runId": "one", "parentRunId": "above"}, {"runId": "two", "parentRunId": "above"}:
            assert wire("PATCH", f"{runs}/{body['runId']}", version=None, json=body).ok
        # Python's requests would write them as a URL should have them.
        line = http.client.HTTPSConnection(
            urlsplit(wire.base).netloc, context=ssl.create_default_context(cafile=wire.session.verify))
        line.request("GET", f"{runs}/above/children?$top=1&odd=a[1]|{{b}}^&odd=%41", headers=dict(wire.session.headers))
        first = json.load(line.getresponse())
        assert "odd=a%5B1%5D%7C%7Bb%7D%5E&odd=%41" in first["nextLink"]
        second = wire("GET", first["nextLink"], version=None).json()
        assert {each["runId"] for page in (first, second) for each in page["value"]} == {"one", "two"}

    def test_versions_are_counted_and_deleted(self, wire):
        path = f"{wire.workspace}/environments/counted"
        for version in ("1", "2"):
            made = wire("PUT", f"{path}/versions/{version}", json={"properties": {"image": version}})
            assert made.status_code == 201
        assert wire("DELETE", f"{path}/versions/2").status_code == 200
        assert wire("DELETE", f"{path}/versions/2").status_code == 204
        assert wire("GET", f"{path}/versions/2").status_code == 404
        left = wire("GET", path).json()["properties"]
        assert (left["latestVersion"], left["nextVersion"]) == ("1", "3")
        assert wire("DELETE", path).status_code == 200
        assert wire("GET", f"{path}/versions/1").status_code == 404

    def test_all_that_one_caller_makes_bears_the_same_name(self, wire):
        makes = {"environments/made/versions/1": {"image": "x"},
                 "data/made/versions/1": {"dataUri": "azureml://datastores/workspaceblobstore/paths/made/"},
                 "codes/made": {},
                 "datastores/made": {"datastoreType": "AzureBlob", "accountName": "a", "containerName": "c",
                                     "credentials": {"credentialsType": "None"}},
                 "jobs/made": {"jobType": "Command", "command": "true", "environmentId": "azureml:made:1",
                               "computeId": f"{wire.workspace}/computes/steady"}}
        for path, properties in makes.items():
            made = wire("PUT", f"{wire.workspace}/{path}", json={"properties": properties})
            assert made.status_code in (200, 201), made.text
        found = ["", "/environments/made", "/data/made", "/datastores/workspaceblobstore"] + ["/" + path for path in makes]
        names = {wire("GET", wire.workspace + path).json()["systemData"]["createdBy"] for path in found}
        assert len(names) == 1 and names != {"anonymous"}
        wire("POST", f"{wire.workspace}/jobs/made/cancel")

    def test_compute(self, wire):
        path = f"{wire.workspace}/computes/coded"
        created = wire("PUT", path, json=cluster())
        # Recorded traffic: 201 for new and for existing, with "Creating".
        assert created.status_code == 201
        assert wire("GET", path).status_code == 200, "the v1 SDK reads it at once"
        assert finish(wire, created)["status"] == "Succeeded"
        updated = wire("PUT", path, json=cluster())
        assert updated.status_code in (200, 201)
        assert finish(wire, updated)["status"] == "Succeeded"
        patched = wire("PATCH", path, json={"properties": {"properties": {"scaleSettings": {"maxNodeCount": 2}}}})
        assert patched.status_code == 200
        nodes = wire("POST", f"{path}/listNodes")
        assert nodes.status_code == 200 and nodes.json()["nodes"] == []
        deleted = wire("DELETE", f"{path}?underlyingResourceAction=Delete")
        assert deleted.status_code == 202
        assert finish(wire, deleted)["status"] == "Succeeded"
        assert wire("GET", path).status_code == 404

    def test_deployment(self, wire):
        path = f"{wire.group}/providers/Microsoft.Resources/deployments/coded"
        template = {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                    "contentVersion": "1.0.0.0", "resources": []}
        body = {"properties": {"mode": "Incremental", "template": template, "parameters": {}}}
        assert wire("POST", f"{path}/validate", json=body).status_code == 200
        created = wire("PUT", path, json=body)
        assert created.status_code in (200, 201)
        assert finish(wire, created)["status"] == "Succeeded"
        assert wire("GET", path).json()["properties"]["provisioningState"] == "Succeeded"


class TestTolerance:
    """What clients send beside the book."""

    def test_deployment_bodies_may_have_comments_and_bare_names(self, wire):
        # The Azure CLI splices the user's file into the body under an unquoted key.
        path = f"{wire.group}/providers/Microsoft.Resources/deployments/lenient"
        body = '{"properties": {"mode": "Incremental", "parameters": {}, template: {\n// a comment\n"resources": [] /* none */}}}'
        assert wire("PUT", path, data=body, headers={"Content-Type": "application/json"}).status_code in (200, 201)

    @pytest.mark.parametrize("path", ["/{group}/providers/{ml}//workspaces/laboratory", "//subscriptions/{sub}/resourcegroups",
                                      "{base}//subscriptions/{sub}/resourcegroups/", "/{group}/providers/{ml}/workspaces/laboratory/"])
    def test_repeated_slashes_and_one_at_the_end(self, wire, path):
        path = path.format(group=wire.group, ml=ML, sub=wire.subscription, base="")
        assert wire("GET", path).status_code == 200

    @pytest.mark.parametrize("change", [str.upper, str.lower, lambda path: path.replace("resourceGroups", "resourcegroups")])
    def test_paths_in_any_case_and_ids_in_the_right_one(self, wire, change):
        # The v2 SDK's patterns are case-sensitive about ids; both SDKs mix cases in paths.
        answer = wire("GET", change(wire.workspace) + "/computes/STEADY")
        assert answer.status_code == 200
        assert answer.json()["id"] == f"{wire.workspace}/computes/steady"

    def test_the_size_comes_back_in_capitals(self, wire):
        # Recorded traffic.
        path = make(wire, "sized", vmSize="Standard_d2_V2")
        assert wire("GET", path).json()["properties"]["properties"]["vmSize"] == "STANDARD_D2_V2"
        wire("DELETE", f"{path}?underlyingResourceAction=Delete")

    def test_of_two_api_versions_the_first_counts(self, wire):
        # azureml-core 0.1.68 adds its own to an operation's URL that has one.
        assert wire("GET", f"{wire.workspace}?api-version=2022-05-01&api-version=2020-01-01", version=None).status_code == 200
        created = wire("PUT", f"{wire.workspace}/computes/steady", json=cluster())
        url = created.headers["Azure-AsyncOperation"]
        assert wire("GET", url, version="2018-03-01-preview").status_code == 200
        finish(wire, created)

    @pytest.mark.parametrize("version", ["2018-11-19", "2020-02-02", "2026-05-01", "2099-12-31-preview", "2020-09-01-dataplanepreview"])
    def test_any_date_is_served(self, wire, version):
        assert wire("GET", f"{wire.workspace}/computes", version=version).status_code == 200

    @pytest.mark.parametrize("content_type", ["application/json-patch+json; charset=utf-8", "application/json", "text/plain", None])
    def test_json_is_read_whatever_its_content_type(self, wire, content_type):
        path = f"/history/v1.0{wire.workspace}/experiments:query"
        headers = {"Content-Type": content_type} if content_type else {}
        assert wire("POST", path, version=None, data=b'{"viewType": "All"}', headers=headers).status_code == 200

    def test_a_body_in_a_json_string_is_read(self, wire):
        # azureml-core's remove_identity sends JSON in JSON.
        path = make(wire, "named")
        assert wire("PATCH", path, json={"location": "koreacentral", "properties": {}, "identity": {"type": "SystemAssigned"}}).ok
        patched = wire("PATCH", path, data=b'"{\\"identity\\": {\\"type\\": \\"None\\"}}"')
        assert patched.status_code == 200, patched.text
        assert wire("GET", path).json()["identity"]["type"] == "None"
        wire("DELETE", f"{path}?underlyingResourceAction=Delete")

    def test_a_delete_may_have_a_body(self, wire):
        number = f"run_{uuid.uuid4().hex}"
        path = f"/history/v1.0{wire.workspace}/experiments/tagged/runs/{number}"
        made = wire("PATCH", path, version=None, json={"runId": number, "tags": {"a": "1", "b": "2"}})
        assert made.status_code == 200, made.text
        assert wire("DELETE", f"{path}/tags", version=None, json=["a"]).json()["tags"] == {"b": "2"}

    def test_idle_time_may_be_empty_or_null(self, wire):
        # azureml-core sends "" for none; null is 120 s.
        for name, sent in (("idle-empty", ""), ("idle-null", None)):
            path = make(wire, name, scaleSettings={"minNodeCount": 0, "maxNodeCount": 1, "nodeIdleTimeBeforeScaleDown": sent})
            wire("DELETE", f"{path}?underlyingResourceAction=Delete")

    def test_what_is_not_interpreted_comes_back(self, wire):
        body = cluster(subnet={"id": "/subscriptions/x/y"}, propertyOfTomorrow={"a": [1, None, "b"]}, remoteLoginPortPublicAccess="Enabled")
        body["tags"] = {"team": "vision"}
        path = f"{wire.workspace}/computes/echo"
        assert wire("PUT", path, json=body).ok
        found = wire("GET", path).json()
        assert found["tags"] == {"team": "vision"}
        assert found["properties"]["properties"]["propertyOfTomorrow"] == {"a": [1, None, "b"]}
        assert found["properties"]["properties"]["subnet"] == {"id": "/subscriptions/x/y"}
        wire("DELETE", f"{path}?underlyingResourceAction=Delete")

    def test_secrets_do_not_come_back(self, wire):
        path = make(wire, "secretive", userAccountCredentials={"adminUserName": "me", "adminUserPassword": "Hush-hush-1"})
        assert "Hush-hush-1" not in wire("GET", path).text
        assert "Hush-hush-1" not in wire("GET", f"{wire.workspace}/computes").text
        wire("DELETE", f"{path}?underlyingResourceAction=Delete")


class TestShapes:
    """Keys that must be there, or must not."""

    def test_a_compute_has_what_the_v1_sdk_reads(self, wire):
        for prefix in ("", "/rp/workspaces"):
            found = wire("GET", f"{prefix}{wire.workspace}/computes/steady", version="2020-02-02").json()
            assert {"id", "name", "location", "tags"} <= set(found)
            assert "identity" not in found, "null would be read as an object"
            properties = found["properties"]
            assert {"computeType", "description", "resourceId", "provisioningState", "provisioningErrors", "isAttachedCompute",
                    "properties"} <= set(properties)
            assert {"vmSize", "vmPriority", "scaleSettings", "subnet"} <= set(properties["properties"])

    def test_a_models_next_version_is_a_number(self, wire):
        models, v1 = f"{wire.workspace}/models/named", f"/modelmanagement/v1.0{wire.workspace}"
        uri = "azureml://datastores/workspaceblobstore/paths/a.pkl"
        assert wire("PUT", f"{models}/versions/abc", json={"properties": {"modelUri": uri}}).ok
        asset = wire("POST", f"{v1}/assets", version=None, json={"name": "named", "artifacts": [{"prefix": "LocalUpload/a/b"}]})
        made = wire("POST", f"{v1}/models", version=None, json={"name": "named", "url": "aml://asset/" + asset.json()["id"]})
        assert made.ok and made.json()["version"] == 1, made.text
        assert wire("GET", f"{models}/versions/1").ok
        wire("DELETE", models)

    def test_the_last_page_of_the_v1_list_has_no_next_link(self, wire):
        # The v1 SDK follows the key whatever is in it.
        for path in (f"/rp/workspaces{wire.workspace}/computes", f"{wire.workspace}/computes"):
            assert "nextLink" not in wire("GET", path, version="2020-02-02").json()

    def test_sizes_stand_under_both_keys(self, wire):
        path = f"/subscriptions/{wire.subscription}/providers/{ML}/locations/koreacentral/vmSizes"
        found = wire("GET", path).json()
        assert found["value"] == found["amlCompute"]
        assert {"name", "family", "vCPUs", "gpus", "memoryGB", "maxResourceVolumeMB", "supportedComputeTypes"} <= set(found["value"][0])

    def test_every_answer_can_be_told_from_others(self, wire):
        mine = str(uuid.uuid4())
        answer = wire("GET", wire.workspace, headers={"x-ms-client-request-id": mine, "x-ms-return-client-request-id": "true"})
        assert answer.headers["x-ms-request-id"]
        assert answer.headers["x-ms-client-request-id"] == mine
        assert re.fullmatch(r"[A-Z0-9]+:\d{8}T\d{6}Z:[0-9a-f-]{36}", answer.headers["x-ms-routing-request-id"])

    def test_discovery_needs_no_token_and_names_every_service(self, wire):
        url = wire("GET", wire.workspace).json()["properties"]["discoveryUrl"]
        services = wire.session.get(url, headers={"Authorization": None}).json()
        assert {"api", "history", "experimentation", "modelmanagement", "hyperdrive", "studio"} <= set(services)
        assert all(not address.endswith("/") for address in services.values())

    def test_the_cloud_metadata_serve_both_sdks(self, wire):
        clouds = wire.session.get(f"{wire.base}/metadata/endpoints?api-version=2019-05-01", headers={"Authorization": None}).json()
        assert [cloud["name"] == "AzureCloud" for cloud in clouds] == [False, True], "its own name first, AzureCloud second"
        for cloud in clouds:
            assert not cloud["resourceManager"].endswith("/")
            assert re.fullmatch(r"https://127\.0\.0\.1:\d+/adfs/tenants", cloud["authentication"]["loginEndpoint"])
            assert cloud["suffixes"]["storage"].startswith("core.")
        newer = wire.session.get(f"{wire.base}/metadata/endpoints?api-version=2022-09-01", headers={"Authorization": None}).json()
        assert isinstance(newer, dict), "the Azure CLI and Terraform ask for one object"

    def test_no_url_names_a_host_that_the_caller_did_not_use(self, wire):
        # What we are called by is what the caller can reach: behind an alias other names mean nothing.
        answer = wire("GET", wire.workspace, headers={"Host": "malachite.internal:443"})
        url = answer.json()["properties"]["discoveryUrl"]
        assert url.startswith("https://malachite.internal"), url


@pytest.mark.parametrize("kind", [
    "connections", "features", "outboundNetworkDependenciesEndpoints", "privateEndpointConnections", "privateLinkResources"])
def test_what_no_workspace_has_is_an_empty_list(wire, kind):
    """azure-mgmt-machinelearningservices goes over each of them."""
    assert wire("GET", f"{wire.workspace}/{kind}").json() == {"value": []}
    path = f"{wire.group}/providers/{ML}/workspaces/none-such/{kind}"
    check_refusal(wire("GET", path), path, 404, "ParentResourceNotFound")


@pytest.mark.parametrize("call", ["listNotebookKeys", "listNotebookAccessToken", "prepareNotebook"])
def test_a_workspaces_own_notebooks_are_refused_with_a_way_out(wire, call):
    path = f"{wire.workspace}/{call}"
    assert "compute instance" in check_refusal(wire("POST", path), path, 400, "UserError")["message"]


def test_lists_of_jobs_have_each_of_them_once_over_all_pages(wire):
    # Runs of MLflow are jobs too, and cost nothing. What was asked for must be asked for again with each page.
    mlflow, tag = f"/mlflow/v2.0{wire.workspace}/api/2.0/mlflow", "a & b=c/ä"
    experiment = wire("POST", f"{mlflow}/experiments/create", None, json={"name": "many"}).json()["experiment_id"]

    def make(count, **tags):
        body = {"experiment_id": experiment, "tags": [{"key": key, "value": value} for key, value in tags.items()]}
        made = [wire("POST", f"{mlflow}/runs/create", None, json=body).json() for _ in range(count)]
        return [each["run"]["info"]["run_id"] for each in made]

    def listed(link):
        while link:
            page = wire("GET", link, None).json()
            yield from [job["name"] for job in page["value"] if job["name"] in plain + kept + archived]
            link = page.get("nextLink")

    # What is older would stand on the last page, were that asked for with less than the first.
    plain, kept, archived = make(2, other="x"), make(1, kind=tag), make(101, kind=tag)
    for name in plain[:1] + archived:
        assert wire("POST", f"{mlflow}/runs/delete", None, json={"run_id": name}).ok
    client = MLClient(DefaultAzureCredential(), wire.subscription, "research", "laboratory")
    # The SDK asks for the clouds anew for each job that it lists, so it lists them once.
    found = [job.name for job in client.jobs.list(list_view_type="ArchivedOnly", tag=f"kind={tag}")]
    assert found == archived[::-1], "the latest first"
    jobs = f"{wire.workspace}/jobs?api-version=2024-04-01"
    assert list(listed(jobs)) == [*kept, plain[1]]
    assert list(listed(f"{jobs}&listViewType=All")) == (plain + kept + archived)[::-1]
