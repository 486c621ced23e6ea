package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuotaTest {

    private static final TargetId OTHER = new TargetId(Scenario.WORKSPACE, "other");
    private static final VmSize GPU = new VmSize("Standard_NC6", "standardNCFamily", 6, 1, 57344);

    private final Scenario world = new Scenario();

    private void limit(String pool, long cores) {
        world.tell(new Command.SetLimit(new QuotaKey(Scenario.SCOPE, pool), Optional.of(cores)));
    }

    private Target cluster() {
        return world.state.target(Scenario.CLUSTER).orElseThrow();
    }

    @Test
    void aClusterGrowsAsFarAsItsFamilysQuotaAllowsAndSaysSo() {
        limit("standardDv2Family", 5);
        world.cluster(0, 4, VmPriority.DEDICATED);
        for (String name : new String[] {"a", "b", "c"}) {
            world.submit(name);
        }
        world.obey();

        assertThat(world.nodes()).hasSize(2);
        assertThat(cluster().errors()).singleElement().satisfies(error -> {
            assertThat(error.code()).isEqualTo("ClusterCoreQuotaReached");
            assertThat(error.message()).contains("Maximum allowed: 5, Current in use: 4, Additional requested: 2");
        });
        assertThat(Explainer.explain(world.state, world.job("c"), world.now))
                .isEqualTo("It is next; quota: 4 of 5 cores of standardDv2Family are used, a node needs 2.");

        limit("standardDv2Family", 6);
        world.obey();
        assertThat(world.nodes()).hasSize(3);
        assertThat(cluster().errors()).isEmpty();
    }

    @Test
    void coresThatAnotherClusterGivesBackAreTakenByTheOneThatWaits() {
        limit(QuotaKey.TOTAL, 2);
        world.cluster(OTHER, Scenario.SIZE, 0, 1, VmPriority.DEDICATED);
        world.submit(OTHER, "first", 1, 0);
        world.obey();
        world.cluster(0, 1, VmPriority.DEDICATED);
        world.submit("second");
        world.obey();
        assertThat(world.job("second").phase()).isEqualTo(JobPhase.QUEUED);

        world.exit("first", 0);
        world.obey();
        assertThat(world.job("second").phase())
                .as("the idle node still has them")
                .isEqualTo(JobPhase.QUEUED);
        world.now = world.now.plus(Duration.ofMinutes(2));
        world.reconcile(OTHER);
        world.obey();

        assertThat(world.job("second").phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(world.state.coresUsed(new QuotaKey(Scenario.SCOPE, QuotaKey.TOTAL)))
                .isEqualTo(2);
    }

    @Test
    void lowPriorityCoresCountApart() {
        limit(QuotaKey.TOTAL, 0);
        limit(QuotaKey.LOW_PRIORITY, 2);
        world.cluster(0, 4, VmPriority.LOW_PRIORITY);
        world.submit("a");
        world.submit("b");
        world.obey();

        assertThat(world.nodes()).hasSize(1);
        assertThat(cluster().errors().getFirst().message()).contains("lowPriority");
    }

    @Test
    void aClusterThatCouldNeverHaveANodeIsRefusedInTheServicesWords() {
        limit("standardDv2Family", 1);
        assertThatThrownBy(() -> world.cluster(0, 4, VmPriority.DEDICATED))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo("ClusterMinNodesExceedCoreQuota");
                    assertThat(refusal.reason())
                            .isEqualTo(
                                    "The specified subscription has a Standard Dv2 family vCPU quota of 1 and cannot accomodate for at least 1 requested managed compute nodes which maps to 2 vCPUs.");
                });
        assertThat(world.state.targets()).isEmpty();
    }

    @Test
    void familiesWithGpusMustBeAskedFor() {
        assertThatThrownBy(() -> world.cluster(Scenario.CLUSTER, GPU, 0, 1, VmPriority.DEDICATED))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("vCPU quota of 0");
        limit("standardNCFamily", 6);
        world.cluster(Scenario.CLUSTER, GPU, 0, 1, VmPriority.DEDICATED);
        assertThat(world.state.targets()).hasSize(1);
    }

    @Test
    void containerInstancesAreNoCoresOfClusters() {
        VmSize container = new VmSize("ContainerInstance", VmSize.CONTAINER_FAMILY, 2, 0, 2048);
        Target target = Target.created(
                new Command.PutTarget(
                        Scenario.CLUSTER,
                        "container",
                        new ComputeKind.Serverless(container, VmPriority.DEDICATED, 1, "r"),
                        Scenario.SCOPE,
                        "{}",
                        RuntimeKind.SIMULATED,
                        new OperationId("made"),
                        Optional.empty()),
                Instant.EPOCH);

        assertThat(QuotaRules.keys(target)).containsExactly(new QuotaKey(Scenario.SCOPE, VmSize.CONTAINER_FAMILY));
    }

    @Test
    void aRegionHasSoManyComputesAndNoMore() {
        limit(QuotaKey.COMPUTES, 1);
        world.cluster(0, 4, VmPriority.DEDICATED);
        world.cluster(1, 4, VmPriority.DEDICATED);
        assertThatThrownBy(() -> world.cluster(OTHER, Scenario.SIZE, 0, 1, VmPriority.DEDICATED))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("Microsoft.BatchAI/Clusters. Maximum allowed: 1, Current in use: 1");
        world.tell(new Command.SetLimit(new QuotaKey(Scenario.SCOPE, QuotaKey.COMPUTES), Optional.empty()));
        world.cluster(OTHER, Scenario.SIZE, 0, 1, VmPriority.DEDICATED);
        assertThat(QuotaRules.used(world.state, new QuotaKey(Scenario.SCOPE, QuotaKey.COMPUTES)))
                .isEqualTo(2);
    }
}
