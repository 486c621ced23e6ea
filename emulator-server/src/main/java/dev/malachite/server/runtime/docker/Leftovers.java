package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what killed emulators left on the engine and nobody knows of any more: all that was an in-memory one's, and
 * unfinished builds of our own.
 */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private final Engine engine;
    private final Labels labels;

    Leftovers(Engine engine, Labels labels) {
        this.engine = engine;
        this.labels = labels;
    }

    /** This process: its machine, its number, and since when. */
    static String self() {
        return name(ProcessHandle.current());
    }

    void reap() {
        try {
            List<Container> builds = engine.call(
                    "list builds",
                    docker -> docker.listContainersCmd()
                            .withShowAll(true)
                            .withLabelFilter(Map.of(Labels.INSTANCE, labels.instance(), Labels.ROLE, Labels.BUILD))
                            .exec());
            // This process may have begun one already.
            remove(builds.stream()
                    .filter(build -> !self().equals(build.getLabels().get(Labels.OWNER)))
                    .toList());
            List<Container> owned = engine.call(
                    "list containers",
                    docker -> docker.listContainersCmd()
                            .withShowAll(true)
                            .withLabelFilter(List.of(Labels.OWNER))
                            .exec());
            remove(owned.stream()
                    .filter(container -> orphaned(container.getLabels()))
                    .toList());
            for (Network network : engine.call(
                    "list networks", docker -> docker.listNetworksCmd().exec())) {
                if (network.getLabels() != null && orphaned(network.getLabels())) {
                    engine.remove(
                            "remove a network",
                            docker -> docker.removeNetworkCmd(network.getId()).exec());
                }
            }
        } catch (IOException e) {
            LOG.warn("What earlier in-memory emulators left was not removed: {}", e.getMessage());
        }
    }

    private void remove(List<Container> containers) throws IOException {
        for (Container container : containers) {
            engine.remove(
                    "remove a container",
                    docker -> docker.removeContainerCmd(container.getId())
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        }
    }

    private boolean orphaned(Map<String, String> found) {
        String owner = found.getOrDefault(Labels.OWNER, "");
        String[] parts = owner.split(" ", -1);
        // Processes of another machine, or of another container, cannot be seen from here.
        if (parts.length != 3
                || !parts[0].equals(host())
                || !parts[1].matches("\\d{1,18}")
                || labels.instance().equals(found.get(Labels.INSTANCE))) {
            return false;
        }
        return ProcessHandle.of(Long.parseLong(parts[1]))
                .filter(ProcessHandle::isAlive)
                .map(Leftovers::name)
                .filter(owner::equals)
                .isEmpty();
    }

    private static String name(ProcessHandle process) {
        long start = process.info().startInstant().orElse(Instant.EPOCH).getEpochSecond();
        return host() + " " + process.pid() + " " + start;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
