package dev.malachite.server.environment;

import java.util.regex.Pattern;

/**
 * What a line of a conda definition's pip part may say. It reaches pip on the machine that builds, so what is allowed is a
 * list: packages by name or by URL, and the options that say where to look for them. The v1 SDK adds such options itself
 * (CondaDependencies.create).
 */
final class PipLine {

    /** PEP 508: a name, extras, versions or a URL, a marker; and hashes, which are pip's own. */
    private static final Pattern PACKAGE =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*\\s*(\\[[A-Za-z0-9._,\\s-]*])?\\s*"
                    + "(\\(?[=<>!~][=<>!~A-Za-z0-9.*+,\\s_-]*\\)?|@\\s*(git\\+)?https?://\\S+)?\\s*(;[^#]*?)?"
                    + "(\\s+--hash=[a-z0-9]+:[0-9a-f]+)*(\\s+#.*)?");

    private static final Pattern URL = Pattern.compile("(git\\+)?https?://\\S+");

    private static final Pattern OPTION = Pattern.compile("--pre|--prefer-binary|--require-hashes|--no-index"
            + "|(-i|-f|--index-url|--extra-index-url|--find-links)[=\\s]\\s*https?://\\S+"
            + "|--trusted-host[=\\s]\\s*[A-Za-z0-9.:-]+"
            + "|(--no-binary|--only-binary)[=\\s]\\s*[A-Za-z0-9.,:_-]+");

    private PipLine() {}

    static String checked(String given) {
        // A pattern over many blanks in a row takes a long time to say no.
        String line = given.replaceAll("\\s+", " ").strip();
        if (line.endsWith("\\")) {
            throw Conda.bad("'" + line + "' goes on in the next line, and each is looked at by itself");
        }
        // pip puts variables of its own environment there, and what is in ours is nobody's business.
        if (line.contains("${")) {
            throw Conda.bad("'" + line + "' names a variable of the machine that builds, and it is told none");
        }
        if (line.startsWith("#")
                || PACKAGE.matcher(line).matches()
                || URL.matcher(line).matches()) {
            return line;
        }
        if (!line.startsWith("-")) {
            throw Conda.bad(
                    "'" + line + "' is neither a package by name nor one by URL, and files beside the definition are"
                            + " not supported yet");
        }
        if (!OPTION.matcher(line).matches()) {
            throw Conda.bad("'" + line + "' is not an option that is supported: --index-url, --extra-index-url,"
                    + " --find-links, --trusted-host, --pre, --prefer-binary, --no-binary, --only-binary,"
                    + " --require-hashes and --no-index are, each on a line of its own");
        }
        return line;
    }
}
