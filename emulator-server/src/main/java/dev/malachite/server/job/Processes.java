package dev.malachite.server.job;

import dev.malachite.server.runtime.Meeting;
import dev.malachite.server.web.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The processes of a distributed job: what each is called, where it runs and what it is told of the others (service-facts 3,
 * "Distributed"; names of logs: the SDK's own tests of its streaming).
 */
final class Processes {

    static final String LOG = "user_logs/std_log.txt";

    /** What the service's own runtime uses, and scripts expect. */
    private static final int MASTER_PORT = 6105;

    private static final int BATCH_PORT = 6000;
    private static final int WORKER_PORT = 2222;
    private static final int SERVER_PORT = 2223;

    /** Where the ports of TensorFlow's tasks begin among those that are wished for. */
    private static final int TASKS = 2;

    private final Distribution distribution;

    Processes(Distribution distribution) {
        this.distribution = distribution;
    }

    /**
     * A process.
     *
     * @param log below the run's artifacts
     * @param serves whether it is ended when the others have ended
     */
    record Member(Map<String, String> environment, String log, boolean serves) {}

    /** The logs of a node's processes; those of the service's streaming are the first node's first. */
    List<String> logs(int node) {
        return switch (distribution) {
            case Distribution.Plain plain ->
                List.of(plain.nodes() == 1 ? LOG : numbered("std_log_process_", node, plain.nodes(), ""));
            case Distribution.Mpi mpi -> ranked(node, mpi.nodes(), mpi.processes());
            case Distribution.PyTorch torch -> ranked(node, torch.nodes(), torch.processes());
            case Distribution.TensorFlow flow ->
                tasks(flow, node).stream().map(task -> task.log(flow)).toList();
        };
    }

    /** Ports that the job's processes are to listen on. */
    List<Integer> ports() {
        List<Integer> ports = new ArrayList<>(List.of(MASTER_PORT, BATCH_PORT));
        if (distribution instanceof Distribution.TensorFlow flow) {
            IntStream.range(0, flow.workers()).forEach(i -> ports.add(WORKER_PORT));
            IntStream.range(0, flow.servers()).forEach(i -> ports.add(SERVER_PORT));
        }
        return ports;
    }

    /** Whether its processes are told of each other. */
    boolean alone() {
        return distribution instanceof Distribution.Plain plain && plain.nodes() == 1;
    }

    /** The processes of a node. */
    List<Member> on(int node, Meeting meeting) {
        Map<String, String> common = common(node, meeting);
        return switch (distribution) {
            case Distribution.Plain _ -> List.of(new Member(common, logs(node).getFirst(), false));
            case Distribution.Mpi mpi ->
                IntStream.range(0, mpi.processes())
                        .mapToObj(local -> mpi(mpi, node, local, common, meeting))
                        .toList();
            case Distribution.PyTorch torch ->
                IntStream.range(0, torch.processes())
                        .mapToObj(local -> torch(torch, node, local, common, meeting))
                        .toList();
            case Distribution.TensorFlow flow ->
                tasks(flow, node).stream()
                        .map(task -> new Member(task.environment(flow, common, meeting), task.log(flow), task.serves()))
                        .toList();
        };
    }

    private Map<String, String> common(int node, Meeting meeting) {
        Map<String, String> variables = new LinkedHashMap<>();
        String master = meeting.hosts().getFirst();
        variables.put("AZUREML_NODE_COUNT", Integer.toString(distribution.nodes()));
        variables.put("NODE_RANK", Integer.toString(node));
        variables.put("AZ_BATCH_MASTER_NODE", master + ":" + meeting.ports().get(1));
        variables.put("AZ_BATCH_NODE_LIST", String.join(";", meeting.hosts()));
        variables.put("AZ_BATCH_HOST_LIST", String.join(",", meeting.hosts()));
        variables.put("AZ_BATCH_IS_CURRENT_NODE_MASTER", Boolean.toString(node == 0));
        variables.put("AZ_BATCHAI_JOB_MASTER_NODE_IP", master);
        return variables;
    }

    private static Member mpi(Distribution.Mpi mpi, int node, int local, Map<String, String> common, Meeting meeting) {
        Map<String, String> variables = new LinkedHashMap<>(common);
        variables.put("OMPI_COMM_WORLD_RANK", Integer.toString(node * mpi.processes() + local));
        variables.put("OMPI_COMM_WORLD_SIZE", Integer.toString(mpi.nodes() * mpi.processes()));
        variables.put("OMPI_COMM_WORLD_LOCAL_RANK", Integer.toString(local));
        variables.put("OMPI_COMM_WORLD_LOCAL_SIZE", Integer.toString(mpi.processes()));
        variables.put("OMPI_COMM_WORLD_NODE_RANK", Integer.toString(local));
        variables.put("OMPI_UNIVERSE_SIZE", Integer.toString(mpi.nodes() * mpi.processes()));
        variables.put("AZ_BATCHAI_MPI_MASTER_NODE", meeting.hosts().getFirst());
        return new Member(variables, rank(node * mpi.processes() + local, mpi.nodes() * mpi.processes()), false);
    }

    private static Member torch(
            Distribution.PyTorch torch, int node, int local, Map<String, String> common, Meeting meeting) {
        Map<String, String> variables = new LinkedHashMap<>(common);
        variables.put("MASTER_ADDR", meeting.hosts().getFirst());
        variables.put("MASTER_PORT", meeting.ports().getFirst().toString());
        variables.put("WORLD_SIZE", Integer.toString(torch.nodes() * torch.processes()));
        variables.put("RANK", Integer.toString(node * torch.processes() + local));
        variables.put("LOCAL_RANK", Integer.toString(local));
        return new Member(variables, rank(node * torch.processes() + local, torch.nodes() * torch.processes()), false);
    }

    private static List<String> ranked(int node, int nodes, int processes) {
        return IntStream.range(0, processes)
                .mapToObj(local -> rank(node * processes + local, nodes * processes))
                .toList();
    }

    private static String rank(int rank, int world) {
        return numbered("std_log_process_", rank, world, "");
    }

    /** With as many digits as the last one has: the streamed one is that of zeros alone. */
    private static String numbered(String name, int number, int count, String suffix) {
        int digits = Integer.toString(count - 1).length();
        return ("user_logs/" + name + "%0" + digits + "d" + suffix + ".txt").formatted(number);
    }

    private static List<Task> tasks(Distribution.TensorFlow flow, int node) {
        List<Task> tasks = new ArrayList<>();
        IntStream.range(0, flow.servers())
                .filter(server -> flow.serverNode(server) == node)
                .forEach(server -> tasks.add(new Task(true, server, node)));
        if (node < flow.workers()) {
            tasks.add(new Task(false, node, node));
        }
        return tasks;
    }

    /** A task of TensorFlow's cluster. */
    private record Task(boolean serves, int index, int node) {

        String log(Distribution.TensorFlow flow) {
            return flow.servers() == 0
                    ? rank(index, flow.workers())
                    : numbered("std_log_node_", node, flow.nodes(), serves ? "_ps" : "_worker");
        }

        Map<String, String> environment(Distribution.TensorFlow flow, Map<String, String> common, Meeting meeting) {
            List<String> workers = IntStream.range(0, flow.workers())
                    .mapToObj(
                            i -> meeting.hosts().get(i) + ":" + meeting.ports().get(TASKS + i))
                    .toList();
            List<String> servers = IntStream.range(0, flow.servers())
                    .mapToObj(i -> meeting.hosts().get(flow.serverNode(i)) + ":"
                            + meeting.ports().get(TASKS + flow.workers() + i))
                    .toList();
            String type = serves ? "ps" : "worker";
            ObjectNode config = Json.object();
            ObjectNode cluster = config.putObject("cluster");
            if (!servers.isEmpty()) {
                strings(cluster.putArray("ps"), servers);
            }
            strings(cluster.putArray("worker"), workers);
            config.putObject("task").put("type", type).put("index", index);
            config.put("environment", "cloud");
            Map<String, String> variables = new LinkedHashMap<>(common);
            variables.put("TF_CONFIG", Json.text(config));
            variables.put("AZ_BATCHAI_PS_HOSTS", String.join(",", servers));
            variables.put("AZ_BATCHAI_WORKER_HOSTS", String.join(",", workers));
            variables.put("AZ_BATCHAI_TASK_TYPE", type);
            variables.put("AZ_BATCHAI_TASK_INDEX", Integer.toString(index));
            return variables;
        }

        private static void strings(ArrayNode array, List<String> strings) {
            strings.forEach(array::add);
        }
    }
}
