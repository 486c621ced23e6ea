package dev.malachite.server.compute;

import dev.malachite.api.Errors;
import dev.malachite.engine.Command;
import dev.malachite.engine.ComputeKind;
import dev.malachite.engine.Instance;
import dev.malachite.engine.InstanceState;
import dev.malachite.engine.LastOperation;
import dev.malachite.engine.MachineAccess;
import dev.malachite.engine.Operation;
import dev.malachite.engine.OperationId;
import dev.malachite.engine.Power;
import dev.malachite.engine.State;
import dev.malachite.engine.Target;
import dev.malachite.engine.TargetError;
import dev.malachite.engine.VmSize;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Version;
import dev.malachite.server.workspace.Workspace;
import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Compute instances on the wire: the fields of the schema's {@code ComputeInstanceProperties} (service-facts.md 2). */
@Component
class ComputeInstanceWire implements WireKind {

    /** 3 to 24 characters, and no digits alone after the last hyphen (published pattern; pipelines-azureml#19). */
    static final Pattern NAME = Pattern.compile("[a-zA-Z](?![a-zA-Z0-9-]*-\\d+$)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]");

    /** What the service says of other names. */
    static final String BAD_NAME =
            "A name for an Azure ML Compute Instance must be between 3 and 24 characters in length, start with a letter, contain letters, digits and hyphens alone, and not end with a hyphen or with digits alone after a hyphen.";

    private static final Duration SHORTEST_IDLE = Duration.ofMinutes(15);
    private static final Duration LONGEST_IDLE = Duration.ofDays(3);

    /** Whatever a client sends of these, only we say them. */
    private static final List<String> OURS =
            List.of("state", "lastOperation", "applications", "connectivityEndpoints", "errors", "versions");

    private final VmSizes sizes;
    private final Clock clock;
    private final InstanceTimers timers;

    ComputeInstanceWire(VmSizes sizes, Clock clock, InstanceTimers timers) {
        this.timers = timers;
        this.sizes = sizes;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "ComputeInstance";
    }

    @Override
    public String article() {
        return "a compute instance";
    }

    @Override
    public boolean covers(ComputeKind kind) {
        return kind instanceof ComputeKind.ComputeInstance;
    }

    @Override
    public Pattern names() {
        return NAME;
    }

    @Override
    public String misnamed(String name, Pattern pattern) {
        return "Compute name '%s' is not available. Reason: Invalid. Message: %s".formatted(name, BAD_NAME);
    }

    @Override
    public void requireSignOn(Target target) {
        // It has single sign-on.
    }

    @Override
    public void changed(Target target) {
        timers.arm(target.id());
    }

    @Override
    public ComputeKind read(Workspace workspace, ObjectNode resource) {
        ObjectNode inner = ComputeReader.required(ComputeReader.required(resource, "properties"), "properties");
        PowerSchedules.read(inner, clock.instant());
        choice(inner, "applicationSharingPolicy", "Personal", "Shared");
        choice(Json.objectAt(inner, "sshSettings"), "sshPublicAccess", "Enabled", "Disabled");
        VmSize size = size(
                Json.string(inner, "vmSize")
                        .orElseThrow(() -> new AzureException(Errors.invalidParameter(
                                "properties.properties.vmSize", "the name of a size is required."))),
                workspace.location());
        return new ComputeKind.ComputeInstance(
                size,
                Math.max(1, size.vCpus()),
                idle(Json.member(inner, "idleTimeBeforeShutdown")),
                SetupScript.find(inner, SetupScript.CREATION).isPresent(),
                SetupScript.find(inner, SetupScript.STARTUP).isPresent());
    }

    VmSize size(String name, String region) {
        return sizes.forInstance(name, region)
                .orElseThrow(() -> ComputeReader.invalid(
                        "InvalidVmSize",
                        "The VM size '%s' is not supported for compute instances in this region. The vmSizes list has those that are."
                                .formatted(name)));
    }

    private static void choice(ObjectNode parent, String name, String... allowed) {
        Json.string(parent, name)
                .filter(text -> List.of(allowed).stream().noneMatch(text::equalsIgnoreCase))
                .ifPresent(text -> {
                    throw new AzureException(Errors.invalidParameter(
                            "properties.properties." + name,
                            "it is %s, not '%s'.".formatted(String.join(" or ", allowed), text)));
                });
    }

    static Optional<Duration> idle(JsonNode value) {
        if (value.isMissingNode() || value.isNull() || value.asString("").isEmpty()) {
            return Optional.empty();
        }
        try {
            Duration idle = Duration.parse(value.asString(""));
            if (idle.compareTo(SHORTEST_IDLE) >= 0 && idle.compareTo(LONGEST_IDLE) <= 0) {
                return Optional.of(idle);
            }
        } catch (DateTimeParseException e) {
            // falls through to the one message for both
        }
        throw new AzureException(Errors.invalidParameter(
                "properties.properties.idleTimeBeforeShutdown",
                "an ISO 8601 duration from 15 minutes to 3 days, such as 'PT30M', is expected, not %s."
                        .formatted(value)));
    }

