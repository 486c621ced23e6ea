package dev.malachite.server.blob;

import dev.malachite.server.identity.BearerTokens;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.identity.RunIdentity;
import dev.malachite.server.identity.RunScope;
import dev.malachite.server.identity.Tokens;
import dev.malachite.server.web.Caller;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Decides what the sender of a storage request may do: by the account key, by a SAS or by a token. */
@Component
class Admission {

    /** What asks for something that this store does not have; to do the rest of it would be half of what was asked. */
    private static final Set<String> UNKNOWN_HEADERS = Set.of(
            "x-ms-encryption-key",
            "x-ms-encryption-scope",
            "x-ms-tags",
            "x-ms-if-tags",
            "x-ms-structured-body",
            "x-ms-immutability-policy-until-date",
            "x-ms-legal-hold");

    private static final Pattern RUN_FILES = Pattern.compile("ExperimentRun/dcid\\.([^/]+)/.+", Pattern.DOTALL);

    private final SharedAccess sas;
    private final SharedKey key;
    private final BearerTokens tokens;
    private final RunScope runs;

    Admission(SharedAccess sas, SharedKey key, BearerTokens tokens, RunScope runs) {
        this.sas = sas;
        this.key = key;
        this.tokens = tokens;
        this.runs = runs;
    }

    /** Ends the request unless its sender is known; the user-info trick brings a Basic authorization, which says nothing. */
    SharedAccess.Admitted admit(BlobRequest request) {
        // We stand before the rules of the listeners: over plain http a signature could be read and used by others.
        if (!request.http().isSecure()) {
            throw BlobException.httpsRequired();
        }
        SharedAccess.Admitted admitted = identify(request);
        if (!admitted.access().reaches(admitted.request().container())) {
            throw BlobException.permissionMismatch();
        }
        requireKnown(request);
        return admitted;
    }

    private SharedAccess.Admitted identify(BlobRequest request) {
        String authorization = request.header("Authorization").orElse("");
        if (authorization.startsWith("SharedKey ")) {
            return new SharedAccess.Admitted(request, key.check(request));
        }
        if (request.query().get("sig").isPresent()) {
            return sas.check(request);
        }
        if (BearerTokens.has(request.http())) {
            return new SharedAccess.Admitted(
                    request,
                    tokens.caller(request.http())
                            .map(caller -> new BlobAccess.Bearer(caller, mayWrite(caller, request)))
                            .orElseThrow(() -> BlobException.invalidToken(
                                    Caller.of(request.http()).base() + "/" + Tokens.DEFAULT_TENANT)));
        }
        throw BlobException.authenticationFailed("A SAS, a token or a signature by the account key is needed.");
    }

    /** Of the artifacts a run writes its own and those of the runs below it. */
    private boolean mayWrite(CallerIdentity caller, BlobRequest request) {
        Optional<String> artifacts = caller.run().map(RunIdentity::workspaceId).map(Containers::artifacts);
        if (artifacts.isEmpty() || !artifacts.equals(request.container())) {
            return true;
        }
        Matcher files = RUN_FILES.matcher(request.blob().orElse(""));
        return files.matches() && runs.mayWrite(caller, files.group(1));
    }

    private static void requireKnown(BlobRequest request) {
        if (request.header("x-ms-lease-id").isPresent()) {
            throw BlobException.leaseNotPresent();
        }
        for (String header : UNKNOWN_HEADERS) {
            if (request.header(header).isPresent()) {
                throw BlobException.unsupportedHeader(header.toLowerCase(Locale.ROOT));
            }
        }
        // There are neither snapshots nor versions, so none of them is there.
        if (request.blob().isPresent()
                && (request.query().get("snapshot").isPresent()
                        || request.query().get("versionid").isPresent())) {
            throw BlobException.blobNotFound();
        }
    }
}
