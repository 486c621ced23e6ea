package dev.malachite.server.blob;

import dev.malachite.server.web.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client said about a blob beyond its bytes.
 *
 * @param headers by lower-case name, of {@link #NAMES}: what a GET repeats
 * @param metadata by name, whose case is kept: the v2 SDK looks for {@code upload_status}
 */
record BlobProperties(Map<String, String> headers, Map<String, String> metadata) {

    static final BlobProperties NONE = new BlobProperties(Map.of(), Map.of());

    static final String MD5 = "content-md5";
    static final String TYPE = "content-type";

    /** Names of {@link #headers}. */
    static final Map<String, String> NAMES = Map.of(
            TYPE,
            "Content-Type",
            MD5,
            "Content-MD5",
            "content-encoding",
            "Content-Encoding",
            "content-language",
            "Content-Language",
            "content-disposition",
            "Content-Disposition",
            "cache-control",
            "Cache-Control");

    BlobProperties {
        headers = Map.copyOf(headers);
        metadata = Map.copyOf(metadata);
    }

    boolean isEmpty() {
        return headers.isEmpty() && metadata.isEmpty();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    BlobProperties withHeaders(Map<String, String> changed) {
        return new BlobProperties(changed, metadata);
    }

    BlobProperties withMetadata(Map<String, String> changed) {
        return new BlobProperties(headers, changed);
    }

    BlobProperties with(String header, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(header, value);
        return new BlobProperties(changed, metadata);
    }

    BlobProperties without(String header) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.remove(header);
        return new BlobProperties(changed, metadata);
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        headers.forEach(json.putObject("headers")::put);
        metadata.forEach(json.putObject("metadata")::put);
        return json;
    }

    static BlobProperties of(ObjectNode json) {
        return new BlobProperties(strings(json, "headers"), strings(json, "metadata"));
    }

    private static Map<String, String> strings(ObjectNode json, String member) {
        Map<String, String> strings = new LinkedHashMap<>();
        json.path(member)
                .properties()
                .forEach(entry -> strings.put(entry.getKey(), entry.getValue().stringValue()));
        return strings;
    }
}
