"""The storage account with Azure's own client: keys, signatures and tokens, blobs of both kinds, lists, copies, batches.

What the client expects of the service is in azure-storage-blob itself and in Microsoft's "Blob Storage REST API".
"""

import hashlib
import os
import uuid
from datetime import datetime, timedelta, timezone

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import (
    ClientAuthenticationError, HttpResponseError, ResourceExistsError, ResourceModifiedError, ResourceNotFoundError)
from azure.identity import DefaultAzureCredential
from azure.storage.blob import (
    AccountSasPermissions, BlobBlock, BlobSasPermissions, BlobServiceClient, BlobType, ContainerClient, ContentSettings,
    PartialBatchErrorException, ResourceTypes, generate_account_sas, generate_blob_sas, generate_container_sas)

SOON = timedelta(hours=1)


@pytest.fixture(scope="module")
def key(client):
    return client.datastores.get_default(include_secrets=True).credentials.account_key


@pytest.fixture(scope="module")
def address(emulator):
    return f"https://localhost:{emulator.https_port}/malachite"


@pytest.fixture(scope="module")
def service(address, key):
    with BlobServiceClient(address, credential={"account_name": "malachite", "account_key": key}) as service:
        yield service


@pytest.fixture
def container(service):
    made = service.create_container(f"test-{uuid.uuid4().hex[:12]}")
    yield made
    made.delete_container()


def code(error):
    return error.value.error_code


def test_the_account_may_stand_for_a_container_and_the_container_for_a_folder(address, container, key):
    # So the engine of azureml-dataprep lists what lies behind our URLs, which have the account in their paths.
    container.upload_blob("numbers/a.csv", b"1,2")
    name = f"{container.container_name}/numbers/a.csv"
    account = {"account_name": "malachite", "account_key": key}
    with ContainerClient(address.rpartition("/malachite")[0], "malachite", credential=account) as root:
        assert list(root.list_blob_names(name_starts_with=f"{container.container_name}/numbers/")) == [name]
        assert root.download_blob(name).readall() == b"1,2"
        with pytest.raises(ResourceNotFoundError):
            list(root.list_blob_names(name_starts_with="nowhere/"))


def test_a_container_lives_and_is_listed(service):
    name = f"life-{uuid.uuid4().hex[:12]}"
    made = service.create_container(name, metadata={"Purpose": "test"})
    assert made.exists()
    with pytest.raises(ResourceExistsError) as twice:
        made.create_container()
    assert code(twice) == "ContainerAlreadyExists"
    before = made.get_container_properties()
    assert before.metadata == {"Purpose": "test"} and before.lease.state == "available"
    made.set_container_metadata({"Purpose": "more"})
    assert made.get_container_properties().etag != before.etag
    found = {each.name: each.metadata for each in service.list_containers(name_starts_with="life-", include_metadata=True)}
    assert found[name] == {"Purpose": "more"}
    assert made.get_container_access_policy()["signed_identifiers"] == []
    made.delete_container()
    assert not made.exists()
    with pytest.raises(ResourceNotFoundError) as gone:
        made.get_container_properties()
    assert code(gone) == "ContainerNotFound"
    with pytest.raises(ResourceNotFoundError):
        made.upload_blob("a", b"x")


def test_containers_come_in_pages(service):
    prefix = f"page-{uuid.uuid4().hex[:8]}"
    made = [service.create_container(f"{prefix}-{number}") for number in range(5)]
    pages = [[each.name for each in page]
             for page in service.list_containers(name_starts_with=prefix, results_per_page=2).by_page()]
    assert [len(page) for page in pages] == [2, 2, 1]
    for each in made:
        service.delete_container(each.container_name)


def test_the_containers_of_a_workspace_stay(client, service):
    name = client.datastores.get_default().container_name
    with pytest.raises(HttpResponseError) as locked:
        service.delete_container(name)
    assert locked.value.status_code == 409
    assert service.get_container_client(name).exists()


def test_the_account_says_what_it_is(service):
    assert service.get_account_information()["account_kind"] == "StorageV2"
    assert service.get_service_properties()["cors"] == []


def test_a_blob_with_all_that_is_said_of_it(container):
    settings = ContentSettings(
        content_type="text/x-log", content_encoding="identity", content_language="de", cache_control="no-store",
        content_disposition="inline")
    blob = container.get_blob_client("folder/Größe (1).txt")
    blob.upload_blob(b"hello", content_settings=settings, metadata={"upload_status": "completed", "Mixed": "Case"})
    known = blob.get_blob_properties()
    assert known.size == 5 and known.blob_type == BlobType.BLOCKBLOB and known.blob_tier == "Hot"
    assert known.metadata == {"upload_status": "completed", "Mixed": "Case"}
    assert known.content_settings.content_type == "text/x-log"
    assert known.content_settings.content_language == "de"
    assert known.content_settings.content_md5 == bytearray(hashlib.md5(b"hello").digest())
    assert blob.download_blob().readall() == b"hello"
    (listed,) = container.list_blobs(include=["metadata"])
    # A list names the ETag without its quotes.
    assert (listed.name, f'"{listed.etag}"', listed.metadata) == (known.name, known.etag, known.metadata)
    assert listed.content_settings.cache_control == "no-store"


