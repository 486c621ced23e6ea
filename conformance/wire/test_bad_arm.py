"""Mistakes on Azure Resource Manager's paths: Azure's error, and nothing half-written."""

import pytest

from support.refusal import check_refusal
from support.wire import cluster

pytestmark = pytest.mark.usefixtures("nothing_left")

ML = "/providers/Microsoft.MachineLearningServices"
COMPUTE = "{ws}/computes/fresh"


def fill(path, wire):
    return path.format(ws=wire.workspace, rg=wire.group, sub="/subscriptions/" + wire.subscription, ml=ML)


# api-version: MissingApiVersionParameter is the guidelines' code, InvalidApiVersionParameter is Resource Manager's.
@pytest.mark.parametrize("path", ["{sub}/resourcegroups", "{rg}", "{ws}", "{ws}/computes", COMPUTE, "/subscriptions",
                                  "{sub}{ml}/locations/koreacentral/vmSizes", "{ws}/jobs"])
def test_a_missing_api_version(wire, path):
    path = fill(path, wire)
    check_refusal(wire("GET", path, version=None), path, 400, "MissingApiVersionParameter")


@pytest.mark.parametrize("version", ["", "latest", "2024-13-45", "2024-04", "20240401", "2024-04-01;drop", "2024-04-01-x y",
                                     "%00", "2024-04-01-preview-preview", "9" * 500])
def test_a_malformed_api_version(wire, version):
    code = "MissingApiVersionParameter" if version in ("", "%00") else "InvalidApiVersionParameter"
    check_refusal(wire("GET", wire.workspace, version=version), wire.workspace, 400, code)


