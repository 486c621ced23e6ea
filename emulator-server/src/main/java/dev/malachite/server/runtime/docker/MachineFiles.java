package dev.malachite.server.runtime.docker;

import dev.malachite.server.runtime.InstanceRuntime.SetupScript;
import dev.malachite.server.runtime.InstanceSpec;
import dev.malachite.server.runtime.JobFile;
import dev.malachite.server.runtime.JobTar;
import dev.malachite.server.runtime.MachineLogin;
import dev.malachite.server.runtime.MachineShell;
import dev.malachite.server.runtime.SafePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** What is put into an instance's container before each start: our own folder, and the files of its user. */
final class MachineFiles {

    static final String HOME = "/home/azureuser";
    static final String PROFILE = Containers.STATE + "/profile";
    static final String KEY = Containers.STATE + "/key";
    static final int NOTEBOOKS_PORT = 8888;

    private static final String START = "start.sh";

    private static final String BUNDLE = Containers.STATE + "/bundle.pem";
    private static final String ENVIRONMENT = "/opt/malachite/env/bin";
    private static final String PATH = ENVIRONMENT + ":" + Containers.STATE + "/" + MachineShell.BIN
            + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int USER = 1000;

    private MachineFiles() {}

    /** The archive for a start. */
    static byte[] of(InstanceSpec instance, String key) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = JobTar.open(bytes)) {
            JobTar.folder(tar, new HashSet<>(), "m");
            JobTar.text(tar, "m/sshd_config", JobFile.resource("instance/sshd_config"), 0644);
            shell(tar);
            JobTar.text(tar, "m/ca.pem", instance.certificate(), 0644);
            JobTar.text(tar, "m/trusted.pem", Registries.certificates(), 0644);
            JobTar.text(
                    tar,
                    "m/authorized_keys",
                    instance.login()
                            .map(MachineLogin::publicKey)
                            .orElse(instance.sshPublicKey())
                            .map(line -> line.strip() + "\n")
                            .orElse(""),
                    0644);
            // The user's programs need what stands in there; nobody else's do.
            owned(tar, "m/profile", profile(instance), 0600);
            if (instance.login().isPresent()) {
                entrance(tar, instance.login().get());
            } else {
                for (String name : new String[] {START, "notebooks.py"}) {
                    JobTar.text(tar, "m/" + name, JobFile.resource("instance/" + name), 0644);
                }
                JobTar.text(tar, "m/notebooks", notebooks(instance), 0600);
                owned(tar, "m/key", key, 0600);
            }
            Set<String> folders = new HashSet<>();
            for (Map.Entry<String, String> file : instance.files().entrySet()) {
                String path = SafePath.relative(file.getKey());
                folders(tar, folders, path);
                owned(tar, HOME.substring(1) + "/" + path, file.getValue(), 0644);
            }
        }
        return bytes.toByteArray();
    }

    private static void shell(TarArchiveOutputStream tar) throws IOException {
        JobTar.folder(tar, new HashSet<>(), "m/" + MachineShell.BIN);
        for (Map.Entry<String, String> file :
                MachineShell.files(Containers.STATE, ENVIRONMENT + "/python").entrySet()) {
            int mode = file.getKey().equals(MachineShell.CONDA) ? 0755 : 0644;
            JobTar.text(tar, "m/" + file.getKey(), file.getValue(), mode);
        }
    }

    private static void entrance(TarArchiveOutputStream tar, MachineLogin login) throws IOException {
        JobTar.text(tar, "m/" + START, JobFile.resource("instance/machine.sh"), 0644);
        JobTar.text(tar, "m/user", login.user() + "\n", 0644);
        // As chpasswd reads it.
        JobTar.text(
                tar,
                "m/password",
                login.password()
                        .map(password -> login.user() + ":" + password + "\n")
                        .orElse(""),
                0600);
    }

    /** The archive with one script, its keeper, and the job that is kept. */
    static byte[] of(SetupScript script, String folder, String job) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = JobTar.open(bytes)) {
            JobTar.folder(tar, new HashSet<>(), folder);
            JobTar.text(tar, folder + "/keep", JobFile.resource("keeper.sh"), 0644);
            JobTar.text(tar, folder + "/job", job, 0644);
            TarArchiveEntry entry = new TarArchiveEntry(folder + "/script");
            entry.setSize(script.content().length);
            entry.setMode((TarArchiveEntry.DEFAULT_FILE_MODE & ~0777) | 0755);
            tar.putArchiveEntry(entry);
            tar.write(script.content());
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static String profile(InstanceSpec instance) {
        StringBuilder lines = new StringBuilder();
        export(lines, "PATH", PATH);
        for (String name : new String[] {
            "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT", "NODE_EXTRA_CA_CERTS"
        }) {
            export(lines, name, BUNDLE);
        }
        lines.append(Registries.settings());
        instance.environment().forEach((name, value) -> export(lines, name, value));
        export(lines, "MALACHITE_MACHINE", instance.name());
        lines.append(". " + Containers.STATE + "/conda.sh\n");
        return lines.toString();
    }

    private static String notebooks(InstanceSpec instance) {
        StringBuilder lines = new StringBuilder();
        export(lines, "MALACHITE_KEY_FILE", KEY);
        export(lines, "MALACHITE_NOTEBOOKS_PATH", instance.notebooksPath());
        export(lines, "MALACHITE_NOTEBOOKS_ROOT", HOME + "/cloudfiles/code");
        export(lines, "MALACHITE_NOTEBOOKS_ADDRESS", "0.0.0.0");
        export(lines, "MALACHITE_NOTEBOOKS_PORT", Integer.toString(NOTEBOOKS_PORT));
        return lines.toString();
    }

    private static void export(StringBuilder lines, String name, String value) {
        lines.append("export ")
                .append(name)
                .append('=')
                .append(JobFile.quote(value))
                .append('\n');
    }

    private static void folders(TarArchiveOutputStream tar, Set<String> made, String path) throws IOException {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (made.add(path.substring(0, slash))) {
                TarArchiveEntry entry = new TarArchiveEntry(HOME.substring(1) + "/" + path.substring(0, slash) + "/");
                entry.setIds(USER, USER);
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        }
    }

    private static void owned(TarArchiveOutputStream tar, String path, String text, int mode) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setSize(content.length);
        entry.setMode((TarArchiveEntry.DEFAULT_FILE_MODE & ~0777) | mode);
        entry.setIds(USER, USER);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