def test_what_is_said_of_a_blob_changes_and_with_it_its_etag(container):
    blob = container.upload_blob("a", b"x", metadata={"one": "1"})
    first = blob.get_blob_properties()
    blob.set_blob_metadata({"two": "2"})
    second = blob.get_blob_properties()
    assert second.metadata == {"two": "2"} and second.etag != first.etag
    blob.set_http_headers(ContentSettings(content_type="a/b"))
    third = blob.get_blob_properties()
    assert third.content_settings.content_type == "a/b" and third.metadata == {"two": "2"}
    assert third.etag != second.etag and third.creation_time == first.creation_time
    blob.set_standard_blob_tier("Cool")
    assert blob.get_blob_properties().blob_tier == "Cool"
    with pytest.raises(HttpResponseError) as archived:
        blob.set_standard_blob_tier("Archive")
    assert code(archived) == "InvalidBlobTier"


def test_ranges_and_their_sums(container):
    blob = container.upload_blob("range", bytes(range(256)) * 64)
    assert blob.download_blob(offset=250, length=10, validate_content=True).readall() == bytes(range(250, 256)) + bytes(range(4))
    assert blob.download_blob(offset=16380).readall() == bytes(range(252, 256))
    with pytest.raises(HttpResponseError) as beyond:
        blob.download_blob(offset=20000, length=5)
    assert (beyond.value.status_code, code(beyond)) == (416, "InvalidRange")
    assert container.upload_blob("empty", b"").download_blob().readall() == b""


def test_a_large_blob_goes_up_in_blocks_and_down_in_pieces(address, key, container):
    content = os.urandom(9 * 1024 * 1024 + 1)
    small = ContainerClient(
        address, container.container_name, credential={"account_name": "malachite", "account_key": key},
        max_single_put_size=1024 * 1024, max_block_size=1024 * 1024, max_single_get_size=2 * 1024 * 1024,
        max_chunk_get_size=1024 * 1024)
    with small:
        blob = small.upload_blob("large", content, max_concurrency=4, validate_content=True)
        assert blob.download_blob(max_concurrency=4, validate_content=True).readall() == content
        committed, waiting = blob.get_block_list("all")
    assert [block.size for block in committed] == [1024 * 1024] * 9 + [1]
    assert waiting == []


def test_blocks_wait_until_a_list_names_them(container):
    blob = container.get_blob_client("blocks")
    blob.stage_block("YQ==", b"one ")
    blob.stage_block("Yg==", b"two ")
    assert not blob.exists()
    assert [block.id for block in blob.get_block_list("uncommitted")[1]] == ["YQ==", "Yg=="]
    blob.commit_block_list([BlobBlock("Yg=="), BlobBlock("YQ==")], metadata={"m": "1"})
    assert blob.download_blob().readall() == b"two one "
    blob.stage_block("Yw==", b"three ")
    blob.commit_block_list([BlobBlock("YQ=="), BlobBlock("Yw=="), BlobBlock("Yg==")])
    assert blob.download_blob().readall() == b"one three two "
    with pytest.raises(HttpResponseError) as unknown:
        blob.commit_block_list([BlobBlock("ZZ==")])
    assert code(unknown) == "InvalidBlockList"


def test_blocks_that_wait_go_with_their_container(service):
    container = service.create_container(f"short-{uuid.uuid4().hex[:12]}")
    container.get_blob_client("blocks").stage_block("YQ==", b"one ")
    container.delete_container()
    container.create_container()
    with pytest.raises(HttpResponseError) as gone:
        container.get_blob_client("blocks").commit_block_list([BlobBlock("YQ==")])
    assert code(gone) == "InvalidBlockList"
    container.delete_container()


def test_what_is_there_is_not_overwritten_unless_asked(container):
    blob = container.upload_blob("a", b"first")
    with pytest.raises(ResourceExistsError) as there:
        blob.upload_blob(b"second")
    assert code(there) == "BlobAlreadyExists"
    blob.upload_blob(b"third", overwrite=True)
    assert blob.download_blob().readall() == b"third"


