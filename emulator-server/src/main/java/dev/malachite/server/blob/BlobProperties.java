package dev.malachite.server.blob;

import dev.malachite.server.web.Json;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a client said about a blob beyond its bytes.
 *
 * @param headers by lower-case name, of {@link #NAMES}: what a GET repeats
 * @param metadata by name, whose case is kept: the v2 SDK looks for {@code upload_status}
 * @param facts what the store itself notes
 */
record BlobProperties(Map<String, String> headers, Map<String, String> metadata, Map<Fact, String> facts) {

    /** What the store notes of a blob. */
    enum Fact {
        /** When the first blob of that name came, in ISO 8601. */
        CREATED,
        /** {@code AppendBlob}; nothing for a block blob. */
        TYPE,
        /** How many blocks were appended. */
        APPENDED,
        /** That nothing more may be appended. */
        SEALED,
        /** Where the list of its blocks is. */
        BLOCKS,
        /** The access tier that was set. */
        TIER,
        /** What it is in the mirror, if there is one: {@link Mirror}. */
        MIRRORED,
        COPY_ID,
        COPY_SOURCE,
        COPY_TIME
    }

    static final BlobProperties NONE = new BlobProperties(Map.of(), Map.of(), Map.of());

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
        facts = Map.copyOf(facts);
    }

    BlobProperties(Map<String, String> headers, Map<String, String> metadata) {
        this(headers, metadata, Map.of());
    }

    boolean isEmpty() {
        return headers.isEmpty() && metadata.isEmpty() && facts.isEmpty();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    Optional<String> fact(Fact fact) {
        return Optional.ofNullable(facts.get(fact));
    }

    boolean isAppendBlob() {
        return facts.containsKey(Fact.TYPE);
    }

    BlobProperties with(Fact fact, String value) {
        Map<Fact, String> changed = new EnumMap<>(Fact.class);
        changed.putAll(facts);
        changed.put(fact, value);
        return new BlobProperties(headers, metadata, changed);
    }

    BlobProperties without(Fact fact) {
        Map<Fact, String> changed = new EnumMap<>(Fact.class);
        changed.putAll(facts);
        changed.remove(fact);
        return new BlobProperties(headers, metadata, changed);
    }

    BlobProperties withHeaders(Map<String, String> changed) {
        return new BlobProperties(changed, metadata, facts);
    }

    BlobProperties withMetadata(Map<String, String> changed) {
        return new BlobProperties(headers, changed, facts);
    }

    BlobProperties with(String header, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(header, value);
        return new BlobProperties(changed, metadata, facts);
    }

    BlobProperties without(String header) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.remove(header);
        return new BlobProperties(changed, metadata, facts);
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        headers.forEach(json.putObject("headers")::put);
        metadata.forEach(json.putObject("metadata")::put);
        if (!facts.isEmpty()) {
            ObjectNode noted = json.putObject("facts");
            facts.forEach((fact, value) -> noted.put(fact.name(), value));
        }
        return json;
    }

    static BlobProperties of(ObjectNode json) {
        Map<String, String> noted = strings(json, "facts");
        Map<Fact, String> facts = new EnumMap<>(Fact.class);
        for (Fact fact : Fact.values()) {
            if (noted.containsKey(fact.name())) {
                facts.put(fact, noted.get(fact.name()));
            }
        }
        return new BlobProperties(strings(json, "headers"), strings(json, "metadata"), facts);
    }

    private static Map<String, String> strings(ObjectNode json, String member) {
        Map<String, String> strings = new LinkedHashMap<>();
        json.path(member)
                .properties()
                .forEach(entry -> strings.put(entry.getKey(), entry.getValue().stringValue()));
        return strings;
    }
}
