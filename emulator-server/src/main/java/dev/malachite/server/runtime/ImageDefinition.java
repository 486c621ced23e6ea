package dev.malachite.server.runtime;

import dev.malachite.engine.ImageKey;
import dev.malachite.engine.TargetId;
import dev.malachite.server.web.ContentHash;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a job wants to run in, read from an environment of either SDK.
 *
 * @param key hash of the definition
 * @param baseImage the image as the user named it, for example {@code mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04}
 * @param userManaged the image, or the machine, already has what the script needs: nothing is installed
 * @param interpreter the Python to run scripts with, where user-managed
 * @param pip requirement lines, in order
 * @param pythonVersion as asked for, for example {@code 3.8.13}; the nearest one is taken
 * @param conda conda packages other than python and pip, as asked for
 * @param channels conda channels
 * @param recipe how the base image is built, where it has no name of its own
 * @param login which of {@link RegistryLogins} is good for the base image's registry
 * @param machine the machine that is to have it, where it is had there and nowhere else
 */
public record ImageDefinition(
        ImageKey key,
        String baseImage,
        boolean userManaged,
        String interpreter,
        List<String> pip,
        Optional<String> pythonVersion,
        List<String> conda,
        List<String> channels,
        Optional<Recipe> recipe,
        Optional<String> login,
        Optional<Machine> machine) {

    /**
     * A machine of the user's own.
     *
     * @param docker whether the job wants a container there
     */
    public record Machine(TargetId target, boolean docker) {}

    /** Of an engine's API a name is a part of a path, so none leads to another one. */
    private static final Pattern IMAGE = Pattern.compile("(?!.*/\\.{0,2}(?:/|$))[A-Za-z0-9][A-Za-z0-9._/:@-]{0,510}");

    /** Whether an image can be called that. */
    public static boolean isImage(String name) {
        return IMAGE.matcher(name).matches();
    }

    /** Had wherever the runtime's nodes are. */
    public ImageDefinition(
            ImageKey key,
            String baseImage,
            boolean userManaged,
            String interpreter,
            List<String> pip,
            Optional<String> pythonVersion,
            List<String> conda,
            List<String> channels) {
        this(
                key,
                baseImage,
                userManaged,
                interpreter,
                pip,
                pythonVersion,
                conda,
                channels,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same on one machine; another machine has to make it anew. */
    public ImageDefinition on(Machine there) {
        String place =
                "%s/%s/%s".formatted(there.target().workspace(), there.target().name(), there.docker());
        return as("@" + place, login, Optional.of(there));
    }

    /** The same for whoever has that login: another one may not be let in. */
    public ImageDefinition withLogin(String id) {
        return as("\0" + id, Optional.of(id), machine);
    }

    /** The same image for somebody or somewhere else, under a key of its own. */
    private ImageDefinition as(String mark, Optional<String> nextLogin, Optional<Machine> nextMachine) {
        return new ImageDefinition(
                new ImageKey(ContentHash.sha256(key.value() + mark)),
                baseImage,
                userManaged,
                interpreter,
                pip,
                pythonVersion,
                conda,
                channels,
                recipe,
                nextLogin,
                nextMachine);
    }
}
