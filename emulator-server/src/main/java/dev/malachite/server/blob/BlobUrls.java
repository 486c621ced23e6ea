package dev.malachite.server.blob;

import dev.malachite.server.datastore.ContainerGrants;
import dev.malachite.server.web.Caller;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Writes blob URLs as each caller can use them, and reads them back whichever caller they were written for.
 *
 * <p>The v1 SDK rebuilds a blob's host from the labels round {@code .blob.}, so that it takes no plain host name; what it
 * finds before an {@code @} it keeps, and its HTTP client takes it for user-info: no DNS is needed.
 */
@Component
public class BlobUrls implements ContainerGrants {

    /** How long a URL is good for: longer than any client waits between asking for it and using it. */
    private static final Duration VALIDITY = Duration.ofHours(24);

    static final String PUBLIC_HOST = StorageAccount.NAME + ".blob.core.windows.net";
    private static final String USER_INFO = StorageAccount.NAME + ".blob.core.emu";

    /** Names by which a client that knows nothing of the emulator calls Azure. */
    private static final Pattern PUBLIC = Pattern.compile(
            "(.+\\.)?(management\\.azure\\.com|azureml\\.ms|azureml\\.net|microsoftonline\\.com|ml\\.azure\\.com"
                    + "|core\\.windows\\.net)(:443)?");

    private static final Pattern URL = Pattern.compile("(?:https?|wasbs?)://([^/?#]+)/([^?#]*)(?:[?#].*)?");

    private final SharedAccess sas;

    BlobUrls(SharedAccess sas) {
        this.sas = sas;
    }

    /** A URL from which the blob can be read with a plain GET. */
    public String read(Caller caller, BlobAddress blob) {
        return base(caller) + path(blob) + "?" + sas.forBlob(blob, "r", VALIDITY);
    }

    /**
     * As {@link #read}, below what cloud metadata names as the storage's suffix: azureml-mlflow downloads nothing, and
     * says nothing, from a URL of another form.
     */
    public String readUnderSuffix(Caller caller, BlobAddress blob) {
        String account = isPublic(caller) || !caller.scheme().equals("https") ? "" : "/" + StorageAccount.NAME;
        return base(caller) + account + path(blob) + "?" + sas.forBlob(blob, "r", VALIDITY);
    }

    /** A URL to which the blob can be written, again and again, and from which it can be read. */
    public String write(Caller caller, BlobAddress blob) {
        return base(caller) + path(blob) + "?" + sas.forBlob(blob, "rcw", VALIDITY);
    }

    /** The URL of a blob, or of a folder of blobs, for a caller that has its own means to sign. */
    public String plain(Caller caller, String container, String path) {
        return pathStyle(caller) + "/" + container + "/" + Percent.encodePath(path);
    }

    /**
     * {@link #plain} as {@code code.download} of the v2 SDK wants it: a name below Azure's public suffix stands in it, and
     * what comes before that it does not look at.
     */
    public String code(Caller caller, String container, String path) {
        String account = isPublic(caller) ? "https://" + PUBLIC_HOST : caller.base() + "/" + PUBLIC_HOST;
        return account + "/" + container + "/" + Percent.encodePath(path);
    }

    /** The URL of a container, path-style: the v2 SDK takes it as it is. */
    public String container(Caller caller, String container) {
        return pathStyle(caller) + "/" + container;
    }

    /** {@link #container} with the right to read, write and list its blobs. */
    public String writableContainer(Caller caller, String container) {
        return container(caller, container) + "?" + grant(container);
    }

    @Override
    public String grant(String container) {
        return sas.forContainer(container, "rcwl", VALIDITY);
    }

    @Override
    public String key(String container) {
        return sas.keyOf(container);
    }

    /** The form in which a URL is kept: the same whoever asked. */
    public static String canonical(String container, String path) {
        return "https://" + PUBLIC_HOST + "/" + container + "/" + Percent.encodePath(path);
    }

    /**
     * A URL of this account taken apart.
     *
     * @param path name of a blob or of a folder of blobs, decoded; may be empty
     */
    public record Target(String container, String path) {}

    /** What a URL points at, if it is one that this account hands out, in any of its forms; a SAS on it is ignored. */
    public static Optional<Target> parse(String url) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String host = matcher.group(1).toLowerCase(Locale.ROOT);
        String path = matcher.group(2);
        boolean named = host.startsWith(StorageAccount.NAME + ".blob.");
        Optional<String> own = Stream.of(StorageAccount.NAME + "/", PUBLIC_HOST + "/")
                .filter(path::startsWith)
                .findFirst();
        if (!named && own.isEmpty()) {
            return Optional.empty();
        }
        String rest = path.substring(own.orElse("").length());
        int slash = rest.indexOf('/');
        try {
            String container = slash < 0 ? rest : rest.substring(0, slash);
            return Containers.legal(container)
                    ? Optional.of(new Target(container, slash < 0 ? "" : Percent.decode(rest.substring(slash + 1))))
                    : Optional.empty();
        } catch (BlobException e) {
            return Optional.empty();
        }
    }

    private static String path(BlobAddress blob) {
        return "/" + blob.container() + "/" + Percent.encodePath(blob.name());
    }

    private static String base(Caller caller) {
        if (isPublic(caller)) {
            return "https://" + PUBLIC_HOST;
        }
        // The page asks over plain http, and a browser refuses URLs with user-info.
        return caller.scheme().equals("https") ? "https://" + USER_INFO + "@" + caller.host() : pathStyle(caller);
    }

    private static String pathStyle(Caller caller) {
        return isPublic(caller) ? "https://" + PUBLIC_HOST : caller.base() + "/" + StorageAccount.NAME;
    }

    private static boolean isPublic(Caller caller) {
        return PUBLIC.matcher(caller.host().toLowerCase(Locale.ROOT)).matches();
    }
}
