package dev.malachite.engine;

import dev.malachite.engine.sweep.Sampling;
import dev.malachite.engine.sweep.SweepPlan;
import dev.malachite.engine.sweep.Trial;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A sweep: trials of points of a space, some at once, until there are enough of them. They are named by their number. */
public record Trials(SweepPlan sweep) implements Plan {

    /** HyperDrive gives up when the first trials have all failed: the fault is then in what they share. */
    private static final int HOPELESS = 3;

    /** Which point a trial tries is found on the one thread that decides: so many are sampled, the others when these are there. */
    private static final int WANTED_AT_ONCE = 16;

    @Override
    public Next next(Parent parent, Map<String, Child> children, Instant now) {
        List<String> open = names(children, child -> child.phase().open());
        if (hopeless(children)) {
            return Next.end(
                    JobPhase.FAILED,
                    "The first %d jobs have failed. The system is canceling the experiment. Please resolve the issues before resubmitting the experiment."
                            .formatted(HOPELESS),
                    open);
        }
        List<String> start = start(children, open.size());
        if (open.isEmpty() && start.isEmpty()) {
            boolean failed = children.values().stream().allMatch(child -> child.phase() == Child.Phase.FAILED);
            return failed
                    ? Next.end(JobPhase.FAILED, "All trials have failed.", List.of())
                    : Next.end(JobPhase.COMPLETED, null, List.of());
        }
        List<String> poor = names(
                children,
                child -> child.phase().open() && child.trial().map(Trial::poor).orElse(false));
        return new Next(start, poor, Optional.empty());
    }

    private static boolean hopeless(Map<String, Child> children) {
        for (int i = 0; i < HOPELESS; i++) {
            Child child = children.get(Integer.toString(i));
            if (child == null || child.phase() != Child.Phase.FAILED) {
                return false;
            }
        }
        return true;
    }

    private List<String> start(Map<String, Child> children, int open) {
        List<String> start = new ArrayList<>();
        long wanted = children.values().stream()
                .filter(child -> child.phase() == Child.Phase.WANTED)
                .count();
        long most = Math.min(
                Math.min(
                        sweep.limits().total() - children.size(), sweep.limits().concurrent() - open),
                WANTED_AT_ONCE - wanted);
        while (start.size() < most) {
            int number = children.size() + start.size();
            if (point(number, children).isEmpty()) {
                break;
            }
            start.add(Integer.toString(number));
        }
        return start;
    }

    private Optional<Map<String, String>> point(int number, Map<String, Child> children) {
        List<Sampling.Result> results = new ArrayList<>();
        for (Child child : children.values()) {
            child.trial()
                    .filter(trial -> !child.phase().open() && trial.best().isPresent())
                    .ifPresent(trial -> results.add(
                            new Sampling.Result(trial.point(), trial.best().getAsDouble())));
        }
        results.sort(sweep.goal().bestFirst(Sampling.Result::value));
        return sweep.sampling().trial(sweep.space(), number, results);
    }

    @Override
    public Child child(Parent parent, String name, Map<String, Child> children, Instant now) {
        Map<String, String> point = point(Integer.parseInt(name), children).orElseThrow();
        return Plan.super.child(parent, name, children, now).trial(Trial.of(point));
    }

    /** The service counts its trials so. */
    @Override
    public String run(JobId parent, String child) {
        return parent.run() + "_" + child;
    }

    @Override
    public Optional<Instant> deadline(Instant submitted) {
        return sweep.limits().timeout().map(submitted::plus);
    }

    @Override
    public String explain(Map<String, Child> children) {
        long open =
                children.values().stream().filter(child -> child.phase().open()).count();
        return "%d of at most %d trials have ended, %d are under way."
                .formatted(children.size() - open, sweep.limits().total(), open);
    }

    /** The trial that has reported the best value, the earlier of two that are as good. */
    public Optional<Child> best(Collection<Child> children) {
        return children.stream()
                .filter(child -> !Double.isNaN(value(child)))
                .min(sweep.goal().bestFirst(Trials::value).thenComparingInt(child -> Integer.parseInt(child.name())));
    }

    private static double value(Child child) {
        return child.trial().map(trial -> trial.best().orElse(Double.NaN)).orElse(Double.NaN);
    }

    /** A trial has reported some values; it may have shown that it is not worth going on with. */
    static void reported(Draft draft, Command.TrialReported seen) {
        draft.state()
                .childOf(seen.run())
                .ifPresent(child -> draft.state().parent(child.parent()).ifPresent(parent -> {
                    if (parent.plan() instanceof Trials(SweepPlan sweep)) {
                        child.trial().ifPresent(trial -> reported(draft, sweep, child, trial, seen));
                    }
                }));
    }

    private static void reported(Draft draft, SweepPlan sweep, Child child, Trial before, Command.TrialReported seen) {
        List<Trial> others = draft.state().children(child.parent()).values().stream()
                .filter(other -> !other.name().equals(child.name()))
                .flatMap(other -> other.trial().stream())
                .toList();
        Trial after = before.with(sweep, seen.from(), seen.values(), others);
        if (after.equals(before)) {
            return;
        }
        draft.put(child.trial(after));
        if (after.poor() && !before.poor() && child.phase().open()) {
            draft.tell(new Event(
                    "trial.poor",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(child.run()),
                    "The early termination policy gives it up after %d reports.".formatted(after.reported())));
            draft.look(child.parent());
        }
    }

    private static List<String> names(Map<String, Child> children, Predicate<Child> which) {
        return children.values().stream().filter(which).map(Child::name).toList();
    }
}
