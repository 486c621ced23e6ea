package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Targets that are not made of nodes, and shares that workspaces have of the quota. */
class ElsewhereTest {

    private static final TargetId ID = new TargetId(Scenario.WORKSPACE, "elsewhere");

    private final Scenario world = new Scenario();

    private void put(ComputeKind kind) {
        world.tell(new Command.PutTarget(
                ID,
                ID.name(),
                kind,
                Scenario.SCOPE,
                "{}",
                RuntimeKind.SIMULATED,
                new OperationId("op-" + world.state.sequence()),
                Optional.empty()));
    }

    private static ComputeKind batch(String resource) {
        return new ComputeKind.External(ComputeKind.External.Service.BATCH, true, Optional.of(resource));
    }

    @Test
    void itTakesNoQuotaHasNoNodesAndGoesAtOnce() {
        world.tell(new Command.SetLimit(new QuotaKey(Scenario.SCOPE, QuotaKey.TOTAL), Optional.of(0L)));

        put(batch("/batch"));

        assertThat(world.state.nodesOf(ID)).isEmpty();
        assertThatThrownBy(() -> world.submit(ID, "job", 1, 0)).isInstanceOf(Refusal.class);
        Operation gone = world.tell(new Command.DeleteTarget(ID, new OperationId("delete")));
        assertThat(gone.done()).isTrue();
        assertThat(world.state.target(ID)).isEmpty();
    }

    @Test
    void whatIsAttachedUnderANameStays() {
        put(batch("/batch"));

        put(batch("/BATCH"));

        assertThatThrownBy(() -> put(batch("/other"))).isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> put(
                        new ComputeKind.External(ComputeKind.External.Service.DATABRICKS, true, Optional.of("/batch"))))
                .isInstanceOf(Refusal.class);
        assertThatThrownBy(() -> put(new ComputeKind.VirtualMachine(
                        true, Optional.of("/batch"), Optional.empty(), 22, Optional.of("me"))))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void aWorkspaceUsesNoMoreThanItsShareAndLeavesItWithItself() {
        QuotaKey share = QuotaKey.of(Scenario.SCOPE, Scenario.WORKSPACE, Scenario.SIZE.family());
        world.tell(new Command.SetLimit(share, Optional.of(2L)));
        world.cluster(0, 4, VmPriority.DEDICATED);
        world.submit("a");
        world.submit("b");
        world.obey();

        assertThat(world.nodes()).hasSize(1);
        assertThat(Explainer.explain(world.state, world.job("b"), world.now))
                .contains("2 of 2 cores of " + Scenario.SIZE.family());

        world.tell(new Command.RemoveWorkspace(Scenario.WORKSPACE));
        assertThat(world.state.limits()).isEmpty();
    }
}
