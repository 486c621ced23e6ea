package dev.malachite.engine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/** What follows from the failures that somebody asked for. */
final class FaultRules {

    /** More would be a mistake: each is looked at whenever a target is. */
    private static final int MOST = 1000;

    private FaultRules() {}

    static Fault add(Draft draft, Command.AddFault add) {
        if (draft.state().faults().size() >= MOST) {
            throw new Refusal(
                    Refusal.Kind.CONFLICT, "TooManyFaults", "There are %d faults already; undo some.".formatted(MOST));
        }
        requireEvictable(draft, add);
        Optional<Instant> begins = add.begins().map(draft.now()::plus);
        Instant since = begins.orElse(draft.now());
        Fault fault = numbering(
                draft,
                new Fault(
                        add.id(),
                        draft.nextSequence(),
                        since,
                        begins.filter(at -> at.isAfter(draft.now())),
                        add.lasts().map(since::plus),
                        add.target(),
                        add.times(),
                        Optional.empty(),
                        add.effect()));
        draft.put(fault);
        touch(draft, fault);
        return fault;
    }

    /** A rule that could never strike is a mistake, as it is to evict such a node by hand. */
    private static void requireEvictable(Draft draft, Command.AddFault add) {
        if (add.effect() instanceof Fault.Evictions) {
            add.target()
                    .flatMap(draft.state()::target)
                    .filter(target -> !target.evictable())
                    .ifPresent(target -> {
                        throw new Refusal(
                                Refusal.Kind.CONFLICT,
                                "NodeNotEvictable",
                                "'%s' is dedicated; only low-priority nodes are evicted."
                                        .formatted(target.displayName()));
                    });
        }
    }

    static Fault remove(Draft draft, FaultId id) {
        Fault fault = draft.state()
                .fault(id)
                .orElseThrow(() -> new Refusal(
                        Refusal.Kind.NOT_FOUND, "FaultNotFound", "Fault '%s' was not found.".formatted(id)));
        undo(draft, fault);
        return fault;
    }

    static Done clear(Draft draft) {
        List.copyOf(draft.state().faults()).forEach(fault -> undo(draft, fault));
        return Done.DONE;
    }

    /** Its time may have come to begin, or to end as if somebody had undone it. */
    static void due(Draft draft, FaultId id) {
        draft.state().fault(id).ifPresent(fault -> {
            if (hasCome(draft, fault.ends())) {
                undo(draft, fault);
            } else if (hasCome(draft, fault.begins())) {
                draft.put(fault.begun());
                touch(draft, fault.begun());
            }
        });
    }

    private static boolean hasCome(Draft draft, Optional<Instant> time) {
        return time.filter(at -> !at.isAfter(draft.now())).isPresent();
    }

    static boolean strike(Draft draft, FaultId id) {
        Optional<Fault> fault = draft.state().fault(id).filter(Fault::inForce);
        fault.ifPresent(found -> strike(draft, found));
        return fault.isPresent();
    }

    /** With the fault what it did ends: what was held back is tried again at once. */
    private static void undo(Draft draft, Fault fault) {
        draft.remove(fault);
        for (Target target : List.copyOf(draft.state().targets())) {
            if (!fault.strikes(target.id())) {
                continue;
            }
            if (fault.effect() instanceof Fault.AllocationFailure
                    && target.retryAt().isPresent()) {
                draft.put(target.healthy());
            }
            if (fault.effect() instanceof Fault.SlowProvisioning) {
                for (Node node : List.copyOf(draft.state().nodesOf(target.id()))) {
                    if (node.heldUntil().isPresent()) {
                        draft.put(node.held(Optional.empty()));
                    }
                }
            }
            for (Node node : List.copyOf(draft.state().nodesOf(target.id()))) {
                if (node.fault().equals(Optional.of(fault.id()))) {
                    NodeRules.undo(draft, node);
                }
            }
            draft.touch(target.id());
        }
    }

    /** What the fault did to the node has come to its end: with the last of that goes a fault that strikes no more. */
    static void passed(Draft draft, Node node) {
        node.fault()
                .flatMap(draft.state()::fault)
                .filter(Fault::spent)
                .filter(fault -> draft.state().nodes().stream().noneMatch(other -> undoes(fault, other)))
                .ifPresent(draft::remove);
    }

    /** Whether something of the fault's would be taken back with it. */
    private static boolean undoes(Fault fault, Node node) {
        return node.fault().equals(Optional.of(fault.id())) && NodeRules.canUndo(node);
    }

    /** With a target go the faults that were for it alone. */
    static void forget(Draft draft, TargetId target) {
        for (Fault fault : List.copyOf(draft.state().faults())) {
            if (fault.target().equals(Optional.of(target))) {
                draft.remove(fault);
            }
        }
    }

    private static void touch(Draft draft, Fault fault) {
        for (Target target : draft.state().targets()) {
            if (fault.strikes(target.id())) {
                draft.touch(target.id());
            }
        }
    }

    /** Counts a strike; the last one removes the fault, but for one whose work can still be undone. */
    private static void strike(Draft draft, Fault fault) {
        fault.timesLeft().ifPresent(left -> {
            boolean stays = fault.effect() instanceof Fault.NodeUnusable || fault.effect() instanceof Fault.Evictions;
            if (left <= 1 && !stays) {
                draft.remove(fault);
            } else {
                draft.put(fault.left(left - 1));
            }
        });
    }

