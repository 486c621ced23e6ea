package dev.malachite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A parent and its children, step by step. */
class ParentTest {

    private static final JobId PARENT = new JobId(Scenario.WORKSPACE, "family");

    private final Scenario world = new Scenario();

    @BeforeEach
    void cluster() {
        world.cluster(0, 4, VmPriority.DEDICATED);
    }

    @Test
    void aStepBeginsWhenThoseBeforeItHaveCompleted() {
        submit(false, step("a"), step("b", "a"), step("c", "a", "b"));

        world.obey();
        assertThat(phases("a")).containsExactly(Child.Phase.LIVE);
        assertThat(parent().phase()).isEqualTo(JobPhase.RUNNING);
        assertThat(Explainer.explain(world.state, parent()))
                .isEqualTo("0 of 3 steps have ended; step 'a' is run %s.".formatted(run("a").run()));
        exit("a", 0);
        assertThat(world.state.children(PARENT)).containsOnlyKeys("a", "b");
        exit("b", 0);
        exit("c", 0);

        assertEnded("job.completed");
    }

    @Test
    void aFailureStopsTheOthers() {
        submit(false, step("a"), step("b"), step("c", "a"));

        world.obey();
        exit("a", 1);

        assertEnded("job.failed");
        assertThat(world.events.getLast().message()).startsWith("Pipeline has failed child jobs. Failed nodes: /a.");
        assertThat(types(run("b"))).endsWith("job.canceled");
    }

    @Test
    void aFailureLeavesThoseAloneThatDoNotDependOnIt() {
        submit(true, step("a"), step("b"), step("c", "a"), step("d", "b"));

        world.obey();
        exit("a", 1);
        exit("b", 0);
        assertThat(world.state.children(PARENT)).containsOnlyKeys("a", "b", "d");
        exit("d", 0);

        assertEnded("job.failed");
        assertThat(types(run("d"))).endsWith("job.completed");
    }

    @Test
    void aChildThatCannotBeSubmittedFails() {
        submit(false, step("a"));

        world.tell(
                new Command.ChildEnded(run("a"), JobPhase.FAILED, "there is no such compute", new Scenario.Nothing()));
        world.obey();

        assertEnded("job.failed");
        assertThat(types(run("a"))).containsExactly("job.failed");
    }

    @Test
    void aChildWhoseResultIsThereNeedNotRun() {
        submit(false, step("a"), step("b", "a"));

        world.tell(new Command.ChildEnded(run("a"), JobPhase.COMPLETED, null, new Scenario.Nothing()));
        world.obey();

        assertThat(phases("a", "b")).containsExactly(Child.Phase.COMPLETED, Child.Phase.LIVE);
        assertThat(parent().started()).isPresent();
    }

    @Test
    void cancelingReachesEveryChild() {
        submit(false, step("a"), step("b"));
        world.submit(child("a"));
        Child wanted = child("b");

        world.tell(new Command.CancelJob(PARENT));

        assertThat(types(run("a"))).endsWith("job.canceled");
        assertThatThrownBy(() -> world.submit(wanted)).isInstanceOf(Refusal.class);
        world.obey();
        assertEnded("job.canceled");
        assertThatThrownBy(() -> world.submit(wanted)).isInstanceOf(Refusal.class);
    }

    @Test
    void aFamilyWithinAFamilyIsCanceledWithIt() {
        submit(false, step("a"));
        world.tell(new Command.SubmitParent(
                run("a"), Optional.of(PARENT), new Plan.Steps(List.of(step("x")), false), new Scenario.Nothing()));
        world.obey();
        assertThat(world.state.jobs()).hasSize(1);

        world.tell(new Command.CancelJob(PARENT));
        world.obey();

        assertThat(world.state.parents()).isEmpty();
        assertThat(world.state.jobs()).isEmpty();
        assertThat(types(run("a"))).endsWith("job.canceled");
    }

    @Test
    void nobodyElseTakesAChildsPlace() {
        submit(false, step("a"));

        assertThatThrownBy(() -> world.submit(run("a").run()))
                .isInstanceOf(Refusal.class)
                .hasMessage("'%s' is the name of a child of job 'family'.".formatted(run("a").run()));
    }

    @Test
    void aDeletedWorkspaceLeavesNoFamily() {
        submit(false, step("a"), step("b"));
        world.submit(child("a"));

        world.tell(new Command.RemoveWorkspace(Scenario.WORKSPACE));
        world.obey();

        assertThat(world.state.parents()).isEmpty();
        assertThat(world.state.jobs()).isEmpty();
    }

    private void submit(boolean goOn, Plan.Steps.Step... steps) {
        world.tell(new Command.SubmitParent(
                PARENT, Optional.empty(), new Plan.Steps(List.of(steps), goOn), new Scenario.Nothing()));
    }

    private static Plan.Steps.Step step(String name, String... after) {
        return new Plan.Steps.Step(name, List.of(after));
    }

    private Parent parent() {
        return world.state.parent(PARENT).orElseThrow();
    }

    private Child child(String name) {
        return Objects.requireNonNull(world.state.children(PARENT).get(name));
    }

    private JobId run(String step) {
        return new JobId(Scenario.WORKSPACE, new Plan.Steps(List.of(), false).run(PARENT, step));
    }

    private List<Child.Phase> phases(String... names) {
        return List.of(names).stream().map(name -> child(name).phase()).toList();
    }

    private void exit(String step, int code) {
        world.exit(run(step).run(), code);
        world.obey();
    }

    private List<String> types(JobId run) {
        return world.events.stream()
                .filter(event -> event.job().equals(Optional.of(run)))
                .map(Event::type)
                .toList();
    }

    private void assertEnded(String type) {
        assertThat(world.state.parents()).isEmpty();
        assertThat(types(PARENT)).endsWith("job.finalizing", type);
    }
}
