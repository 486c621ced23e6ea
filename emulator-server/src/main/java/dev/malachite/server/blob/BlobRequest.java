package dev.malachite.server.blob;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request for the storage account, told from API calls by its host, its path or how it is signed.
 *
 * @param container empty when the account itself is named
 * @param blob the blob's name, decoded; empty when a container is named
 */
record BlobRequest(HttpServletRequest http, Query query, Optional<String> container, Optional<String> blob) {

    private static final Pattern ACCOUNT_HOST =
            Pattern.compile("^" + StorageAccount.NAME + "\\.(?:blob|file)\\.", Pattern.CASE_INSENSITIVE);

    private static final Pattern SHARED_KEY = Pattern.compile("^SharedKey ");

    private static final Pattern SIGNATURE = Pattern.compile("(^|&)sig=");
    private static final Pattern VERSION = Pattern.compile("(^|&)sv=");

    /** Whether this is ours; everything else goes on to the APIs. */
    static boolean matches(HttpServletRequest http) {
        boolean sharedKey = matches(http.getHeader("Authorization"), SHARED_KEY);
        boolean accountHost = matches(http.getHeader("Host"), ACCOUNT_HOST);
        String query = http.getQueryString();
        boolean sas = matches(query, SIGNATURE) && matches(query, VERSION);
        return sharedKey
                || accountHost
                || sas
                || withoutAccount(http.getRequestURI()).isPresent();
    }

    private static boolean matches(@Nullable String text, Pattern pattern) {
        return text != null && pattern.matcher(text).find();
    }

    static BlobRequest of(HttpServletRequest http) {
        String path = http.getRequestURI();
        String rest = withoutAccount(path).orElse(path);
        int start = 0;
        while (start < rest.length() && rest.charAt(start) == '/') {
            start++;
        }
        int slash = rest.indexOf('/', start);
        String container = Percent.decode(rest.substring(start, slash < 0 ? rest.length() : slash));
        String blob = slash < 0 ? "" : Percent.decode(rest.substring(slash + 1));
        return new BlobRequest(
                http,
                Query.of(http.getQueryString()),
                Optional.of(container).filter(name -> !name.isEmpty()),
                Optional.of(blob).filter(name -> !name.isEmpty()));
    }

    /**
     * The same with the blob's name decoded once more: the v1 SDK takes the path of a URL that it is given for a name,
     * and encodes it again. Only a signature for one blob tells whether that is what happened.
     */
    BlobRequest decodedTwice() {
        try {
            return new BlobRequest(http, query, container, blob.map(Percent::decode));
        } catch (BlobException e) {
            return this;
        }
    }

    String method() {
        return http.getMethod();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(http.getHeader(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    BlobAddress address() {
        return new BlobAddress(
                container.orElseThrow(BlobException::invalidUri), blob.orElseThrow(BlobException::invalidUri));
    }

    /**
     * What follows the account's name where it is the first segment, as in {@code /malachite/container/blob}; it may be its
     * public one, see {@link BlobUrls#code}.
     */
    private static Optional<String> withoutAccount(String path) {
        return withoutAccount(path, StorageAccount.NAME).or(() -> withoutAccount(path, BlobUrls.PUBLIC_HOST));
    }

    private static Optional<String> withoutAccount(String path, String account) {
        String own = "/" + account;
        int start = 0;
        while (path.startsWith("//", start)) {
            start++;
        }
        if (!path.toLowerCase(Locale.ROOT).startsWith(own, start)) {
            return Optional.empty();
        }
        String rest = path.substring(start + own.length());
        return rest.isEmpty() || rest.startsWith("/") ? Optional.of(rest) : Optional.empty();
    }
}
