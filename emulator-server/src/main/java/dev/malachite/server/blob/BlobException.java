package dev.malachite.server.blob;

import dev.malachite.api.AzureError;
import java.util.Map;

/** Ends a blob request with an error of Azure Storage's; the filter writes it as XML. */
public final class BlobException extends RuntimeException {

    private final int status;
    private final String code;
    private final String message;
    private final transient Map<String, String> headers;

    private BlobException(int status, String code, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.message = message;
        this.headers = headers;
    }

    BlobException(int status, String code, String message) {
        this(status, code, message, Map.of());
    }

    /** The same error for an API that is not blob storage's own. */
    public AzureError error() {
        return new AzureError(status, code, message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String message() {
        return message;
    }

    Map<String, String> headers() {
        return headers;
    }

    static BlobException authenticationFailed(String detail) {
        return new BlobException(
                403,
                "AuthenticationFailed",
                "Server failed to authenticate the request. Make sure the value of Authorization header is formed"
                        + " correctly including the signature. " + detail);
    }

    /** Azure says 400; here it is 403, like every other signature or token that comes over plain http. */
    static BlobException httpsRequired() {
        return new BlobException(
                403, "AccountRequiresHttps", "The account being accessed does not support http; use the https port.");
    }

    static BlobException permissionMismatch() {
        return new BlobException(
                403,
                "AuthorizationPermissionMismatch",
                "This request is not authorized to perform this operation using this permission.");
    }

    static BlobException protocolMismatch() {
        return new BlobException(
                403,
                "AuthorizationProtocolMismatch",
                "This request is not authorized to perform this operation using this protocol.");
    }

    static BlobException sourceMismatch() {
        return new BlobException(
                403,
                "AuthorizationSourceIPMismatch",
                "This request is not authorized to perform this operation using this source IP.");
    }

    static BlobException invalidUri() {
        return new BlobException(400, "InvalidUri", "The requested URI does not represent any resource on the server.");
    }

    static BlobException invalidResourceName(String kind) {
        return new BlobException(
                400, "InvalidResourceName", "The specified %s name contains invalid characters.".formatted(kind));
    }

    static BlobException nameLength() {
        return new BlobException(
                400, "OutOfRangeInput", "The specified resource name length is not within the permissible limits.");
    }

    static BlobException invalidQuery(String name) {
        return new BlobException(
                400,
                "InvalidQueryParameterValue",
                "Value for one of the query parameters specified in the request URI is invalid: %s.".formatted(name));
    }

    static BlobException outOfRange(String name) {
        return new BlobException(
                400,
                "OutOfRangeQueryParameterValue",
                "One of the query parameters specified in the request URI is outside the permissible range: %s."
                        .formatted(name));
    }

    static BlobException invalidHeader(String name) {
        return new BlobException(
                400,
                "InvalidHeaderValue",
                "The value for one of the HTTP headers is not in the correct format: %s.".formatted(name));
    }

    static BlobException missingHeader(String name) {
        return new BlobException(
                400,
                "MissingRequiredHeader",
                "An HTTP header that's mandatory for this request is not specified: %s.".formatted(name));
    }

    static BlobException unsupportedHeader(String name) {
        return new BlobException(
                400,
                "UnsupportedHeader",
                "One of the headers specified in the request is not supported: %s.".formatted(name));
    }

    static BlobException invalidMetadata() {
        return new BlobException(
                400, "InvalidMetadata", "The metadata specified is invalid. It has characters that are not permitted.");
    }

    static BlobException metadataTooLarge() {
        return new BlobException(400, "MetadataTooLarge", "The metadata specified exceeds the limit of 8 KiB.");
    }

    static BlobException invalidXml() {
        return new BlobException(400, "InvalidXmlDocument", "XML specified is not syntactically valid.");
    }

    static BlobException invalidBlockId() {
        return new BlobException(400, "InvalidBlockId", "The specified block ID is invalid.");
    }

    static BlobException invalidBlockList() {
        return new BlobException(400, "InvalidBlockList", "The specified block list is invalid.");
    }

    static BlobException md5Mismatch() {
        return new BlobException(
                400,
                "Md5Mismatch",
                "The MD5 value specified in the request did not match with the MD5 value calculated.");
    }

    static BlobException incompleteBody() {
        return new BlobException(400, "InvalidInput", "The request body is shorter than its Content-Length.");
    }

    static BlobException blobNotFound() {
        return new BlobException(404, "BlobNotFound", "The specified blob does not exist.");
    }

    static BlobException containerNotFound() {
        return new BlobException(404, "ContainerNotFound", "The specified container does not exist.");
    }

    static BlobException containerAlreadyExists() {
        return new BlobException(409, "ContainerAlreadyExists", "The specified container already exists.");
    }

    static BlobException invalidXmlValue(String node) {
        return new BlobException(
                400,
                "InvalidXmlNodeValue",
                "The value for one of the XML nodes is not in the correct format: %s.".formatted(node));
    }

    /** @param authority where a client gets a token, with its tenant */
    static BlobException invalidToken(String authority) {
        return new BlobException(
                401,
                "InvalidAuthenticationInfo",
                "Server failed to authenticate the request. Please refer to the information in the www-authenticate"
                        + " header.",
                Map.of(
                        "WWW-Authenticate",
                        "Bearer authorization_uri=%s/oauth2/authorize resource_id=https://storage.azure.com"
                                .formatted(authority)));
    }

    static BlobException leaseNotPresent() {
        return new BlobException(
                412, "LeaseNotPresentWithBlobOperation", "There is currently no lease on the resource.");
    }

    /** Azure's answer where an account cannot do something; {@code what} begins with a capital and is plural. */
    static BlobException notHere(String what) {
        return new BlobException(
                409, "FeatureNotSupportedForAccount", "%s are not supported by this emulator.".formatted(what));
    }

    static BlobException typeNotSupported() {
        return new BlobException(
                400,
                "BlobTypeNotSupported",
                "Page blobs are not supported by this emulator: use block or append blobs.");
    }

    static BlobException invalidBlobType() {
        return new BlobException(409, "InvalidBlobType", "The blob type is invalid for this operation.");
    }

    static BlobException publicAccess() {
        return new BlobException(
                409, "PublicAccessNotPermitted", "Public access is not permitted on this storage account.");
    }

    static BlobException containerOfWorkspace() {
        return new BlobException(
                409, "ScopeLocked", "The container belongs to a workspace; it goes when the workspace is deleted.");
    }

    static BlobException appendPosition() {
        return new BlobException(
                412, "AppendPositionConditionNotMet", "The append position condition specified was not met.");
    }

    static BlobException maxSize() {
        return new BlobException(
                412, "MaxBlobSizeConditionNotMet", "The max blob size condition specified was not met.");
    }

    static BlobException sealed() {
        return new BlobException(
                409, "BlobIsSealed", "The specified blob is sealed and its contents can't be modified.");
    }

    static BlobException tooManyBlocks() {
        return new BlobException(
                409, "BlockCountExceedsLimit", "The committed block count cannot exceed the maximum limit of 50,000.");
    }

    static BlobException sourceConditionNotMet() {
        return new BlobException(
                412,
                "SourceConditionNotMet",
                "The source condition specified using HTTP conditional header(s) is not met.");
    }

    static BlobException copySource(int status, String detail) {
        return new BlobException(status, "CannotVerifyCopySource", detail);
    }

    static BlobException noPendingCopy() {
        return new BlobException(409, "NoPendingCopyOperation", "There is currently no pending copy operation.");
    }

    static BlobException invalidBatch(String detail) {
        return new BlobException(400, "InvalidInput", "One of the request inputs is not valid. " + detail);
    }

    static BlobException invalidTier() {
        return new BlobException(
                400, "InvalidBlobTier", "The access tier is none of Hot, Cool and Cold; blobs are not archived here.");
    }

    static BlobException verbNotSupported() {
        return new BlobException(405, "UnsupportedHttpVerb", "The resource doesn't support the specified HTTP verb.");
    }

    static BlobException blobAlreadyExists() {
        return new BlobException(409, "BlobAlreadyExists", "The specified blob already exists.");
    }

    static BlobException conditionNotMet() {
        return new BlobException(
                412, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");
    }

    static BlobException notModified() {
        return new BlobException(304, "ConditionNotMet", "The blob is not modified.");
    }

    static BlobException bodyTooLarge(long limit) {
        return new BlobException(
                413,
                "RequestBodyTooLarge",
                "The request body is too large and exceeds the maximum permissible limit of %d bytes."
                        .formatted(limit));
    }

    /** Azure answers 409 or 5xx here; SDKs take a 409 on upload for "it exists", and repeat a 5xx for a minute. */
    static BlobException diskFull() {
        return new BlobException(
                413,
                "AccountQuotaExceeded",
                "The disk that holds the emulator's data folder has no room for this blob.");
    }

    static BlobException invalidRange(long size) {
        return new BlobException(
                416,
                "InvalidRange",
                "The range specified is invalid for the current size of the resource.",
                Map.of("Content-Range", "bytes */" + size));
    }
}
