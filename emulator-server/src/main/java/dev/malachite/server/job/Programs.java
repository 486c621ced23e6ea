package dev.malachite.server.job;

import dev.malachite.server.runtime.PreparedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is executed for a job: argv. */
final class Programs {

    /** Lets a job find the tools of its environment first, as an activated one does. */
    private static final String WITH_PATH = "PATH=\"$1:$PATH\"; export PATH; shift; exec \"$@\"";

    /** The service runs commands in bash; images without one have sh. */
    private static final String IN_SHELL =
            "if command -v bash >/dev/null 2>&1; then exec bash -c \"$1\"; else exec sh -c \"$1\"; fi";

    /** What lies where a runtime puts data is found where a user wants it as well. */
    private static final String WITH_LINKS =
            "while [ \"$1\" != -- ]; do mkdir -p \"$(dirname \"$2\")\" && ln -sfn \"$1\" \"$2\" || exit 1; shift 2; done; shift; exec \"$@\"";

    private Programs() {}

    /**
     * The program with links made before it.
     *
     * @param links what lies somewhere, and where else it shall be found
     */
    static List<String> linked(Map<String, String> links, List<String> program) {
        if (links.isEmpty()) {
            return program;
        }
        List<String> wrapped = new ArrayList<>(List.of("sh", "-c", WITH_LINKS, "sh"));
        links.forEach((there, here) -> {
            wrapped.add(there);
            wrapped.add(here);
        });
        wrapped.add("--");
        wrapped.addAll(program);
        return wrapped;
    }

    static List<String> script(PreparedImage image, String script, List<String> arguments) {
        List<String> program = new ArrayList<>(List.of(image.python(), script));
        program.addAll(arguments);
        return activated(image, program);
    }

    static List<String> command(PreparedImage image, String line) {
        return activated(image, List.of("sh", "-c", IN_SHELL, "sh", line));
    }

    private static List<String> activated(PreparedImage image, List<String> program) {
        int end = image.python().lastIndexOf('/');
        if (end <= 0) {
            return program;
        }
        List<String> wrapped = new ArrayList<>(
                List.of("sh", "-c", WITH_PATH, "sh", image.python().substring(0, end)));
        wrapped.addAll(program);
        return wrapped;
    }
}
