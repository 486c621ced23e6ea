package dev.malachite.engine;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The states of a compute instance, by the service's names (schema {@code ComputeInstanceState}), and which may follow
 * which. {@code JobRunning} is not among them: it is how a running instance is shown while a job runs on it.
 */
public enum InstanceState {
    CREATING("Creating"),
    CREATE_FAILED("CreateFailed"),
    DELETING("Deleting"),
    RUNNING("Running"),
    RESTARTING("Restarting"),
    RESIZING("Resizing"),
    SETTING_UP("SettingUp"),
    SETUP_FAILED("SetupFailed"),
    STARTING("Starting"),
    STOPPED("Stopped"),
    STOPPING("Stopping"),
    UNUSABLE("Unusable");

    private static final Map<InstanceState, Set<InstanceState>> NEXT = table();

    private final String wire;

    InstanceState(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** What may come after it. */
    public Set<InstanceState> next() {
        return Collections.unmodifiableSet(NEXT.getOrDefault(this, Set.of()));
    }

    /** Whether it stays until somebody asks for something else, or something goes wrong. */
    public boolean steady() {
        return switch (this) {
            case CREATE_FAILED, RUNNING, SETUP_FAILED, STOPPED, UNUSABLE -> true;
            case CREATING, DELETING, RESTARTING, RESIZING, SETTING_UP, STARTING, STOPPING -> false;
        };
    }

    private static Map<InstanceState, Set<InstanceState>> table() {
        Map<InstanceState, Set<InstanceState>> next = new EnumMap<>(InstanceState.class);
        next.put(CREATING, EnumSet.of(SETTING_UP, RUNNING, CREATE_FAILED, DELETING));
        next.put(SETTING_UP, EnumSet.of(RUNNING, SETUP_FAILED, UNUSABLE, DELETING));
        next.put(SETUP_FAILED, EnumSet.of(RESTARTING, STOPPING, DELETING));
        next.put(RUNNING, EnumSet.of(STOPPING, RESTARTING, RESIZING, STARTING, UNUSABLE, DELETING));
        next.put(STOPPING, EnumSet.of(STOPPED, DELETING));
        next.put(STOPPED, EnumSet.of(STARTING, DELETING));
        next.put(STARTING, EnumSet.of(SETTING_UP, RUNNING, UNUSABLE, DELETING));
        next.put(RESTARTING, EnumSet.of(SETTING_UP, RUNNING, UNUSABLE, DELETING));
        next.put(RESIZING, EnumSet.of(SETTING_UP, RUNNING, UNUSABLE, DELETING));
        next.put(UNUSABLE, EnumSet.of(RESTARTING, STOPPING, DELETING));
        next.put(CREATE_FAILED, EnumSet.of(DELETING));
        next.put(DELETING, EnumSet.noneOf(InstanceState.class));
        return next;
    }
}
