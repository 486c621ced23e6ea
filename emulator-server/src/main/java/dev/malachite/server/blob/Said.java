package dev.malachite.server.blob;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a request says about a blob or a container beyond its bytes. */
final class Said {

    private static final String METADATA = "x-ms-meta-";

    /** Azure's rule: a C# identifier. */
    private static final Pattern METADATA_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private static final int MAX_METADATA = 8 * 1024;

    private Said() {}

    /** What the blob's GET shall repeat: from {@code x-ms-blob-…}, where a whole blob is put also from plain headers. */
    static Map<String, String> properties(BlobRequest request, boolean plainToo) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String name : BlobProperties.NAMES.keySet()) {
            request.header("x-ms-blob-" + name)
                    .or(() -> plainToo ? request.header(name) : Optional.empty())
                    .ifPresent(value -> properties.put(name, value));
        }
        return properties;
    }

    static Map<String, String> metadata(BlobRequest request) {
        Map<String, String> metadata = new LinkedHashMap<>();
        int size = 0;
        for (String header : Collections.list(request.http().getHeaderNames())) {
            if (header.toLowerCase(Locale.ROOT).startsWith(METADATA)) {
                String name = header.substring(METADATA.length());
                String value = request.http().getHeader(header);
                size += name.length() + value.length();
                if (!METADATA_NAME.matcher(name).matches()) {
                    throw BlobException.invalidMetadata();
                }
                metadata.put(name, value);
            }
        }
        if (size > MAX_METADATA) {
            throw BlobException.metadataTooLarge();
        }
        return metadata;
    }

    /** Azure's three tiers from which can be read at once. */
    static Optional<String> tier(BlobRequest request) {
        Optional<String> tier = request.header("x-ms-access-tier");
        if (tier.isPresent() && !tier.get().matches("Hot|Cool|Cold")) {
            throw BlobException.invalidTier();
        }
        return tier;
    }
}
