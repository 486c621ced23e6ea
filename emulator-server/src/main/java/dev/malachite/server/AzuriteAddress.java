package dev.malachite.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where an Azurite answers, and with which account.
 *
 * @param blobs the address of the account's blobs, without a slash at its end
 * @param key in Base64
 */
public record AzuriteAddress(URI blobs, String account, String key) {

    /** The account that every Azurite has, and its key, which is no secret: Azurite's documentation names both. */
    private static final String USUAL_ACCOUNT = "devstoreaccount1";

    private static final String USUAL_KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static final String USUAL_BLOBS = "http://127.0.0.1:10000/" + USUAL_ACCOUNT;

    /**
     * Reads a connection string as Azure Storage's clients take it, or the URL at which an Azurite serves blobs.
     *
     * @throws IllegalArgumentException whose message a user understands
     */
    public static AzuriteAddress parse(String setting) {
        String text = setting.strip();
        if (text.matches("(?i)https?://.*")) {
            String url = text.replaceFirst("/+$", "");
            URI blobs = uri(url.matches("(?i)https?://[^/]+") ? url + "/" + USUAL_ACCOUNT : url);
            if (!blobs.getPath().equals("/" + USUAL_ACCOUNT)) {
                throw new IllegalArgumentException(
                        "--azurite %s names an account whose key is not known; give a connection string"
                                .formatted(text));
            }
            return new AzuriteAddress(blobs, USUAL_ACCOUNT, USUAL_KEY);
        }
        Map<String, String> parts = Arrays.stream(text.split(";", -1))
                .map(part -> part.split("=", 2))
                .filter(part -> part.length == 2)
                .collect(Collectors.toMap(
                        part -> part[0].strip(),
                        part -> part[1].strip(),
                        (first, second) -> second,
                        () -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER)));
        if (parts.getOrDefault("UseDevelopmentStorage", "").equalsIgnoreCase("true")) {
            return new AzuriteAddress(uri(USUAL_BLOBS), USUAL_ACCOUNT, USUAL_KEY);
        }
        String blobs = parts.getOrDefault("BlobEndpoint", "").replaceFirst("/+$", "");
        String account = parts.getOrDefault("AccountName", "");
        String key = parts.getOrDefault("AccountKey", "");
        if (blobs.isEmpty() || account.isEmpty() || !isBase64(key)) {
            throw new IllegalArgumentException(
                    "--azurite takes a URL such as http://127.0.0.1:10000, UseDevelopmentStorage=true, or a"
                            + " connection string with AccountName, AccountKey and BlobEndpoint");
        }
        return new AzuriteAddress(uri(blobs), account, key);
    }

    /** Whether it is spoken to by TLS. */
    public boolean isSecure() {
        return "https".equalsIgnoreCase(blobs.getScheme());
    }

    private static boolean isBase64(String key) {
        try {
            return Base64.getDecoder().decode(key).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text);
            if (uri.getHost() != null && uri.getScheme().matches("(?i)https?")) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("--azurite: '%s' is not a URL".formatted(text), e);
        }
        throw new IllegalArgumentException("--azurite: '%s' is not a URL".formatted(text));
    }

    /** Without the key. */
    @Override
    public String toString() {
        return blobs.toString();
    }
}
