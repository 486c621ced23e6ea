package dev.malachite.api;

import java.util.Collection;

/**
 * The errors that several APIs answer with, in Azure's words. One place, so that the same mistake reads the same from each
 * of them; what only one can answer stands there, and what the rules refuse in {@code Refusal}.
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

    public static AzureError invalidResourceName(String name, String pattern) {
        return new AzureError(
                400,
                "InvalidResourceName",
                "The provided resource name '%s' is not valid; it must match %s.".formatted(name, pattern));
    }

    public static AzureError locationRequired() {
        return new AzureError(400, "LocationRequired", "The location property is required for this definition.");
    }

    public static AzureError locationNotAvailable(String location, String type, Collection<String> available) {
        return new AzureError(
                400,
                "LocationNotAvailableForResourceType",
                "The provided location '%s' is not available for resource type '%s'. List of available regions for the resource type is '%s'."
                        .formatted(location, type, String.join(",", available)));
    }

    public static AzureError invalidResourceLocation(String name, String existing, String wanted) {
        return new AzureError(
                409,
                "InvalidResourceLocation",
                "The resource '%s' already exists in location '%s'. A resource with the same name cannot be created in location '%s'. Please select a new resource name."
                        .formatted(name, existing, wanted));
    }

    public static AzureError invalidGroupLocation(String name, String existing, String wanted) {
        return new AzureError(
                409,
                "InvalidResourceGroupLocation",
                "Invalid resource group location '%s'. The Resource group already exists in location '%s'; its name is '%s'."
                        .formatted(wanted, existing, name));
    }

    public static AzureError invalidSubscription(String id) {
        return new AzureError(
                400,
                "InvalidSubscriptionId",
                "The provided subscription identifier '%s' is malformed or invalid.".formatted(id));
    }

    public static AzureError invalidNamespace(String namespace) {
        return new AzureError(
                404, "InvalidResourceNamespace", "The resource namespace '%s' is invalid.".formatted(namespace));
    }

    public static AzureError invalidTemplate(String why) {
        return new AzureError(400, "InvalidTemplate", "Deployment template validation failed: " + why);
    }

    public static AzureError deploymentNotFound(String name) {
        return new AzureError(404, "DeploymentNotFound", "Deployment '%s' could not be found.".formatted(name));
    }

    public static AzureError invalidFilter(String filter) {
        return new AzureError(
                400,
                "InvalidFilterInQueryString",
                "Invalid $filter '%s' specified in the query string.".formatted(filter));
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
