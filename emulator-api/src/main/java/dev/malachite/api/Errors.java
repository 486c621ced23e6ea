package dev.malachite.api;

import java.util.Collection;

/**
 * The table of errors: each code that the emulator answers with, in Azure's words. One place, so that the same mistake
 * reads the same from every API.
 */
public final class Errors {

    private Errors() {}

    public static AzureError missingApiVersion() {
        return new AzureError(
                400,
                "MissingApiVersionParameter",
                "The api-version query parameter (?api-version=) is required for all requests.");
    }

    public static AzureError invalidApiVersion(String version) {
        return new AzureError(
                400,
                "InvalidApiVersionParameter",
                "The api-version '%s' is invalid. It has the form yyyy-MM-dd, with an optional '-preview'."
                        .formatted(version));
    }

    public static AzureError invalidContent(String why) {
        return new AzureError(
                400, "InvalidRequestContent", "The request content was invalid and could not be deserialized: " + why);
    }

    public static AzureError invalidParameter(String name, String why) {
        return new AzureError(400, "InvalidParameter", "The value of '%s' is not valid: %s".formatted(name, why));
    }

    public static AzureError userError(String message) {
        return new AzureError(400, "UserError", message);
    }

    public static AzureError tooLarge(String what, long limit) {
        return new AzureError(413, "RequestEntityTooLarge", "%s exceeds the limit of %d bytes.".formatted(what, limit));
    }

    public static AzureError resourceGroupNotFound(String group) {
        return new AzureError(404, "ResourceGroupNotFound", "Resource group '%s' could not be found.".formatted(group));
    }

    public static AzureError resourceNotFound(String type, String name, String group) {
        return new AzureError(
                404,
                "ResourceNotFound",
                "The Resource '%s/%s' under resource group '%s' was not found.".formatted(type, name, group));
    }

    public static AzureError parentNotFound(String parent) {
        return new AzureError(
                404,
                "ParentResourceNotFound",
                "Can not perform requested operation on nested resource. Parent resource '%s' not found."
                        .formatted(parent));
    }

    public static AzureError notFound(String what) {
        return new AzureError(404, "NotFound", what + " was not found.");
    }

    public static AzureError noSuchRoute(String path) {
        return new AzureError(
                404, "InvalidResourceType", "The resource type could not be found for '%s'.".formatted(path));
    }

    public static AzureError methodNotAllowed(String method, Collection<String> allowed) {
        return new AzureError(
                405,
                "MethodNotAllowed",
                "The method '%s' is not allowed here; allowed are %s.".formatted(method, String.join(", ", allowed)));
    }

    public static AzureError conflict(String message) {
        return new AzureError(409, "Conflict", message);
    }

    public static AzureError unauthenticated(String message) {
        return new AzureError(401, "AuthenticationFailed", message);
    }

    public static AzureError invalidToken() {
        return new AzureError(401, "InvalidAuthenticationToken", "The access token is invalid.");
    }

    public static AzureError expiredToken() {
        return new AzureError(
                401, "ExpiredAuthenticationToken", "The access token has expired. Please obtain a new one.");
    }

    public static AzureError forbidden(String message) {
        return new AzureError(403, "AuthorizationFailed", message);
    }
}
