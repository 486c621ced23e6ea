package dev.malachite.engine;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a parent wants of its children: one record a kind, each a pure decision. It holds what the decision needs and no
 * more; what a child is made of stands in the parent run's definition, which only the server reads.
 */
public sealed interface Plan permits Plan.Steps, Trials {

    /**
     * What should be done, now that the children are as they are. Asked whenever one of them has moved, and at the
     * deadline; asked again with nothing changed, it must answer the same.
     *
     * @param children by name, those that came to exist so far
     */
    Next next(Parent parent, Map<String, Child> children, Instant now);

    /** The id of a child's run. */
    String run(JobId parent, String child);

    /** A child that should exist from now on. */
    default Child child(Parent parent, String name, Map<String, Child> children, Instant now) {
        JobId run = new JobId(parent.id().workspace(), run(parent.id(), name));
        return new Child(parent.id(), name, run, Child.Phase.WANTED, now, Optional.empty());
    }

    /** When it is canceled, should it not have ended by then. */
    default Optional<Instant> deadline(Instant submitted) {
        return Optional.empty();
    }

    /** In one sentence what it waits for. */
    String explain(Map<String, Child> children);

    /**
     * A decision.
     *
     * @param start children that should exist from now on; those that do already are left as they are
     * @param stop children that should come to their end, one that has not begun too
     * @param end how the parent ends as soon as no child is open; nothing is started then
     */
    record Next(List<String> start, List<String> stop, Optional<End> end) {

        public static Next start(List<String> children) {
            return new Next(children, List.of(), Optional.empty());
        }

        public static Next end(JobPhase how, @Nullable String error, List<String> stop) {
            return new Next(List.of(), stop, Optional.of(new End(how, error)));
        }
    }

    /**
     * How a parent ends.
     *
     * @param how completed, failed or canceled
     */
    record End(JobPhase how, @Nullable String error) {}

    /**
     * Steps of which each begins when those before it have completed.
     *
     * @param goOn whether a step's failure leaves those alone that do not depend on it
     */
    record Steps(List<Step> steps, boolean goOn) implements Plan {

        /**
         * One step.
         *
         * @param after names of the steps whose outputs it takes
         */
        public record Step(String name, List<String> after) {

            public Step {
                after = List.copyOf(after);
            }
        }

        public Steps {
            steps = List.copyOf(steps);
        }

        @Override
        public Next next(Parent parent, Map<String, Child> children, Instant now) {
            List<String> failed = named(children, Child.Phase.FAILED);
            List<String> canceled = named(children, Child.Phase.CANCELED);
            List<String> open = new ArrayList<>(named(children, Child.Phase.WANTED));
            open.addAll(named(children, Child.Phase.LIVE));
            boolean broken = !failed.isEmpty() || !canceled.isEmpty();
            if (broken && !goOn) {
                return end(failed, open);
            }
            List<String> ready = steps.stream()
                    .filter(step -> !children.containsKey(step.name()))
                    .filter(step -> step.after().stream().allMatch(before -> completed(children, before)))
                    .map(Step::name)
                    .toList();
            if (!ready.isEmpty() || !open.isEmpty()) {
                return Next.start(ready);
            }
            return broken ? end(failed, List.of()) : Next.end(JobPhase.COMPLETED, null, List.of());
        }

        /** The service's own words; a step that was canceled by itself cancels its pipeline. */
        private static Next end(List<String> failed, List<String> open) {
            return failed.isEmpty()
                    ? Next.end(JobPhase.CANCELED, null, open)
                    : Next.end(
                            JobPhase.FAILED,
                            "Pipeline has failed child jobs. Failed nodes: %s. For more details and logs, please go to the job detail page and check the child jobs."
                                    .formatted(failed.stream()
                                            .map(name -> "/" + name)
                                            .collect(Collectors.joining(", "))),
                            open);
        }

        private static boolean completed(Map<String, Child> children, String name) {
            Child child = children.get(name);
            return child != null && child.phase() == Child.Phase.COMPLETED;
        }

        private static List<String> named(Map<String, Child> children, Child.Phase phase) {
            return children.values().stream()
                    .filter(child -> child.phase() == phase)
                    .map(Child::name)
                    .toList();
        }

        /** The service gives steps ids of this form. */
        @Override
        public String run(JobId parent, String child) {
            return UUID.nameUUIDFromBytes((parent + "/" + child).getBytes(StandardCharsets.UTF_8))
                    .toString();
        }

        @Override
        public String explain(Map<String, Child> children) {
            Map<String, Step> open = new LinkedHashMap<>();
            for (Step step : steps) {
                Child child = children.get(step.name());
                if (child == null || child.phase().open()) {
                    open.put(step.name(), step);
                }
            }
            String done = "%d of %d steps have ended".formatted(steps.size() - open.size(), steps.size());
            return open.values().stream()
                    .findFirst()
                    .map(step -> "%s; step '%s' %s.".formatted(done, step.name(), standing(step, children)))
                    .orElse(done + ".");
        }

        private static String standing(Step step, Map<String, Child> children) {
            Child child = children.get(step.name());
            if (child != null) {
                return child.phase() == Child.Phase.WANTED
                        ? "is being submitted"
                        : "is run " + child.run().run();
            }
            return step.after().stream()
                    .filter(before -> !completed(children, before))
                    .findFirst()
                    .map("waits for step '%s'"::formatted)
                    .orElse("is next");
        }
    }
}
