package dev.malachite.server.runtime;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes the POSIX shell file that a node runs as its job. Everything a job needs stands in it rather than on a command
 * line, because command lines are seen by every user of a machine and the environment holds the run's token.
 */
public final class JobFile {

    /** Exit code of a job file that could not begin; what ran nothing may be tried again elsewhere. */
    public static final int NOT_BEGUN = 125;

    /** Where images, and machines, keep the certificates that they trust. */
    private static final List<String> BUNDLES = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/cert.pem",
            "/opt/conda/ssl/cacert.pem",
            "/opt/miniconda/ssl/cacert.pem");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private JobFile() {}

    /**
     * Where things are on the node.
     *
     * @param state folder of ours: {@code ca.pem} lies in it, the marker {@code started} appears there
     * @param work the working directory, which holds the snapshot
     * @param path folders that stand before the node's own {@code PATH}
     * @param trusted a bundle to prefer over those that are found
     */
    public record Layout(String state, String work, List<String> path, List<String> trusted) {}

    /** The whole file. */
    public static String text(JobStart job, Layout layout) {
        StringBuilder file = new StringBuilder(4096);
        // The marker comes first: whoever finds it knows that the job must not be started again.
        // Every program that it starts before the job's own costs a millisecond, so it starts none that it can do
        // without.
        line(file, "set -C; true > " + quote(layout.state() + "/started") + " || exit " + NOT_BEGUN + "; set +C");
        line(file, "[ -d " + quote(layout.work()) + " ] || mkdir -p " + quote(layout.work()));
        line(file, "cd " + quote(layout.work()) + " || exit " + NOT_BEGUN);
        line(file, "[ -d outputs ] && [ -d logs ] || mkdir -p outputs logs 2>/dev/null");
        environment(file, job);
        trust(file, layout);
        path(file, layout);
        checks(file, job);
        file.append("exec");
        job.program().forEach(word -> file.append(' ').append(quote(word)));
        return file.append('\n').toString();
    }

    /** What goes into {@code ca.pem}: it must not join the last line of a bundle that it is put after. */
    public static String certificate(JobStart job) {
        return "\n" + job.certificate();
    }

    /** The text as one word of a shell. What follows a NUL is cut off, as it is for every program. */
    public static String quote(String text) {
        int nul = text.indexOf('\0');
        return "'" + (nul < 0 ? text : text.substring(0, nul)).replace("'", "'\\''") + "'";
    }

    private static void environment(StringBuilder file, JobStart job) {
        // Without it a log shows nothing until Python's buffer is full.
        line(file, "export PYTHONUNBUFFERED=1");
        job.environment().forEach((name, value) -> {
            if (NAME.matcher(name).matches()) {
                line(file, "export " + name + "=" + quote(value));
            } else {
                line(file, say("The environment variable '" + name + "' is left out: no shell can hold that name."));
            }
        });
    }

    /** Our certificate is added to what is trusted already, never put in its place. */
    private static void trust(StringBuilder file, Layout layout) {
        String ours = quote(layout.state() + "/ca.pem");
        String all = quote(layout.state() + "/bundle.pem");
        file.append("for MALACHITE_CA in \"$REQUESTS_CA_BUNDLE\" \"$SSL_CERT_FILE\" \"$CURL_CA_BUNDLE\"");
        layout.trusted().forEach(bundle -> file.append(' ').append(quote(bundle)));
        BUNDLES.forEach(bundle -> file.append(' ').append(bundle));
        line(file, "; do [ -f \"$MALACHITE_CA\" ] && break; MALACHITE_CA=; done");
        line(file, "cat ${MALACHITE_CA:+\"$MALACHITE_CA\"} " + ours + " > " + all);
        line(file, "unset MALACHITE_CA");
        for (String name : List.of("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")) {
            line(file, "export " + name + "=" + all);
        }
        line(file, "[ -n \"$NODE_EXTRA_CA_CERTS\" ] || export NODE_EXTRA_CA_CERTS=" + ours);
    }

    private static void path(StringBuilder file, Layout layout) {
        layout.path().forEach(folder -> line(file, "PATH=" + quote(folder) + ":$PATH"));
        line(file, "export PATH");
        // Commands say python; Debian and its like have only python3.
        String bin = quote(layout.state() + "/bin");
        line(file, "if ! command -v python >/dev/null 2>&1 && command -v python3 >/dev/null 2>&1; then");
        // A node may have done it while it waited.
        line(
                file,
                "  [ -x " + bin + "/python ] || { mkdir -p " + bin + " && ln -sf \"$(command -v python3)\" " + bin
                        + "/python; }");
        line(file, "  PATH=$PATH:" + bin);
        line(file, "fi");
    }

    private static void checks(StringBuilder file, JobStart job) {
        if (!job.script().isEmpty()) {
            line(
                    file,
                    "[ -f " + quote(job.script()) + " ] || { "
                            + say("The script '" + job.script() + "' is not in the snapshot.") + "; exit 2; }");
        }
        String program = job.program().getFirst();
        line(
                file,
                "command -v " + quote(program) + " >/dev/null 2>&1 || { "
                        + say("The program '" + program + "' was not found.") + "; exit 127; }");
    }

    private static String say(String message) {
        return "printf '%s\\n' " + quote(message) + " >&2";
    }

    private static void line(StringBuilder file, String line) {
        file.append(line).append('\n');
    }
}