    /** The failure that keeps the target from getting a node now, counted as a strike. */
    static Optional<Fault.AllocationFailure> allocationFailure(Draft draft, TargetId target) {
        for (Fault fault : List.copyOf(draft.state().faults())) {
            if (fault.effect() instanceof Fault.AllocationFailure failure && fault.strikes(target)) {
                strike(draft, fault);
                return Optional.of(failure);
            }
        }
        return Optional.empty();
    }

    /** The fault that makes a node of the target unusable now that it is ready, counted as a strike. */
    static Optional<Fault> unusable(Draft draft, TargetId target) {
        for (Fault fault : List.copyOf(draft.state().faults())) {
            if (fault.effect() instanceof Fault.NodeUnusable && fault.strikes(target) && !fault.spent()) {
                strike(draft, fault);
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }

    /** Until when a new node of the target is held back, counted as a strike. */
    static Optional<Instant> heldUntil(Draft draft, TargetId target) {
        for (Fault fault : List.copyOf(draft.state().faults())) {
            if (fault.effect() instanceof Fault.SlowProvisioning slow && fault.strikes(target)) {
                strike(draft, fault);
                return Optional.of(draft.now().plus(slow.duration()));
            }
        }
        return Optional.empty();
    }

    /** An eviction that a rule wants, and when its notice is given. */
    record Due(Fault fault, Fault.Evictions effect, Instant notice) {}

    /** The earliest eviction that a rule wants for the attempt's node, whether its time has come or not. */
    static Optional<Due> eviction(Draft draft, Job job, NodeId node) {
        Instant start = job.attemptStarted().orElse(null);
        if (start == null) {
            return Optional.empty();
        }
        Due earliest = null;
        for (Fault fault : draft.state().faults()) {
            if (fault.effect() instanceof Fault.Evictions effect && fault.strikes(job.target()) && !fault.spent()) {
                Optional<Duration> after = after(effect, job, job.nodes().indexOf(node));
                if (after.isPresent()) {
                    Instant from = start.isBefore(fault.since()) ? fault.since() : start;
                    Due due = new Due(fault, effect, from.plus(after.get()));
                    if (earliest == null || due.notice().isBefore(earliest.notice())) {
                        earliest = due;
                    }
                }
            }
        }
        return Optional.ofNullable(earliest);
    }

    static void evict(Draft draft, Node node, Due due) {
        strike(draft, due.fault());
        // A look that comes late must not cost the job its notice.
        NodeRules.evictBy(
                draft,
                node,
                new Eviction(
                        draft.now(),
                        draft.now().plus(due.effect().notice()),
                        due.effect().retry()),
                Optional.of(due.fault().id()));
    }

    private static Optional<Duration> after(Fault.Evictions effect, Job job, int rank) {
        double draw = draw(effect.seed(), job, rank);
        return switch (effect.rule()) {
            case Fault.MeanTime rule ->
                Optional.of(Duration.ofMillis(
                        (long) (-Math.log1p(-draw) * rule.mean().toMillis())));
            case Fault.Fraction rule -> draw < rule.share() ? Optional.of(rule.after()) : Optional.empty();
        };
    }

    /** The number of a job that is submitted to the target now, counted by the rules that are for it. */
    static Optional<Integer> number(Draft draft, Target target) {
        List<Fault> rules = target.evictable() ? rules(draft, target.id()) : List.of();
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        int next = 1 + rules.stream().mapToInt(FaultRules::met).max().orElse(0);
        rules.forEach(rule -> draft.put(rule.met(next)));
        return Optional.of(next);
    }

    /** A new rule begins with the jobs that are there: they are numbered anew, but for those that another rule has numbered. */
    private static Fault numbering(Draft draft, Fault fault) {
        if (!(fault.effect() instanceof Fault.Evictions)) {
            return fault;
        }
        int met = 0;
        List<Job> jobs = draft.state().jobs().stream()
                .filter(job -> fault.isFor(job.target()) && isEvictable(draft, job))
                .sorted(Comparator.comparingLong(Job::sequence))
                .toList();
        for (Job job : jobs) {
            if (rules(draft, job.target()).isEmpty()) {
                draft.put(job.numbered(++met));
            } else {
                met = Math.max(met, job.number().orElse(0));
            }
        }
        return met == 0 ? fault : fault.met(met);
    }

    private static boolean isEvictable(Draft draft, Job job) {
        return draft.state().target(job.target()).filter(Target::evictable).isPresent();
    }

    /** The rules of eviction that are for the target, those that are to begin among them. */
    private static List<Fault> rules(Draft draft, TargetId target) {
        return draft.state().faults().stream()
                .filter(fault -> fault.effect() instanceof Fault.Evictions && fault.isFor(target))
                .toList();
    }

    private static int met(Fault rule) {
        return rule.met().orElse(0);
    }

    /**
     * From 0 to 1, the same for the same seed, job, attempt and place among its nodes. A job is known by its number: a program
     * that is repeated submits its jobs in the same order, but under other names.
     */
    private static double draw(long seed, Job job, int rank) {
        String which =
                job.number().map(String::valueOf).orElseGet(() -> job.id().run());
        CRC32C hash = new CRC32C();
        hash.update((which + "/" + job.attempt() + "/" + rank).getBytes(StandardCharsets.UTF_8));
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + hash.getValue()).nextDouble();
    }
}
