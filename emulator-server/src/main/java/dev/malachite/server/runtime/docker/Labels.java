package dev.malachite.server.runtime.docker;

import dev.malachite.engine.ImageKey;
import dev.malachite.engine.NodeId;
import dev.malachite.engine.TargetId;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.runtime.NodeSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Labels by which one emulator knows what it made on an engine that others use too.
 *
 * @param instance names the emulator by its data folder
 * @param owner says which process it is; what an in-memory emulator made bears it, and every unfinished build
 */
record Labels(String instance, Optional<String> owner) {

    static final String INSTANCE = "malachite.instance";
    static final String NODE = "malachite.node";
    static final String GENERATION = "malachite.generation";
    static final String TARGET = "malachite.target";
    static final String ROLE = "malachite.role";
    static final String OWNER = "malachite.owner";
    static final String ENVIRONMENT = "malachite.environment";

    /** The role of containers that live only while something is made; they never outlive the process that made them. */
    static final String BUILD = "build";

    /** The role of containers that are machines of compute instances. */
    static final String MACHINE = "machine";

    /** What stands in the images that every emulator on the engine shares, in the place of what they were built under. */
    static Map<String, String> shared() {
        return Map.of(INSTANCE, "", ROLE, "", OWNER, "");
    }

    /** An image belongs to every emulator on the engine; what it would inherit from its build is wiped out. */
    static Map<String, String> image(ImageKey key) {
        return Map.of(ENVIRONMENT, key.value(), INSTANCE, "", ROLE, "", OWNER, "");
    }

    Map<String, String> instanceOnly() {
        return Map.of(INSTANCE, instance);
    }

    Map<String, String> role(String role) {
        Map<String, String> labels = base();
        labels.put(ROLE, role);
        if (role.equals(BUILD)) {
            labels.put(OWNER, Leftovers.self());
        }
        return labels;
    }

    Map<String, String> target(TargetId target) {
        Map<String, String> labels = base();
        labels.put(TARGET, target.toString());
        return labels;
    }

    Map<String, String> machine(TargetId target) {
        Map<String, String> labels = target(target);
        labels.put(ROLE, MACHINE);
        return labels;
    }

    /** The target that something belongs to. */
    static Optional<TargetId> targetOf(Map<String, String> labels) {
        String text = labels.getOrDefault(TARGET, "");
        int slash = text.indexOf('/');
        return slash < 0
                ? Optional.empty()
                : Optional.of(new TargetId(new WorkspaceId(text.substring(0, slash)), text.substring(slash + 1)));
    }

    /** All machines of this emulator's. */
    Map<String, String> machines() {
        return Map.of(INSTANCE, instance, ROLE, MACHINE);
    }

    Map<String, String> node(NodeSpec node) {
        Map<String, String> labels = target(node.target());
        labels.put(NODE, node.id().value());
        labels.put(GENERATION, Integer.toString(node.generation()));
        return labels;
    }

    Map<String, String> anyGeneration(NodeId node) {
        return Map.of(INSTANCE, instance, NODE, node.value());
    }

    private Map<String, String> base() {
        Map<String, String> labels = new HashMap<>(instanceOnly());
        owner.ifPresent(name -> labels.put(OWNER, name));
        return labels;
    }
}
