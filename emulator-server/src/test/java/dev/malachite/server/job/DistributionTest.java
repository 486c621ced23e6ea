package dev.malachite.server.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.server.runtime.Meeting;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistributionTest {

    private static Distribution job(String json) {
        return Distribution.ofJob(Json.parse(json.replace('\'', '"')));
    }

    private static Distribution configuration(String json) {
        return Distribution.ofConfiguration(Json.parse(json.replace('\'', '"')));
    }

    @Test
    void readsWhatTheSdkV2Sends() {
        assertThat(job("{}")).isEqualTo(new Distribution.Plain(1));
        assertThat(job("{'resources':{'instanceCount':3}}")).isEqualTo(new Distribution.Plain(3));
        assertThat(job("{'distribution':{'distributionType':'PyTorch'},'resources':{'instanceCount':2}}"))
                .isEqualTo(new Distribution.PyTorch(2, 1));
        assertThat(job("{'distribution':{'distributionType':'mpi','processCountPerInstance':4}}"))
                .isEqualTo(new Distribution.Mpi(1, 4));
        assertThat(job("{'distribution':{'distributionType':'TensorFlow','workerCount':2,'parameterServerCount':1},"
                        + "'resources':{'instanceCount':3}}"))
                .isEqualTo(new Distribution.TensorFlow(3, 2, 1));
        assertThat(job("{'distribution':{'distributionType':'TensorFlow'},'resources':{'instanceCount':2}}"))
                .isEqualTo(new Distribution.TensorFlow(2, 2, 0));
    }

    @Test
    void readsWhatTheSdkV1Sends() {
        assertThat(configuration(
                        "{'nodeCount':1,'communicator':'None','framework':'Python','mpi':{'processCountPerNode':1}}"))
                .isEqualTo(new Distribution.Plain(1));
        assertThat(configuration("{'nodeCount':2,'communicator':'IntelMpi','mpi':{'processCountPerNode':3}}"))
                .isEqualTo(new Distribution.Mpi(2, 3));
        assertThat(configuration(
                        "{'nodeCount':2,'communicator':'nccl','framework':'PyTorch','pytorch':{'processCount':4}}"))
                .isEqualTo(new Distribution.PyTorch(2, 2));
        assertThat(configuration(
                        "{'nodeCount':2,'communicator':'gloo','framework':'PyTorch','pytorch':{'processCount':null}}"))
                .isEqualTo(new Distribution.PyTorch(2, 1));
        assertThat(configuration("{'nodeCount':2,'communicator':'ParameterServer','framework':'TensorFlow',"
                        + "'tensorflow':{'workerCount':2,'parameterServerCount':1}}"))
                .isEqualTo(new Distribution.TensorFlow(2, 2, 1));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'resources':{'instanceCount':0}}|properties.resources.instanceCount must be a whole number from 1 on, not 0.",
                "{'resources':{'instanceCount':101}}|properties.resources.instanceCount must be from 1 to 100, not 101.",
                "{'resources':{'instanceCount':'2'}}|must be a whole number from 1 on, not \"2\".",
                "{'distribution':{'distributionType':'Ray'}}|Distribution type 'Ray' is not supported",
                "{'distribution':{'distributionType':'Mpi','processCountPerInstance':65}}|must be from 1 to 64, not 65.",
                "{'distribution':{'distributionType':'TensorFlow','workerCount':3},'resources':{'instanceCount':2}}|3 workers and 0 parameter servers do not fit 2 nodes",
                "{'distribution':{'distributionType':'TensorFlow','workerCount':1},'resources':{'instanceCount':2}}|1 workers and 0 parameter servers do not fit 2 nodes"
            })
    void refusesWhatDoesNotFit(String asked, String words) {
        assertThatThrownBy(() -> job(asked)).isInstanceOf(AzureException.class).hasMessageContaining(words);
    }

    @Test
    void everyProcessIsToldItsPlace() {
        Meeting meeting = new Meeting(List.of("a", "b"), List.of(6105, 6000));
        Processes torch = new Processes(new Distribution.PyTorch(2, 2));
        assertThat(torch.on(1, meeting).get(1).environment())
                .containsEntry("RANK", "3")
                .containsEntry("LOCAL_RANK", "1")
                .containsEntry("NODE_RANK", "1")
                .containsEntry("WORLD_SIZE", "4")
                .containsEntry("MASTER_ADDR", "a")
                .containsEntry("MASTER_PORT", "6105")
                .containsEntry("AZUREML_NODE_COUNT", "2");
        Processes mpi = new Processes(new Distribution.Mpi(2, 6));
        Processes.Member last = mpi.on(1, meeting).getLast();
        assertThat(last.log()).isEqualTo("user_logs/std_log_process_11.txt");
        assertThat(mpi.logs(0)).startsWith("user_logs/std_log_process_00.txt", "user_logs/std_log_process_01.txt");
        assertThat(last.environment())
                .containsEntry("OMPI_COMM_WORLD_RANK", "11")
                .containsEntry("OMPI_COMM_WORLD_LOCAL_RANK", "5")
                .containsEntry("OMPI_COMM_WORLD_SIZE", "12")
                .containsEntry("OMPI_COMM_WORLD_LOCAL_SIZE", "6")
                .containsEntry("AZ_BATCHAI_MPI_MASTER_NODE", "a")
                .containsEntry("AZ_BATCH_MASTER_NODE", "a:6000");
    }

    @Test
    void tasksOfTensorFlowKnowTheirCluster() {
        Processes flow = new Processes(new Distribution.TensorFlow(2, 2, 1));
        Meeting meeting = new Meeting(List.of("a", "b"), List.of(6105, 6000, 2222, 2222, 2223));
        assertThat(flow.ports()).containsExactly(6105, 6000, 2222, 2222, 2223);
        assertThat(flow.logs(0))
                .containsExactly("user_logs/std_log_node_0_ps.txt", "user_logs/std_log_node_0_worker.txt");
        assertThat(flow.logs(1)).containsExactly("user_logs/std_log_node_1_worker.txt");
        assertThat(flow.on(0, meeting).getFirst().serves()).isTrue();
        assertThat(flow.on(1, meeting).getFirst().environment())
                .containsEntry(
                        "TF_CONFIG",
                        "{\"cluster\":{\"ps\":[\"a:2223\"],\"worker\":[\"a:2222\",\"b:2222\"]},"
                                + "\"task\":{\"type\":\"worker\",\"index\":1},\"environment\":\"cloud\"}")
                .containsEntry("AZ_BATCHAI_TASK_TYPE", "worker");
        assertThat(new Processes(new Distribution.TensorFlow(3, 2, 1)).logs(2))
                .as("nodes that are left run the servers")
                .containsExactly("user_logs/std_log_node_2_ps.txt");
        assertThat(new Processes(new Distribution.TensorFlow(2, 2, 0)).logs(0))
                .as("the SDKs stream it")
                .containsExactly("user_logs/std_log_process_0.txt");
    }
}
