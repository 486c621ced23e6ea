package dev.malachite.server.blob;

import dev.malachite.server.blob.BlobAccess.Scope;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.stereotype.Component;

/** Finds the operation that an admitted request asks for. */
@Component
class BlobOperations {

    private final BlobStore store;
    private final ServiceCalls service;
    private final ContainerCalls containers;
    private final BlobListing listing;
    private final BlobReads reads;
    private final BlobWrites writes;
    private final BlockCalls blocks;
    private final AppendCalls appends;
    private final CopyCalls copies;

    BlobOperations(
            BlobStore store,
            ServiceCalls service,
            ContainerCalls containers,
            BlobListing listing,
            BlobReads reads,
            BlobWrites writes,
            BlockCalls blocks,
            AppendCalls appends,
            CopyCalls copies) {
        this.store = store;
        this.service = service;
        this.containers = containers;
        this.listing = listing;
        this.reads = reads;
        this.writes = writes;
        this.blocks = blocks;
        this.appends = appends;
        this.copies = copies;
    }

    /** Whether the request is a parcel of others, each with a signature of its own. */
    static boolean isBatch(BlobRequest request) {
        return request.method().equals("POST") && request.query().has("comp", "batch");
    }

    void perform(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        if (request.query().has("restype", "account") && request.query().has("comp", "properties")) {
            service.account(response);
        } else if (request.container().isEmpty()) {
            service(request, access, response);
        } else {
            String container = request.container().get();
            requireContainer(request, container);
            if (request.blob().isEmpty()) {
                container(request, container, access, response);
            } else {
                blob(request, access, response);
            }
        }
    }

    void requireContainer(BlobRequest request, String container) {
        boolean create = request.blob().isEmpty()
                && request.method().equals("PUT")
                && request.query().get("comp").isEmpty();
        if (!create && !store.hasContainer(container)) {
            throw BlobException.containerNotFound();
        }
    }

    private void service(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        String comp = request.query().text("comp");
        switch (request.method() + " " + comp) {
            case "GET list" -> {
                access.require(Scope.SERVICE, "l");
                if (request.query().has("restype", "container")) {
                    accountAsContainer(request, response);
                } else {
                    service.list(request, response);
                }
            }
            case "GET properties" -> {
                access.require(Scope.SERVICE, "r");
                service.properties(response);
            }
            case "POST userdelegationkey" -> service.delegatedKey(request, access, response);
            case "PUT properties" -> throw BlobException.notHere("Settings of the storage account");
            case "GET blobs" -> throw BlobException.notHere("Tags");
            case "GET stats" -> throw BlobException.notHere("Secondary locations");
            default -> throw comp.isEmpty() ? BlobException.invalidUri() : BlobException.invalidQuery("comp");
        }
    }

    /**
     * The engine of azureml-dataprep (seen of 5.4) takes the account in the paths of our URLs for a container, and so the
     * container for a folder in it.
     */
    private void accountAsContainer(BlobRequest request, HttpServletResponse response) throws IOException {
        String prefix = request.query().text("prefix");
        String container = prefix.substring(0, Math.max(0, prefix.indexOf('/')));
        requireContainer(request, container);
        listing.list(request, container, container + "/", response);
    }

    private void container(BlobRequest request, String container, BlobAccess access, HttpServletResponse response)
            throws IOException {
        if (!request.query().has("restype", "container")) {
            throw BlobException.invalidUri();
        }
        String comp = request.query().text("comp");
        switch (request.method() + " " + comp) {
            case "GET list" -> {
                access.require(Scope.LISTING, "l");
                listing.list(request, container, response);
            }
            case "GET ", "HEAD ", "GET metadata", "HEAD metadata" -> {
                access.require(Scope.LISTING, "rl");
                containers.properties(request, container, response);
            }
            case "PUT " -> {
                access.require(Scope.CONTAINER, "cw");
                containers.create(request, container, response);
            }
            case "PUT metadata" -> {
                access.require(Scope.CONTAINER, "w");
                containers.setMetadata(request, container, response);
            }
            case "DELETE " -> {
                access.require(Scope.CONTAINER, "d");
                containers.delete(request, container, response);
            }
            case "GET acl", "HEAD acl" -> {
                access.require(Scope.CONTAINER, "r");
                containers.access(container, response);
            }
            case "PUT acl" -> throw BlobException.notHere("Stored access policies");
            case "PUT lease" -> throw BlobException.notHere("Leases");
            case "GET blobs" -> throw BlobException.notHere("Tags");
            case "PUT undelete" -> throw BlobException.notHere("Deleted containers");
            case "PUT rename" -> throw BlobException.notHere("New names for containers");
            default -> throw comp.isEmpty() ? BlobException.verbNotSupported() : BlobException.invalidQuery("comp");
        }
    }

    private void blob(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        String comp = request.query().text("comp");
        switch (request.method() + " " + comp) {
            case "GET ", "HEAD " -> {
                access.require('r');
                reads.read(request, response);
            }
            case "GET metadata", "HEAD metadata" -> {
                access.require('r');
                reads.metadata(request, response);
            }
            case "GET blocklist" -> blocks.list(request, access, response);
            case "PUT " -> put(request, access, response);
            case "PUT block" -> blocks.put(request, access, response);
            case "PUT blocklist" -> blocks.commit(request, access, response);
            case "PUT appendblock" -> appends.append(request, access, response);
            case "PUT seal" -> appends.seal(request, access, response);
            case "PUT metadata" -> writes.setMetadata(request, access, response);
            case "PUT properties" -> writes.setProperties(request, access, response);
            case "PUT tier" -> writes.setTier(request, access, response);
            case "PUT copy" -> throw BlobException.noPendingCopy();
            case "DELETE " -> writes.delete(request, access, response);
            case "PUT lease" -> throw BlobException.notHere("Leases");
            case "PUT snapshot" -> throw BlobException.notHere("Snapshots of blobs");
            case "GET tags", "PUT tags" -> throw BlobException.notHere("Tags");
            case "PUT undelete" -> throw BlobException.notHere("Deleted blobs");
            case "PUT page", "GET pagelist", "PUT incrementalcopy" -> throw BlobException.typeNotSupported();
            case "POST query" -> throw BlobException.notHere("Queries");
            case "PUT immutabilityPolicies", "DELETE immutabilityPolicies", "PUT legalhold" ->
                throw BlobException.notHere("Immutable blobs");
            default -> throw comp.isEmpty() ? BlobException.verbNotSupported() : BlobException.invalidQuery("comp");
        }
    }

    private void put(BlobRequest request, BlobAccess access, HttpServletResponse response) throws IOException {
        if (BlobWrites.source(request).isEmpty()) {
            writes.put(request, access, response);
        } else if (request.header("x-ms-blob-type").isPresent()) {
            copies.putFrom(request, access, response);
        } else {
            copies.copy(request, access, response);
        }
    }
}
