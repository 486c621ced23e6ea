package dev.malachite.testkit.client;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Speaks the control API of one emulator: what Azure does not offer. Programs under test use Azure's own SDKs.
 *
 * <p>Every call may throw a {@link MalachiteException} with Azure's code; calls wait for the answer, at most five minutes.
 * A client is safe for use by several threads.
 */
public final class MalachiteClient implements AutoCloseable {

    private final Wire wire;
    private final Undo undo = new Undo();
    private final EmulatorClock clock;
    private final Nodes nodes;
    private final Quotas quotas;
    private final Faults faults;
    private final Events events;

    private MalachiteClient(Wire wire) {
        this.wire = wire;
        this.clock = new EmulatorClock(wire, undo);
        this.nodes = new Nodes(wire, undo);
        this.quotas = new Quotas(wire, undo);
        this.faults = new Faults(wire, undo);
        this.events = new Events(wire);
    }

    /**
     * A client for the emulator at that address; nothing is asked yet.
     *
     * @param control the emulator's plain HTTP address, for example {@code http://127.0.0.1:10080}
     */
    public static MalachiteClient at(URI control) {
        return new MalachiteClient(new Wire(Objects.requireNonNull(control, "control")));
    }

    /** The address that this client speaks to. */
    public URI address() {
        return wire.base();
    }

    /** Whether the emulator serves, and which of its parts ail. */
    public Health health() {
        return Wire.read(wire.get("/health"), Health.class);
    }

    /** Which emulator it is. */
    public Version version() {
        return Wire.read(wire.get("/version"), Version.class);
    }

    /**
     * The variables that point Azure's SDKs and the Azure CLI at the emulator. The files that they name lie on the
     * emulator's machine.
     *
     * @param subscription the id that {@code AZURE_SUBSCRIPTION_ID} shall have; it becomes known if it was not. Null: the
     *     one that every emulator has
     * @throws MalachiteException {@code InvalidSubscriptionId} if it is not a GUID
     */
    public Map<String, String> environment(@Nullable String subscription) {
        String query = subscription == null ? "" : "&subscription=" + Wire.encoded(subscription);
        Map<String, String> variables = new LinkedHashMap<>();
        wire.get("/env?shell=json" + query)
                .properties()
                .forEach(variable ->
                        variables.put(variable.getKey(), variable.getValue().asString("")));
        return variables;
    }

    /** The certificate of the emulator's own authority, as PEM. */
    public String certificate() {
        return wire.text("GET", "/ca", null);
    }

    /**
     * Makes a new subscription known.
     *
     * @param name how it is shown
     * @return it, with a random id
     */
    public Subscription newSubscription(String name) {
        return Wire.read(wire.post("/subscriptions", Wire.object().put("name", name)), Subscription.class);
    }

    /** All that there is at this moment; of long lists the first hundred of what waits, the last fifty of what ran. */
    public Overview overview() {
        return Wire.read(wire.get("/overview"), Overview.class);
    }

    /**
     * Why a job waits or what it does, in one sentence with numbers.
     *
     * @param run the id of the run, which is the name of the job
     * @throws MalachiteException {@code NotFound} if there is no such run
     */
    public Explanation explain(String run) {
        return Wire.read(wire.get("/jobs/" + Wire.encoded(run) + "/explain"), Explanation.class);
    }

    /** The emulator's clock. */
    public EmulatorClock clock() {
        return clock;
    }

    /** The nodes of clusters: evictions and failures. */
    public Nodes nodes() {
        return nodes;
    }

    /** How many cores a subscription may use. */
    public Quotas quotas() {
        return quotas;
    }

    /** Failures that strike by a rule. */
    public Faults faults() {
        return faults;
    }

    /** What happens. Following begins with the first call of this method on this client. */
    public Events events() {
        events.begin();
        return events;
    }

    /**
     * Begins a scenario: its clock and its faults hold from now on.
     *
     * @throws MalachiteException {@code InvalidParameter} if something in it is not understood
     */
    public void begin(Scenario scenario) {
        wire.post("/scenario", Wire.JSON.valueToTree(scenario));
    }

    /**
     * Begins the scenario that a file describes.
     *
     * @param json the file's content
     */
    public void begin(String json) {
        JsonNode document = Wire.JSON.readTree(json);
        wire.post("/scenario", document);
    }

    /**
     * What has happened since the scenario began, and what of its expectations is not met, as the emulator tells it.
     *
     * @throws MalachiteException {@code NoScenario} if none was begun
     */
    public ObjectNode scenario() {
        return (ObjectNode) wire.get("/scenario");
    }

    /** Deletes everything, sets the clock back, undoes every fault and forgets the events. */
    public void reset() {
        wire.post("/reset", null);
        undo.forgetAll();
        events.beginAnew();
    }

    /**
     * Deletes what one subscription has; clock, faults and events stay.
     *
     * @param subscription its id
     */
    public void reset(String subscription) {
        wire.post("/reset?subscription=" + Wire.encoded(subscription), null);
    }

    /**
     * Takes back what was changed through this client: faults are undone, the clock's mode is as it was, quotas are the defaults,
     * nodes that were made unusable are repaired. What the clock was turned forward stays, because time goes one way.
     *
     * @throws MalachiteException what went wrong first, after everything was tried
     */
    public void undo() {
        undo.run();
    }

    /** Stops following events. Undoes nothing. */
    @Override
    public void close() {
        events.close();
    }
}