# Bodies.
BODIES = {
    "nothing": b"",
    "not JSON": b"{location: ",
    "an array": b"[]",
    "a string": b'"text"',
    "a number": b"7",
    "null": b"null",
    "invalid UTF-8": b'{"location": "\xff\xfe"}',
    "too deep": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "a huge number": b'{"location": "koreacentral", "properties": {"computeType": "AmlCompute", "properties": '
                     b'{"vmSize": "STANDARD_D2_V2", "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 1e99999}}}}',
    "no properties": b'{"location": "koreacentral"}',
    "properties of a wrong kind": b'{"location": "koreacentral", "properties": []}',
    "no compute type": b'{"location": "koreacentral", "properties": {}}',
    "an unknown compute type": b'{"location": "koreacentral", "properties": {"computeType": "Toaster"}}',
    "a compute type of a wrong kind": b'{"location": "koreacentral", "properties": {"computeType": {}}}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_that_makes_no_cluster(wire, body):
    path = fill(COMPUTE, wire)
    check_refusal(wire("PUT", path, data=body, headers={"Content-Type": "application/json"}), path, 400)


def test_a_body_beyond_the_limit(wire):
    path = fill(COMPUTE, wire)
    body = b'{"location": "' + b"x" * (9 * 1024 * 1024) + b'"}'
    check_refusal(wire("PUT", path, data=body), path, (400, 413))


# The cluster's own settings.
def scale(**settings):
    return {"scaleSettings": {"minNodeCount": 0, "maxNodeCount": 1, "nodeIdleTimeBeforeScaleDown": "PT120S", **settings}}


SETTINGS = {
    "an unknown size": {"vmSize": "STANDARD_TOASTER"},
    "an empty size": {"vmSize": ""},
    "a size of a wrong kind": {"vmSize": 4},
    "an unknown priority": {"vmPriority": "whenever"},
    "scale settings of a wrong kind": {"scaleSettings": "two"},
    "no maximum": scale(maxNodeCount=None),
    "a negative maximum": scale(maxNodeCount=-1),
    "a fraction of a node": scale(maxNodeCount=1.5),
    "a text for a number": scale(maxNodeCount="many"),
    "a maximum beyond all numbers": scale(maxNodeCount=2**63),
    "a maximum beyond the service's": scale(maxNodeCount=1_000_000),
    "a negative minimum": scale(minNodeCount=-1),
    "more at least than at most": scale(minNodeCount=2, maxNodeCount=1),
    "a duration in words": scale(nodeIdleTimeBeforeScaleDown="two minutes"),
    "a negative duration": scale(nodeIdleTimeBeforeScaleDown="-PT2M"),
    "half a duration": scale(nodeIdleTimeBeforeScaleDown="PT"),
    "a duration beyond all numbers": scale(nodeIdleTimeBeforeScaleDown="PT99999999999999999999S"),
    "a number for a duration": scale(nodeIdleTimeBeforeScaleDown=120),
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS.keys())
def test_a_setting_that_cannot_be(wire, settings):
    path = fill(COMPUTE, wire)
    error = check_refusal(wire("PUT", path, json=cluster(**settings)), path, 400)
    for name in ("vmSize", "vmPriority"):
        if isinstance(settings.get(name), str):
            assert settings[name].lower() in error["message"].lower(), "the message quotes what was wrong"


@pytest.mark.parametrize("settings", [
    {"scaleSettings": {"minNodeCount": 2, "maxNodeCount": 1}},
    {"scaleSettings": {"maxNodeCount": "many"}},
    {"scaleSettings": {"maxNodeCount": 3, "nodeIdleTimeBeforeScaleDown": "soon"}},
    {"scaleSettings": []},
], ids=["min over max", "text", "duration", "kind"])
def test_a_patch_that_cannot_be_changes_nothing(wire, settings):
    path = f"{wire.workspace}/computes/steady"
    was = wire("GET", path).json()
    check_refusal(wire("PATCH", path, json={"properties": {"properties": settings}}), path, 400)
    assert wire("GET", path).json() == was


@pytest.mark.parametrize("settings", [{"vmSize": "STANDARD_D3_V2"}, {"vmPriority": "LowPriority"}])
def test_what_is_fixed_at_creation_cannot_be_changed(wire, settings):
    # terraform-provider-azurerm recreates the cluster for these (TestAccComputeCluster_recreateVmSize).
    path = f"{wire.workspace}/computes/steady"
    was = wire("GET", path).json()
    check_refusal(wire("PUT", path, json=cluster(**settings)), path, (400, 409))
    assert wire("GET", path).json() == was


def test_the_kind_of_a_target_cannot_be_changed(wire):
    path = f"{wire.workspace}/computes/steady"
    body = {"location": "koreacentral", "properties": {
        "computeType": "ComputeInstance", "properties": {"vmSize": "STANDARD_D2_V2"}}}
    check_refusal(wire("PUT", path, json=body), path, (400, 409))


# Names. Clusters: 2 to 32 letters, digits and hyphens; from 2025-12-01 the published pattern, 3 to 24 and no trailing number.
@pytest.mark.parametrize("name", ["a", "1abc", "-abc", "abc-", "a_b", "a.b", "a%20b", "a" * 33, "%D0%B0bc", "a%00b", "..%2Fa",
                                  "a%2Fb", "a%5Cb", "%3Cb%3E", "x" * 5000])
def test_a_name_that_no_cluster_can_have(wire, name):
    path = f"{wire.workspace}/computes/{name}"
    check_refusal(wire("PUT", path, json=cluster()), path, (400, 404, 414))


@pytest.mark.parametrize("name", ["ab", "cluster-1", "a" * 25])
def test_names_of_the_newest_version_follow_the_published_pattern(wire, name):
    path = f"{wire.workspace}/computes/{name}"
    check_refusal(wire("PUT", path, json=cluster(), version="2025-12-01"), path, 400)


@pytest.mark.parametrize("name", ["ab", "_abc", "a" * 34, "a b", "a.b", "a%2Fb", "%2e%2e"])
def test_a_name_that_no_workspace_can_have(wire, name):
    path = f"{wire.group}{ML}/workspaces/{name.replace(' ', '%20')}"
    check_refusal(wire("PUT", path, json={"location": "koreacentral", "properties": {}}), path, (400, 404))


@pytest.mark.parametrize("body", [{}, {"location": ""}, {"location": 7}, {"location": "moon"}],
                         ids=["none", "empty", "kind", "unknown"])
def test_a_workspace_needs_a_place(wire, body):
    path = f"{wire.group}{ML}/workspaces/fresh"
    check_refusal(wire("PUT", path, json=body), path, 400)


# Parents and resources that are not there.
ABSENT = [
    ("GET", "/subscriptions/not-a-guid/resourcegroups", (400, 404), None),
    ("GET", "{sub}/resourceGroups/nowhere", 404, "ResourceGroupNotFound"),
    ("GET", "{sub}/resourceGroups/nowhere{ml}/workspaces/laboratory", 404, "ResourceGroupNotFound"),
    ("PUT", "{sub}/resourceGroups/nowhere{ml}/workspaces/fresh", 404, "ResourceGroupNotFound"),
    ("GET", "{rg}{ml}/workspaces/nowhere", 404, "ResourceNotFound"),
    ("PATCH", "{rg}{ml}/workspaces/nowhere", 404, "ResourceNotFound"),
    ("GET", "{rg}{ml}/workspaces/nowhere/computes", 404, "ParentResourceNotFound"),
    ("GET", "{rg}{ml}/workspaces/nowhere/computes/steady", 404, "ParentResourceNotFound"),
    ("PUT", "{rg}{ml}/workspaces/nowhere/computes/fresh", 404, "ParentResourceNotFound"),
    ("DELETE", "{rg}{ml}/workspaces/nowhere/computes/steady?underlyingResourceAction=Delete", 404, "ParentResourceNotFound"),
    ("GET", "{rg}{ml}/workspaces/nowhere/jobs", 404, "ParentResourceNotFound"),
    ("PUT", "{rg}{ml}/workspaces/nowhere/jobs/fresh", 404, "ParentResourceNotFound"),
    ("GET", "{ws}/computes/nowhere", 404, None),
    ("PATCH", "{ws}/computes/nowhere", 404, None),
    ("POST", "{ws}/computes/nowhere/listNodes", 404, None),
    ("POST", "{ws}/computes/nowhere/listKeys", 404, None),
    ("GET", "{ws}/jobs/nowhere", 404, None),
    ("POST", "{ws}/jobs/nowhere/cancel", 404, None),
    ("GET", "{ws}/toasters", 404, None),
    ("GET", "{ws}/toasters/one", 404, None),
    ("GET", "{rg}/providers/Microsoft.Toasters/toasters/one", 404, None),
    ("GET", "{sub}{ml}/locations/koreacentral/computeOperationsStatus/" + "0" * 32, 404, None),
    ("GET", "{ws}/datastores/nowhere", 404, None),
    ("GET", "{ws}/environments/nowhere/versions/1", 404, None),
    ("GET", "{ws}/codes/nowhere", 404, "ResourceNotFound"),
    ("GET", "{ws}/codes/nowhere/versions/1", 404, None),
    ("POST", "{ws}/toast", 404, None),
    ("POST", "{ws}/computes/steady/toast", 404, None),
    ("POST", "{ws}/jobs/nowhere/toast", 404, None),
    ("POST", "{ws}/data/nowhere/versions/1/publish", 400, "UserError"),
    ("PUT", "{ws}/privateEndpointConnections/one", 400, "UserError"),
    ("PUT", "{ws}/codes/sp%20ace", 400, "InvalidParameter"),
    ("GET", "{ws}/codes?listViewType=Some", 400, "InvalidParameter"),
    ("GET", "/no/such/path", 404, None),
]


@pytest.mark.parametrize("method, path, status, code", ABSENT, ids=[f"{row[0]} {row[1]}" for row in ABSENT])
def test_what_is_not_there(wire, method, path, status, code):
    path = fill(path, wire)
    body = cluster() if method in ("PUT", "PATCH") else None
    answer = wire(method, path, json=body)
    check_refusal(answer, path, status, code)
    if code == "ParentResourceNotFound":
        assert answer.headers["x-ms-failure-cause"] == "gateway"


@pytest.mark.parametrize("path", ["{ws}", "{ws}/computes/steady", "{rg}"])
def test_head_says_whether_it_is_there_without_a_body(wire, path):
    there = wire("HEAD", fill(path, wire))
    assert there.status_code in (200, 204) and there.content == b""
    absent = wire("HEAD", fill(path, wire) + "x")
    assert absent.status_code == 404 and absent.content == b""


@pytest.mark.parametrize("path", ["{ws}/computes/nowhere?underlyingResourceAction=Delete", "{rg}{ml}/workspaces/nowhere"])
def test_deleting_what_is_not_there_is_done_already(wire, path):
    # The published operations allow 204, and both SDKs take it silently.
    answer = wire("DELETE", fill(path, wire))
    assert answer.status_code == 204 and answer.content == b""


def test_an_unknown_way_of_deleting_is_refused(wire):
    path = f"{wire.workspace}/computes/steady?underlyingResourceAction=Explode"
    check_refusal(wire("DELETE", path), path, 400)


METHODS = [("POST", "{ws}"), ("DELETE", "{ws}/computes"), ("PUT", "{ws}/computes"), ("POST", "{ws}/computes/steady"),
           ("GET", "{ws}/computes/steady/listNodes"), ("PATCH", "/subscriptions"), ("POST", "{rg}"), ("TRACE", "{ws}"),
           ("BREW", "{ws}"), ("DELETE", "{sub}{ml}/locations/koreacentral/vmSizes")]


@pytest.mark.parametrize("method, path", METHODS, ids=[f"{method} {path}" for method, path in METHODS])
def test_a_wrong_method(wire, method, path):
    path = fill(path, wire)
    check_refusal(wire(method, path), path, (400, 404, 405, 501))


TOKENS = {"none": None, "not bearer": "Basic YTpi", "one part": "Bearer abc", "not JSON": "Bearer a.b.c", "empty": "Bearer "}


@pytest.mark.parametrize("header", TOKENS.values(), ids=TOKENS.keys())
@pytest.mark.parametrize("path", ["{ws}", "/history/v1.0{ws}/experiments/any"])
def test_a_missing_or_broken_token(wire, header, path):
    path = fill(path, wire)
    answer = wire("GET", path, headers={"Authorization": header})
    check_refusal(answer, path, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


# Jobs of the SDK v2.
def job(wire, **settings):
    body = {"jobType": "Command", "command": "echo hello", "experimentName": "trial",
            "environmentId": f"{wire.workspace}/environments/CliV2AnonymousEnvironment/versions/none",
            "computeId": f"{wire.workspace}/computes/steady"}
    body.update(settings)
    return {"properties": body}


JOBS = {
    "no kind": {"jobType": None},
    "an unknown kind": {"jobType": "Toast"},
    "no command": {"command": None},
    "an empty command": {"command": " "},
    "an unknown compute": {"computeId": "nowhere"},
    "a compute of another workspace": {"computeId": "/subscriptions/x/resourceGroups/y" + ML + "/workspaces/z/computes/steady"},
    "an unknown environment": {},
    "an unknown code": {"codeId": "nowhere"},
    "a text for a number": {"resources": {"instanceCount": "many"}},
    "no instances": {"resources": {"instanceCount": 0}},
    "more instances than nodes": {"resources": {"instanceCount": 50}},
    "a time limit in words": {"limits": {"jobLimitsType": "Command", "timeout": "an hour"}},
    "an experiment of a wrong kind": {"experimentName": {}},
    "variables of a wrong kind": {"environmentVariables": []},
}


@pytest.mark.parametrize("settings", JOBS.values(), ids=JOBS.keys())
def test_a_job_that_cannot_be(wire, settings):
    path = f"{wire.workspace}/jobs/fresh"
    check_refusal(wire("PUT", path, json=job(wire, **settings)), path, (400, 404))


@pytest.mark.parametrize("priority", [-1001, 1001])
def test_a_priority_that_no_queue_has(wire, priority):
    environment = f"{wire.workspace}/environments/there"
    assert wire("PUT", f"{environment}/versions/1", json={"properties": {"image": "made-up"}}).status_code == 201
    path = f"{wire.workspace}/jobs/fresh"
    asked = job(wire, environmentId=f"{environment}/versions/1", queueSettings={"priority": priority})
    error = check_refusal(wire("PUT", path, json=asked), path, 400)
    assert wire("DELETE", environment).status_code == 200
    assert "queueSettings.priority" in error["message"] and str(priority) in error["message"]


@pytest.mark.parametrize("name", ["-a", "_a", "a b", "a.b", "a" * 256, "a%2Fb", "%2e%2e"])
def test_a_name_that_no_job_can_have(wire, name):
    # Published pattern: ^[a-zA-Z0-9][a-zA-Z0-9\-_]{0,254}$
    path = f"{wire.workspace}/jobs/{name.replace(' ', '%20')}"
    check_refusal(wire("PUT", path, json=job(wire)), path, (400, 404))