def test_conditions_on_reads_and_writes(container):
    blob = container.upload_blob("a", b"x")
    etag = blob.get_blob_properties().etag
    before, after = datetime.now(timezone.utc) - SOON, datetime.now(timezone.utc) + SOON
    assert blob.get_blob_properties(etag=etag, match_condition=MatchConditions.IfNotModified).size == 1
    assert blob.get_blob_properties(if_modified_since=before, if_unmodified_since=after).size == 1
    for wrong in ({"etag": '"0x1"', "match_condition": MatchConditions.IfNotModified}, {"if_unmodified_since": before}):
        with pytest.raises(ResourceModifiedError) as changed:
            blob.download_blob(**wrong)
        assert code(changed) == "ConditionNotMet"
        with pytest.raises(ResourceModifiedError):
            blob.set_blob_metadata({"a": "b"}, **wrong)
        with pytest.raises(ResourceModifiedError):
            blob.upload_blob(b"y", overwrite=True, **wrong)
        with pytest.raises(ResourceModifiedError):
            blob.delete_blob(**wrong)
    for known in ({"etag": etag, "match_condition": MatchConditions.IfModified}, {"if_modified_since": after}):
        with pytest.raises(HttpResponseError) as same:
            blob.get_blob_properties(**known)
        assert same.value.status_code == 304
        with pytest.raises(HttpResponseError) as same:
            blob.delete_blob(**known)
        assert same.value.status_code == 412
    blob.delete_blob(etag=etag, match_condition=MatchConditions.IfNotModified)
    with pytest.raises(ResourceNotFoundError) as gone:
        blob.delete_blob()
    assert code(gone) == "BlobNotFound"


def test_lists_by_prefix_delimiter_and_page(container):
    for name in ("a/1", "a/2", "a/b/3", "c", "d/4", "ä&<x>/5"):
        container.upload_blob(name, b"")
    assert list(container.list_blob_names(name_starts_with="a/")) == ["a/1", "a/2", "a/b/3"]
    # The client puts folders first.
    assert [each.name for each in container.walk_blobs()] == ["a/", "d/", "ä&<x>/", "c"]
    assert [each.name for each in container.walk_blobs(name_starts_with="a/")] == ["a/b/", "a/1", "a/2"]
    pages = [[each.name for each in page] for page in container.list_blobs(results_per_page=4).by_page()]
    assert pages == [["a/1", "a/2", "a/b/3", "c"], ["d/4", "ä&<x>/5"]]


def test_an_append_blob_grows_and_is_sealed(container):
    blob = container.get_blob_client("log")
    blob.create_append_blob(metadata={"kind": "log"})
    assert blob.append_block(b"one\n")["blob_append_offset"] == "0"
    grown = blob.append_block(b"two\n", appendpos_condition=4)
    assert (grown["blob_append_offset"], grown["blob_committed_block_count"]) == ("4", 2)
    with pytest.raises(HttpResponseError) as elsewhere:
        blob.append_block(b"x", appendpos_condition=3)
    assert code(elsewhere) == "AppendPositionConditionNotMet"
    known = blob.get_blob_properties()
    assert (known.blob_type, known.size, known.metadata) == (BlobType.APPENDBLOB, 8, {"kind": "log"})
    blob.upload_blob(b"three\n", blob_type=BlobType.APPENDBLOB)
    assert blob.download_blob().readall() == b"one\ntwo\nthree\n"
    blob.seal_append_blob()
    with pytest.raises(HttpResponseError) as sealed:
        blob.append_block(b"x")
    assert code(sealed) == "BlobIsSealed"
    with pytest.raises(HttpResponseError) as block:
        container.upload_blob("b", b"").append_block(b"x")
    assert code(block) == "InvalidBlobType"


def test_copies_within_the_account(container, key):
    source = container.upload_blob("from a", b"content", metadata={"m": "1"})
    copied = container.get_blob_client("to")
    answer = copied.start_copy_from_url(source.url)
    assert answer["copy_status"] == "success"
    known = copied.get_blob_properties()
    assert (known.metadata, known.copy.status, known.copy.id) == ({"m": "1"}, "success", answer["copy_id"])
    assert copied.download_blob().readall() == b"content"
    assert copied.start_copy_from_url(source.url, requires_sync=True)["copy_status"] == "success"
    signed = f"{source.url}?" + generate_blob_sas(
        "malachite", container.container_name, "from a", account_key=key, permission="r", expiry=datetime.now(timezone.utc) + SOON)
    put = container.get_blob_client("put")
    put.upload_blob_from_url(signed)
    assert put.download_blob().readall() == b"content"
    put.stage_block_from_url("YQ==", signed, source_offset=2, source_length=3)
    put.commit_block_list([BlobBlock("YQ==")])
    assert put.download_blob().readall() == b"nte"
    with pytest.raises(ResourceNotFoundError) as missing:
        copied.start_copy_from_url(container.get_blob_client("none").url)
    assert code(missing) == "CannotVerifyCopySource"
    with pytest.raises(HttpResponseError) as pending:
        copied.abort_copy(answer["copy_id"])
    assert code(pending) == "NoPendingCopyOperation"


