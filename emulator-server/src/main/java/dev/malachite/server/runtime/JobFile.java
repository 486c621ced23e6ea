package dev.malachite.server.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes the POSIX shell file that a node runs as its job. Everything a job needs stands in it rather than on a command
 * line, because command lines are seen by every user of a machine and the environment holds the run's token.
 */
public final class JobFile {

    /** Exit code of a job file that could not begin; what ran nothing may be tried again elsewhere. */
    public static final int NOT_BEGUN = 125;

    /** What every Python of a job runs at its start, below the state folder; {@link #python} is what stands in it. */
    public static final String PYTHON = "python/sitecustomize.py";

    /** A variable whose text is printed before the job's program begins: what its user should know of its node. */
    public static final String NOTICE = "MALACHITE_NOTICE";

    /** Where images, and machines, keep the certificates that they trust. */
    private static final List<String> BUNDLES = List.of(
            "/etc/ssl/certs/ca-certificates.crt",
            "/etc/pki/tls/certs/ca-bundle.crt",
            "/etc/ssl/cert.pem",
            "/opt/conda/ssl/cacert.pem",
            "/opt/miniconda/ssl/cacert.pem");

    private static final String BUNDLE = "bundle.pem";

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private JobFile() {}

    /**
     * Where things are on the node.
     *
     * @param state folder of ours: {@code ca.pem} and {@link #PYTHON} lie in it, the marker {@code started} appears there
     * @param work the working directory, which holds the snapshot
     * @param path folders that stand before the node's own {@code PATH}
     * @param trusted a bundle to prefer over those that are found
     * @param shared whether all processes of the node have one output, and a signal reaches its first one only; else each
     *     writes its own log, and a signal reaches all
     */
    public record Layout(String state, String work, List<String> path, List<String> trusted, boolean shared) {}

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
        trust(file, job, layout);
        path(file, layout);
        customize(file, layout);
        checks(file, job);
        if (job.environment().containsKey(NOTICE)) {
            line(file, say(job.environment().get(NOTICE)));
        }
        if (job.ranks().isEmpty()) {
            return file.append(execution(job)).toString();
        }
        return file.append(Ranks.text(job, layout)).toString();
    }

    /** The line in which the shell becomes the job's program. */
    static String execution(JobStart job) {
        StringBuilder line = new StringBuilder("exec");
        job.program().forEach(word -> line.append(' ').append(quote(word)));
        return line.append('\n').toString();
    }

    /** What a waiting node may do beforehand: the bundle that is in force for the image, copied to where the job's will be. */
    public static String copyBundle(String state) {
        return findBundle(List.of()) + "\n[ -z \"$MALACHITE_CA\" ] || cat \"$MALACHITE_CA\" > "
                + quote(state + "/" + BUNDLE) + " && MALACHITE_COPIED=$MALACHITE_CA\n";
    }

    private static String findBundle(List<String> preferred) {
        StringBuilder loop =
                new StringBuilder("for MALACHITE_CA in \"$REQUESTS_CA_BUNDLE\" \"$SSL_CERT_FILE\" \"$CURL_CA_BUNDLE\"");
        preferred.forEach(bundle -> loop.append(' ').append(quote(bundle)));
        BUNDLES.forEach(bundle -> loop.append(' ').append(bundle));
        return loop.append("; do [ -f \"$MALACHITE_CA\" ] && break; MALACHITE_CA=; done")
                .toString();
    }

    /** Where systems keep the certificates that they trust, the usual ones first. */
    public static List<String> bundles() {
        return BUNDLES;
    }

    /** The file that Python looks for at its start. */
    public static String python() {
        return resource("sitecustomize.py");
    }

    /** A file of this package's in the jar, as text. */
    public static String resource(String name) {
        try (InputStream file = JobFile.class.getResourceAsStream("/runtime/" + name)) {
            if (file == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text as one word of a shell. What follows a NUL is cut off, as it is for every program. */
    public static String quote(String text) {
        int nul = text.indexOf('\0');
        return "'" + (nul < 0 ? text : text.substring(0, nul)).replace("'", "'\\''") + "'";
    }

    private static void environment(StringBuilder file, JobStart job) {
        // Without it a log shows nothing until Python's buffer is full.
        line(file, "export PYTHONUNBUFFERED=1");
        export(file, job.environment());
    }

    static void export(StringBuilder file, Map<String, String> variables) {
        variables.forEach((name, value) -> {
            if (NAME.matcher(name).matches()) {
                line(file, "export " + name + "=" + quote(value));
            } else {
                line(file, say("The environment variable '" + name + "' is left out: no shell can hold that name."));
            }
        });
    }

    /** Our certificate is added to what is trusted already, never put in its place. */
    private static void trust(StringBuilder file, JobStart job, Layout layout) {
        String ours = quote(layout.state() + "/ca.pem");
        String all = quote(layout.state() + "/" + BUNDLE);
        line(file, findBundle(layout.trusted()));
        // Where a node copied the right one while it waited, no program is needed to add ours.
        line(file, "if [ \"$MALACHITE_CA\" != \"$MALACHITE_COPIED\" ]; then cat \"$MALACHITE_CA\" > " + all + "; fi");
        line(file, "printf '\\n%s\\n' " + quote(job.certificate().strip()) + " >> " + all);
        line(file, "unset MALACHITE_CA MALACHITE_COPIED");
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

    /** Ours comes first, because Python runs only one; it runs the next one itself. */
    private static void customize(StringBuilder file, Layout layout) {
        String folder = layout.state() + "/" + PYTHON.substring(0, PYTHON.indexOf('/'));
        line(file, "export PYTHONPATH=" + quote(folder) + "\"${PYTHONPATH:+:$PYTHONPATH}\"");
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

    static void line(StringBuilder file, String line) {
        file.append(line).append('\n');
    }
}
