package dev.malachite.server.machine;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request into an instance names: {@code /instances/{instance}.{region}/…}, everything behind which is its Jupyter
 * server's, but for what is ours.
 *
 * @param rest what follows the prefix, as it was sent, with its slash
 */
record Door(String instance, String region, String rest) {

    /** Where all instances are. */
    static final String ROOT = "/instances";

    /** Below an instance's path: ours. */
    static final String SIGN_IN = "/_malachite/sign-in";

    /** Below an instance's path: what Azure's machines have and ours have not. */
    private static final String RSTUDIO = "/rstudio";

    private static final Pattern PATH =
            Pattern.compile(ROOT + "/([A-Za-z][A-Za-z0-9-]{0,63})\\.([a-z0-9]{1,40})(/.*)?");

    /** Steps upwards would name something else to whoever reads the path next. */
    private static final Pattern CLIMBS = Pattern.compile("(^|/)(\\.|%2e){1,2}(/|%2f|;|$)", Pattern.CASE_INSENSITIVE);

    static Optional<Door> of(HttpServletRequest request) {
        Matcher path = PATH.matcher(request.getRequestURI());
        if (!path.matches() || CLIMBS.matcher(request.getRequestURI()).find()) {
            return Optional.empty();
        }
        return Optional.of(new Door(
                path.group(1), path.group(2), Optional.ofNullable(path.group(3)).orElse("")));
    }

    boolean leadsToRStudio() {
        return rest.equals(RSTUDIO) || rest.startsWith(RSTUDIO + "/");
    }

    /** With a slash at the end: the path of its cookie, and where its Jupyter server serves. */
    String prefix() {
        return path(instance, region);
    }

    static String path(String instance, String region) {
        return ROOT + "/" + instance.toLowerCase(Locale.ROOT) + "." + region + "/";
    }

    /** Whether that is a path below it, whoever reads it. */
    boolean leads(String path) {
        return path.startsWith(prefix())
                && !CLIMBS.matcher(path.replaceFirst("[?#].*", "")).find()
                && path.chars().noneMatch(Character::isISOControl);
    }

    /** A cookie's name is ours alone on this host: ports do not tell cookies apart. */
    String cookie() {
        return "malachite-"
                + Integer.toHexString(
                        new String(prefix().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1).hashCode());
    }
}
