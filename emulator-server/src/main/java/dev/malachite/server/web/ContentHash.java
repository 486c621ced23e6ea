package dev.malachite.server.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Hashes documents by what they mean: the order of keys, and nulls, do not count. */
public final class ContentHash {

    private ContentHash() {}

    /** In hexadecimal. */
    public static String of(JsonNode document) {
        return sha256(Json.text(canonical(document)));
    }

    /** In hexadecimal. */
    public static String sha256(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The same document with sorted keys and without nulls. */
    public static JsonNode canonical(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Map<String, JsonNode> sorted = new TreeMap<>();
            object.properties().stream()
                    .filter(member -> !member.getValue().isNull())
                    .forEach(member -> sorted.put(member.getKey(), canonical(member.getValue())));
            ObjectNode result = Json.object();
            sorted.forEach(result::set);
            return result;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode result = Json.array();
            array.forEach(item -> result.add(canonical(item)));
            return result;
        }
        return node;
    }
}
