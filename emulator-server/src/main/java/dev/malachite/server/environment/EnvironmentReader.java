package dev.malachite.server.environment;

import dev.malachite.api.Errors;
import dev.malachite.engine.ImageKey;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.Recipe;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads from an environment of either SDK what a node must have; says clearly what is not supported yet. */
@Service
public class EnvironmentReader {

    private static final Pattern INTERPRETER = Pattern.compile("[A-Za-z0-9._/+~-]{1,500}");

    /** {@code …/environments/n/versions/v}, {@code azureml:n:v} and {@code azureml:n@label}, as azure-ai-ml sends them. */
    private static final Pattern ID = Pattern.compile(
            "(?:azureml:)?/subscriptions/.+/environments/([^/]+)/(?:versions|labels)/([^/]+)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern SHORT = Pattern.compile("(?:azureml:)?([^/:@]+)(?:[:@]([^/:@]+))?");

    private static final Pattern REGISTRY = Pattern.compile(
            "azureml://registries/[^/]+/environments/([^/]+)(?:/(?:versions|labels)/[^/]+)?", Pattern.CASE_INSENSITIVE);

    private final Environments environments;

    EnvironmentReader(Environments environments) {
        this.environments = environments;
    }

    /**
     * The environment section of a v1 run configuration; it stands there in full, even if it is registered.
     *
     * @param runtime builds of one definition differ by runtime, so it is part of the key
     */
    public static ImageDefinition fromV1(ObjectNode environment, RuntimeKind runtime) {
        ObjectNode docker = Json.objectAt(environment, "docker");
        Optional<Recipe> recipe = Recipes.ofV1(docker, runtime);
        refuse(environment, "r", "an R section (environment.r)");
        if (Json.member(Json.objectAt(environment, "spark"), "packages").size() > 0) {
            throw unsupported("Spark packages (environment.spark.packages)");
        }
        Json.string(Json.objectAt(docker, "platform"), "os")
                .filter(os -> !os.equalsIgnoreCase("Linux"))
                .ifPresent(os -> {
                    throw unsupported("the platform '" + os + "'");
                });
        ObjectNode python = Json.objectAt(environment, "python");
        String image = Json.string(docker, "baseImage")
                .filter(text -> !text.isBlank())
                .map(name -> registry(docker, name) + name)
                .orElse(Translation.DEFAULT_IMAGE);
        if (Json.member(python, "userManagedDependencies").asBoolean(false)) {
            String interpreter = Json.string(python, "interpreterPath")
                    .filter(text -> !text.isBlank())
                    .orElse("python");
            return userManaged(image, recipe, interpreter, runtime);
        }
        JsonNode conda = Json.member(python, "condaDependencies");
        return managed(
                image, recipe, conda instanceof ObjectNode ? Conda.read(conda) : Conda.read(Json.object()), runtime);
    }

    /** The properties of a v2 environment version. */
    public static ImageDefinition fromV2(ObjectNode properties, RuntimeKind runtime) {
        Optional<Recipe> recipe = Recipes.ofV2(properties, runtime);
        Json.string(properties, "osType")
                .filter(os -> !os.equalsIgnoreCase("Linux"))
                .ifPresent(os -> {
                    throw unsupported("the operating system '" + os + "'");
                });
        String image = Json.string(properties, "image")
                .filter(text -> !text.isBlank())
                .or(() -> recipe.map(_ -> Translation.DEFAULT_IMAGE))
                .orElseThrow(() -> new AzureException(Errors.userError("The environment names no image.")));
        Optional<String> conda = Json.string(properties, "condaFile").filter(text -> !text.isBlank());
        return conda.isPresent()
                ? managed(image, recipe, Conda.parse(conda.get()), runtime)
                : userManaged(image, recipe, "python", runtime);
    }

    public static ImageDefinition of(EnvironmentView version, RuntimeKind runtime) {
        return switch (version.dialect()) {
            case V1 -> fromV1(version.document(), runtime);
            case V2 -> fromV2(version.document(), runtime);
        };
    }

    /**
     * What a v2 job's {@code environmentId} names. A curated environment that nobody registered here stands for the
     * image of that name, which the image map leads to a local one.
     */
    public ImageDefinition resolve(WorkspaceId workspace, String environmentId, RuntimeKind runtime) {
        Matcher registry = REGISTRY.matcher(environmentId);
        if (registry.matches()) {
            return userManaged("AzureML-" + registry.group(1), Optional.empty(), "python", runtime);
        }
        Matcher match = ID.matcher(environmentId);
        if (!match.matches()) {
            match = SHORT.matcher(environmentId);
            if (!match.matches()) {
                throw new AzureException(
                        Errors.userError("'%s' is not the id of an environment.".formatted(environmentId)));
            }
        }
        String name = match.group(1);
        String version = match.group(2);
        Optional<EnvironmentView> found = version == null || version.equalsIgnoreCase("latest")
                ? environments.latest(workspace, name)
                : environments.find(workspace, name, version);
        if (found.isPresent()) {
            return of(found.get(), runtime);
        }
        if (name.toLowerCase(Locale.ROOT).startsWith("azureml-")) {
            return userManaged(name, Optional.empty(), "python", runtime);
        }
        throw new AzureException(Errors.userError("The environment '%s'%s does not exist in this workspace."
                .formatted(name, version == null ? "" : " in version '" + version + "'")));
    }

    private static ImageDefinition userManaged(
            String image, Optional<Recipe> recipe, String interpreter, RuntimeKind runtime) {
        if (!INTERPRETER.matcher(interpreter).matches()) {
            throw new AzureException(Errors.userError("The interpreter path is not a path."));
        }
        return definition(
                new ImageDefinition(
                        new ImageKey(""),
                        image,
                        true,
                        interpreter,
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        recipe,
                        Optional.empty(),
                        Optional.empty()),
                runtime);
    }

    private static ImageDefinition managed(String image, Optional<Recipe> recipe, Conda conda, RuntimeKind runtime) {
        return definition(
                new ImageDefinition(
                        new ImageKey(""),
                        image,
                        false,
                        "python",
                        conda.pip(),
                        conda.python(),
                        conda.packages(),
                        conda.channels(),
                        recipe,
                        Optional.empty(),
                        Optional.empty()),
                runtime);
    }

    /** With the key: equal for equal wishes, whatever SDK, name or version they came by. */
    private static ImageDefinition definition(ImageDefinition wish, RuntimeKind runtime) {
        if (!ImageDefinition.isImage(wish.baseImage())) {
            throw new AzureException(Errors.userError("The base image is not the name of an image."));
        }
        ObjectNode canonical = Json.object();
        canonical.put("runtime", runtime.name());
        canonical.put("image", wish.baseImage());
        canonical.put("userManaged", wish.userManaged());
        canonical.put("interpreter", wish.interpreter());
        wish.pip().forEach(canonical.putArray("pip")::add);
        canonical.put("python", wish.pythonVersion().orElse(null));
        wish.conda().forEach(canonical.putArray("conda")::add);
        wish.channels().forEach(canonical.putArray("channels")::add);
        wish.recipe().ifPresent(recipe -> canonical.put("recipe", recipe.key()));
        return new ImageDefinition(
                new ImageKey(EnvironmentRules.sha256(Json.text(canonical))),
                wish.baseImage(),
                wish.userManaged(),
                wish.interpreter(),
                wish.pip(),
                wish.pythonVersion(),
                wish.conda(),
                wish.channels(),
                wish.recipe(),
                Optional.empty(),
                Optional.empty());
    }

    private static String registry(ObjectNode docker, String image) {
        return Json.string(Json.objectAt(docker, "baseImageRegistry"), "address")
                .filter(address -> !address.isBlank())
                .filter(address -> !image.startsWith(address + "/"))
                .map(address -> address + "/")
                .orElse("");
    }

    static void refuse(ObjectNode node, String member, String what) {
        JsonNode value = Json.member(node, member);
        boolean named = switch (value) {
            case ObjectNode object -> object.valueStream().anyMatch(part -> !part.isNull());
            case ArrayNode array -> !array.isEmpty();
            default -> value.isString() && !value.stringValue().isBlank();
        };
        if (named) {
            throw unsupported(what);
        }
    }

    static AzureException unsupported(String what) {
        return new AzureException(Errors.userError(
                "The environment asks for %s, which the emulator does not support yet.".formatted(what)));
    }
}