    /** Who made it is known from the one who asked first, whatever anybody sends. */
    @Override
    public void complete(ObjectNode resource, Optional<Target> known, CallerIdentity caller) {
        ObjectNode inner = ComputeReader.inner(resource);
        OURS.forEach(inner::remove);
        ObjectNode before = known.map(ComputeReader::inner).orElseGet(Json::object);
        if (Json.member(before, "createdBy") instanceof ObjectNode maker) {
            inner.set("createdBy", maker);
        } else {
            inner.putObject("createdBy")
                    .put("userName", caller.name())
                    .put("userId", caller.oid())
                    .put("userOrgId", caller.tenant());
        }
    }

    @Override
    public void settings(ObjectNode inner, Target target) {
        inner.put("vmSize", target.size().name().toUpperCase(Locale.ROOT));
        for (String name : List.of(
                "subnet",
                "setupScripts",
                "schedules",
                "personalComputeInstanceSettings",
                "customServices",
                "idleTimeBeforeShutdown")) {
            ComputeView.present(inner, name);
        }
        usual(inner, "applicationSharingPolicy", "Shared");
        usual(inner, "computeInstanceAuthorizationType", "personal");
        if (!inner.has("enableNodePublicIp")) {
            inner.put("enableNodePublicIp", true);
        }
        if (!inner.has("enableSSO")) {
            inner.put("enableSSO", true);
        }
        PowerSchedules.show(inner, target.id());
    }

    private static void usual(ObjectNode inner, String name, String value) {
        if (Json.string(inner, name).isEmpty()) {
            inner.put(name, value);
        }
    }

    @Override
    public String provisioning(Target target, State state) {
        return provisioned(target, state);
    }

    /** How far the making of a machine has come. */
    static String provisioned(Target target, State state) {
        return switch (standing(target, state)) {
            case CREATING -> "Creating";
            case CREATE_FAILED -> "Failed";
            case DELETING -> "Deleting";
            case SETTING_UP ->
                state.instance(target.id())
                                .filter(instance -> instance.lastOperation().name() == LastOperation.Name.CREATE)
                                .isPresent()
                        ? "Creating"
                        : "Succeeded";
            case RUNNING, RESTARTING, RESIZING, SETUP_FAILED, STARTING, STOPPED, STOPPING, UNUSABLE -> "Succeeded";
        };
    }

    /** The record of how it stands goes before the target does. */
    private static InstanceState standing(Target target, State state) {
        return state.instance(target.id()).map(Instance::state).orElse(InstanceState.DELETING);
    }

    @Override
    public void live(ObjectNode inner, Target target, State state) {
        InstanceState standing = standing(target, state);
        boolean busy = standing == InstanceState.RUNNING
                && state.nodesOf(target.id()).stream()
                        .anyMatch(node -> node.job().isPresent());
        inner.put("state", busy ? "JobRunning" : standing.wire());
        MachineAccess access =
                state.instance(target.id()).flatMap(Instance::access).orElse(MachineAccess.NONE);
        ssh(inner, access);
        inner.putObject("connectivityEndpoints")
                .put(
                        "publicIpAddress",
                        access.sshPort().map(port -> "127.0.0.1").orElse(null))
                .put("privateIpAddress", access.privateAddress().orElse(null));
        applications(inner, target);
        state.instance(target.id())
                .map(Instance::lastOperation)
                .ifPresent(last -> inner.putObject("lastOperation")
                        .put("operationName", last.name().wire())
                        .put("operationTime", last.at().toString())
                        .put("operationStatus", last.wireStatus())
                        .put("operationTrigger", last.trigger().wire()));
        ArrayNode errors = inner.putArray("errors");
        for (TargetError error : target.errors()) {
            errors.addObject().putObject("error").put("code", error.code()).put("message", error.message());
        }
        inner.putObject("versions").put("runtime", "malachite-" + Version.current());
        inner.putObject("osImageMetadata")
                .put("currentImageVersion", Version.current())
                .put("latestImageVersion", Version.current())
                .put("isLatestOsImageVersion", true);
        for (String name : List.of("containers", "dataDisks", "dataMounts")) {
            if (!inner.path(name).isArray()) {
                inner.putArray(name);
            }
        }
    }

    private static void ssh(ObjectNode inner, MachineAccess access) {
        ObjectNode ssh = inner.get("sshSettings") instanceof ObjectNode sent ? sent : inner.putObject("sshSettings");
        usual(ssh, "sshPublicAccess", "Disabled");
        ComputeView.present(ssh, "adminPublicKey");
        ssh.put("adminUserName", "azureuser");
        ssh.put("sshPort", access.sshPort().orElse(null));
    }

    private static void applications(ObjectNode inner, Target target) {
        ArrayNode applications = inner.putArray("applications");
        String base = Caller.current().base() + path(target);
        Map.of("Jupyter", "/tree", "Jupyter Lab", "/lab", "RStudio", "/rstudio").entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(application -> applications
                        .addObject()
                        .put("displayName", application.getKey())
                        .put("endpointUri", base + application.getValue()));
    }

    /** Below which its Jupyter server is served: the name is its own in its region. */
    static String path(Target target) {
        return "/instances/%s.%s".formatted(target.id().name(), target.scope().location());
    }

    @Override
    public List<String> unknownAtFirst() {
        return List.of("errors", "lastOperation", "applications", "connectivityEndpoints", "state", "versions");
    }

    @Override
    public Command.Wish<Operation> power(Power power, Target target, OperationId operation) {
        return new Command.PowerInstance(target.id(), power, operation);
    }
}
