package dev.malachite.server.job;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How a job's program is spread over nodes and processes, as both SDKs ask for it. */
sealed interface Distribution {

    /** More on one node would be a mistake, whatever its size. */
    int MOST_PROCESSES = 64;

    /** One that most services allow, MPI or not (service-facts 3, limits). */
    int MOST_NODES = 100;

    int nodes();

    /** How many nodes, the last ones, only serve the others. */
    default int serving() {
        return 0;
    }

    /** The program runs once on each node, which is told of nothing but the others. */
    record Plain(int nodes) implements Distribution {}

    record Mpi(int nodes, int processes) implements Distribution {}

    record PyTorch(int nodes, int processes) implements Distribution {}

    /**
     * Workers are on the first nodes, one on each; parameter servers on those that are left, and then on the first ones too.
     *
     * @param servers at most one a node
     */
    record TensorFlow(int nodes, int workers, int servers) implements Distribution {

        int serverNode(int server) {
            return server < serving() ? workers + server : server - serving();
        }

        @Override
        public int serving() {
            return nodes - workers;
        }
    }

    /** That of a job as it was submitted. */
    static Distribution of(ObjectNode definition) {
        return definition.has("Configuration")
                ? ofConfiguration(Json.objectAt(definition, "Configuration"))
                : ofJob(definition);
    }

    /** From the v2 SDK's {@code distribution} and {@code resources}. */
    static Distribution ofJob(ObjectNode job) {
        int nodes = count(Json.objectAt(job, "resources"), "instanceCount", "properties.resources.instanceCount", 1)
                .orElse(1);
        limit(nodes, "properties.resources.instanceCount", MOST_NODES);
        if (!(Json.member(job, "distribution") instanceof ObjectNode asked)) {
            return new Plain(nodes);
        }
        String where = "properties.distribution.";
        String type = Json.string(asked, "distributionType").orElse("");
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "mpi" -> new Mpi(nodes, processes(asked, "processCountPerInstance", where));
            case "pytorch" -> new PyTorch(nodes, processes(asked, "processCountPerInstance", where));
            case "tensorflow" ->
                tensorFlow(
                        nodes,
                        count(asked, "workerCount", where + "workerCount", 1).orElse(nodes),
                        count(asked, "parameterServerCount", where + "parameterServerCount", 0)
                                .orElse(0));
            default ->
                throw new AzureException(Errors.userError(
                        "Distribution type '%s' is not supported by this version of Malachite; supported are: Mpi, PyTorch, TensorFlow."
                                .formatted(type)));
        };
    }

    /** From the v1 SDK's {@code nodeCount}, {@code framework}, {@code communicator} and what belongs to those. */
    static Distribution ofConfiguration(ObjectNode configuration) {
        int nodes = count(configuration, "nodeCount", "nodeCount", 1).orElse(1);
        limit(nodes, "nodeCount", MOST_NODES);
        String framework = Json.string(configuration, "framework")
                .filter(name -> !name.isBlank())
                .orElse("Python");
        String communicator = Json.string(configuration, "communicator")
                .filter(name -> !name.isBlank())
                .orElse("None");
        if (!framework.matches("(?i)python|pytorch|tensorflow")) {
            throw new AzureException(Errors.userError(
                    "Framework '%s' is not supported by this version of Malachite; supported are: Python, PyTorch, TensorFlow."
                            .formatted(framework)));
        }
        return switch (communicator.toLowerCase(Locale.ROOT)) {
            case "none" -> new Plain(nodes);
            case "mpi", "openmpi", "intelmpi" ->
                new Mpi(nodes, processes(Json.objectAt(configuration, "mpi"), "processCountPerNode", "mpi."));
            case "nccl", "gloo" -> pyTorch(nodes, Json.objectAt(configuration, "pytorch"));
            case "parameterserver" -> {
                ObjectNode asked = Json.objectAt(configuration, "tensorflow");
                yield tensorFlow(
                        nodes,
                        count(asked, "workerCount", "tensorflow.workerCount", 1).orElse(nodes),
                        count(asked, "parameterServerCount", "tensorflow.parameterServerCount", 0)
                                .orElse(1));
            }
            default ->
                throw new AzureException(Errors.userError(
                        "Communicator '%s' is not supported by this version of Malachite; supported are: None, OpenMpi, IntelMpi, Mpi, Nccl, Gloo, ParameterServer."
                                .formatted(communicator)));
        };
    }

    /** The v1 SDK counts the processes of all nodes; none means one a node. */
    private static Distribution pyTorch(int nodes, ObjectNode asked) {
        int all = count(asked, "processCount", "pytorch.processCount", 1).orElse(nodes);
        if (all % nodes != 0) {
            throw new AzureException(Errors.userError(
                    "pytorch.processCount is for all nodes together: %d processes cannot be spread evenly over %d nodes."
                            .formatted(all, nodes)));
        }
        limit(all / nodes, "pytorch.processCount, for each node,", MOST_PROCESSES);
        return new PyTorch(nodes, all / nodes);
    }

    private static Distribution tensorFlow(int nodes, int workers, int servers) {
        if (workers > nodes || servers > nodes || workers + servers < nodes) {
            throw new AzureException(Errors.userError(
                    "%d workers and %d parameter servers do not fit %d nodes: a node runs one worker, one parameter server, or one of each."
                            .formatted(workers, servers, nodes)));
        }
        return new TensorFlow(nodes, workers, servers);
    }

    private static int processes(ObjectNode in, String name, String where) {
        int processes = count(in, name, where + name, 1).orElse(1);
        limit(processes, where + name, MOST_PROCESSES);
        return processes;
    }

    private static void limit(int count, String what, int most) {
        if (count > most) {
            throw new AzureException(Errors.userError("%s must be from 1 to %d, not %d.".formatted(what, most, count)));
        }
    }

    private static Optional<Integer> count(ObjectNode in, String name, String what, int least) {
        JsonNode value = Json.member(in, name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < least) {
            throw new AzureException(
                    Errors.userError("%s must be a whole number from %d on, not %s.".formatted(what, least, value)));
        }
        return Optional.of(value.asInt());
    }
}