def test_many_are_deleted_at_once(container):
    for name in ("a", "b/ä c", "d"):
        container.upload_blob(name, b"x")
    assert [each.status_code for each in container.delete_blobs("a", "b/ä c")] == [202, 202]
    with pytest.raises(PartialBatchErrorException):
        container.delete_blobs("d", "none")
    assert list(container.list_blob_names()) == []


def test_signatures_open_what_they_say_and_no_more(address, service, container, key):
    until = datetime.now(timezone.utc) + SOON
    container.upload_blob("a", b"x")
    reads = generate_blob_sas(
        "malachite", container.container_name, "a", account_key=key, permission=BlobSasPermissions(read=True), expiry=until)
    with BlobServiceClient(address, credential=reads) as holder:
        blob = holder.get_blob_client(container.container_name, "a")
        assert blob.download_blob().readall() == b"x"
        with pytest.raises(HttpResponseError) as refused:
            blob.delete_blob()
        assert (refused.value.status_code, code(refused)) == (403, "AuthorizationPermissionMismatch")
    whole = generate_container_sas("malachite", container.container_name, account_key=key, permission="rl", expiry=until)
    with BlobServiceClient(address, credential=whole) as holder:
        assert list(holder.get_container_client(container.container_name).list_blob_names()) == ["a"]
        with pytest.raises(HttpResponseError):
            holder.delete_container(container.container_name)
    account = generate_account_sas(
        "malachite", key, ResourceTypes(service=True, object=True), AccountSasPermissions(read=True, list=True), until)
    with BlobServiceClient(address, credential=account) as holder:
        assert container.container_name in [each.name for each in holder.list_containers()]
        assert holder.get_blob_client(container.container_name, "a").exists()
        with pytest.raises(HttpResponseError):
            list(holder.get_container_client(container.container_name).list_blobs())
    with BlobServiceClient(address, credential={"account_name": "malachite", "account_key": "AAAA"}) as stranger:
        with pytest.raises(ClientAuthenticationError) as refused:
            list(stranger.list_containers())
        assert code(refused) == "AuthenticationFailed"


def test_the_holder_of_a_token_reads_writes_and_signs(address, container):
    with BlobServiceClient(address, credential=DefaultAzureCredential()) as holder:
        blob = holder.get_blob_client(container.container_name, "t")
        blob.upload_blob(b"by token")
        delegated = holder.get_user_delegation_key(datetime.now(timezone.utc), datetime.now(timezone.utc) + SOON)
        signature = generate_blob_sas(
            "malachite", container.container_name, "t", user_delegation_key=delegated, permission="r",
            expiry=datetime.now(timezone.utc) + SOON)
    with BlobServiceClient(address, credential=signature) as guest:
        assert guest.get_blob_client(container.container_name, "t").download_blob().readall() == b"by token"
    with BlobServiceClient(address, credential=signature[:-8] + "AAAAAA%3D") as guest:
        with pytest.raises(ClientAuthenticationError):
            guest.get_blob_client(container.container_name, "t").download_blob()


def test_what_is_not_there_is_refused_by_name(service, container):
    blob = container.upload_blob("a", b"x")
    for ask, expected in (
            (lambda: container.get_blob_client("p").create_page_blob(512), "BlobTypeNotSupported"),
            (blob.acquire_lease, "FeatureNotSupportedForAccount"),
            (blob.create_snapshot, "FeatureNotSupportedForAccount"),
            (lambda: blob.set_blob_tags({"a": "b"}), "FeatureNotSupportedForAccount"),
            (lambda: container.upload_blob("t", b"x", tags={"a": "b"}), "UnsupportedHeader"),
            (lambda: container.acquire_lease(), "FeatureNotSupportedForAccount"),
            (lambda: service.create_container("public-one", public_access="blob"), "PublicAccessNotPermitted"),
            (lambda: list(service.find_blobs_by_tags("\"a\"='b'")), "FeatureNotSupportedForAccount")):
        with pytest.raises(HttpResponseError) as refused:
            ask()
        assert 400 <= refused.value.status_code < 500 and code(refused) == expected
    for misnamed, expected in (("No_Such--Name", "InvalidResourceName"), ("ab", "OutOfRangeInput"), ("a" * 64, "OutOfRangeInput")):
        with pytest.raises(HttpResponseError) as name:
            service.create_container(misnamed)
        assert name.value.status_code == 400 and code(name) == expected
