package dev.malachite.server.runtime;

import java.util.Map;

/** What the shells of a compute instance's machine have beside programs: a conda, and what an interactive one reads. */
public final class MachineShell {

    /** Below the folder, what goes into a machine's PATH. */
    public static final String BIN = "bin";

    /** The one file that is a program. */
    public static final String CONDA = BIN + "/conda";

    private MachineShell() {}

    /**
     * Texts by their path below a folder.
     *
     * @param python of the environment that is the machine's own; conda's {@code base}
     */
    public static Map<String, String> files(String folder, String python) {
        String quoted = JobFile.quote(folder + "/conda.sh");
        return Map.of(
                CONDA,
                launcher(folder, python),
                "conda.py",
                JobFile.resource("instance/conda.py"),
                "conda.sh",
                JobFile.resource("instance/conda.sh"),
                "conda-names.properties",
                JobFile.resource("conda-names.properties"),
                "bashrc",
                "[ ! -r ~/.bashrc ] || . ~/.bashrc\n. " + quoted + "\n");
    }

    /** On the process runtime the machine's environment is not there before somebody has opened the machine or a setup script ran. */
    private static String launcher(String folder, String python) {
        return """
                #!/bin/sh
                python=%s
                [ -x "$python" ] || python=python3
                exec "$python" %s "$@"
                """.formatted(JobFile.quote(python), JobFile.quote(folder + "/conda.py"));
    }
}
