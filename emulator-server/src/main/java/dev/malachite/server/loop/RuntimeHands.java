package dev.malachite.server.loop;

import dev.malachite.engine.Action;
import dev.malachite.engine.Command;
import dev.malachite.engine.Done;
import dev.malachite.engine.Image;
import dev.malachite.engine.ImageKey;
import dev.malachite.engine.Job;
import dev.malachite.engine.JobId;
import dev.malachite.engine.JobPhase;
import dev.malachite.engine.Node;
import dev.malachite.engine.NodeId;
import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.State;
import dev.malachite.engine.VmSize;
import dev.malachite.server.disk.DiskSpace;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.JobData;
import dev.malachite.server.runtime.JobStart;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.NodeSpec;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.RuntimeAway;
import dev.malachite.server.runtime.RuntimeObserver;
import dev.malachite.server.runtime.Runtimes;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Carries out actions through the runtimes, and turns what comes of them into observations for the loop. */
@Component
class RuntimeHands implements ActionDispatcher.Hands, RuntimeObserver {

    /** Between SIGTERM and SIGKILL. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** A loop that stands still, because it is being shut down, keeps no job from starting. */
    private static final Duration SAID_WITHIN = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(RuntimeHands.class);

    private final ControlLoop loop;
    private final Runtimes runtimes;
    private final JobPayloads payloads;
    private final Gateways gateways;
    private final RuntimeFaults faults;
    private final DiskSpace disk;
    private final ParentHands parents;
    private final MachineHands machines;
    private final Map<NodeId, String> details = new ConcurrentHashMap<>();

    RuntimeHands(
            ControlLoop loop,
            Runtimes runtimes,
            JobPayloads payloads,
            Gateways gateways,
            RuntimeFaults faults,
            DiskSpace disk,
            ParentHands parents,
            MachineHands machines) {
        this.machines = machines;
        this.parents = parents;
        this.faults = faults;
        this.disk = disk;
        this.gateways = gateways;
        this.loop = loop;
        this.runtimes = runtimes;
        this.payloads = payloads;
    }

    @Override
    public boolean carryOut(Action action, Runnable done) {
        CrashPoint.BEFORE_CALL.reached();
        return switch (action) {
            case Action.PrepareImage prepare -> prepare(prepare, done);
            case Action.OpenNode open -> open(open);
            case Action.RunJob run -> run(run);
            case Action.StopJob stop -> stop(stop);
            case Action.Collect collect -> collect(collect);
            case Action.CloseNode close -> close(close, done);
            case Action.CloseTarget close -> close(close);
            case Action.OnMachine onMachine -> machines.carryOut(onMachine, done);
            case Action.SubmitChild submit -> parents.submit(submit);
            case Action.FinishParent finish -> parents.finish(finish);
        };
    }

    private boolean prepare(Action.PrepareImage prepare, Runnable done) {
        try {
            Optional<ImageDefinition> definition = payloads.image(prepare.image());
            if (definition.isEmpty()) {
                done.run();
                observe(new Command.ImageFailed(prepare.image(), "Nothing is known of the image that the job wants."));
                return true;
            }
            Optional<String> failure = faults.image(definition.get().baseImage());
            if (failure.isPresent()) {
                done.run();
                observe(new Command.ImageFailed(prepare.image(), failure.get()));
                return true;
            }
            Consumer<String> log = payloads.buildLog(prepare.image());
            PreparedImage image = runtime(prepare.runtime()).prepareImage(definition.get(), log);
            done.run();
            observe(new Command.ImageReady(prepare.image(), image.encoded()));
        } catch (ImageFailure e) {
            if (e.getCause() != null) {
                LOG.warn("image {} will be tried again: {}", prepare.image(), message(e));
                return false; // the runtime's own trouble, which may pass
            }
            done.run();
            observe(new Command.ImageFailed(prepare.image(), message(e)));
        } catch (IOException e) {
            LOG.warn("image {} will be tried again: {}", prepare.image(), message(e));
            return false;
        }
        return true;
    }

    private boolean open(Action.OpenNode open) {
        return spec(open.node(), open.generation(), open.image())
                .map(spec -> {
                    try {
                        gateways.ensure(runtime(open));
                        runtime(open).openNode(spec);
                        observe(new Command.NodeOpened(open.node(), open.generation()));
                    } catch (RuntimeAway e) {
                        return away(e);
                    } catch (IOException e) {
                        observe(new Command.NodeFailed(open.node(), open.generation(), message(e)));
                    }
                    return true;
                })
                .orElse(false); // its image is being asked for anew
    }

    private boolean run(Action.RunJob run) {
        Optional<Node> node = loop.state().node(run.node());
        Optional<NodeSpec> spec = node.flatMap(found -> spec(run.node(), run.generation(), found.image()));
        if (spec.isEmpty()) {
            return false; // its image is being asked for anew
        }
        if (disk.played() && isNew(run)) {
            observe(new Command.JobRefused(
                    run.node(),
                    run.job(),
                    run.attempt(),
                    "The job could not be started: there is no space left on the disk."));
            return true;
        }
        try {
            NodeRuntime runtime = runtime(run);
            PreparedImage image = image(node.get().image()).orElseThrow();
            JobStart start = payloads.start(run.job(), run.attempt(), spec.get(), runtime, image);
            try {
                sayRunning(run);
                runtime.startJob(spec.get(), start);
            } finally {
                start.data().release();
            }
        } catch (RuntimeAway e) {
            return away(e);
        } catch (JobData.Missing e) {
            observe(new Command.JobRefused(run.node(), run.job(), run.attempt(), message(e)));
        } catch (IOException e) {
            observe(new Command.NodeLost(run.node(), run.generation(), message(e)));
        }
        return true;
    }

    /** Whether nothing of it runs yet; what does is only followed. */
    private boolean isNew(Action.RunJob run) {
        return loop.state()
                .job(run.job())
                .filter(job -> job.phase() == JobPhase.STARTING)
                .isPresent();
    }

    /**
     * A job that asks for its own run finds it Running from its first line on, so that is on disk before it starts.
     * Simulated jobs ask for nothing, and come by the thousand.
     */
    private void sayRunning(Action.RunJob run) {
        CrashPoint.AFTER_CALL.reached();
        CompletableFuture<Done> written = loop.tell(new Command.JobStarted(run.job(), run.attempt()));
        if (run.runtime() != RuntimeKind.SIMULATED) {
            written.completeOnTimeout(Done.DONE, SAID_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
    }

    private boolean stop(Action.StopJob stop) {
        try {
            runtime(stop).stopJob(stop.node(), stop.generation(), payloads.logs(stop.job(), stop.node()), GRACE);
            return true;
        } catch (RuntimeAway e) {
            return away(e);
        } catch (IOException e) {
            observe(new Command.NodeLost(stop.node(), stop.generation(), message(e)));
            return true;
        }
    }

    private boolean collect(Action.Collect collect) {
        String lost;
        try {
            lost = keepOutputs(runtime(collect), collect.node(), collect.generation(), collect.job());
        } catch (RuntimeAway e) {
            return away(e);
        }
        String detail = Optional.ofNullable(details.remove(collect.node())).orElse("");
        String error = collect.exitCode() == 0
                ? ""
                : payloads.failure(collect.job(), collect.node(), collect.exitCode(), detail.isEmpty() ? lost : detail);
        // Simulated jobs end by the thousand, leave nothing, and nobody streams them.
        if (collect.runtime() != RuntimeKind.SIMULATED) {
            payloads.ended(collect.job(), collect.attempt(), collect.exitCode());
        }
        observe(new Command.JobCollected(collect.node(), collect.job(), collect.attempt(), error));
        return true;
    }

    /** What is lost is said in the job's error or the server's log; it does not change how the job ended. */
    private String keepOutputs(NodeRuntime runtime, NodeId node, int generation, JobId job) throws RuntimeAway {
        try {
            runtime.collect(node, generation, payloads.outputs(job));
            if (runtime.kind() != RuntimeKind.SIMULATED) {
                for (JobPayloads.Kept kept : payloads.named(job)) {
                    runtime.collectData(node, generation, kept.folder(), kept.sink());
                }
            }
            return "";
        } catch (RuntimeAway e) {
            throw e;
        } catch (IOException e) {
            LOG.warn("outputs of {} could not be kept in full: {}", job, message(e));
            return "Its outputs could not be kept in full: " + message(e);
        }
    }

    /** The runtime's own trouble, which may pass: the action is tried again for as long as it is wanted. */
    private static boolean away(RuntimeAway e) {
        LOG.warn("the runtime is away: {}", message(e));
        return false;
    }

    private boolean close(Action.CloseNode close, Runnable done) {
        try {
            runtime(close).closeNode(close.node());
            details.remove(close.node());
            done.run();
            observe(new Command.NodeClosed(close.node()));
            return true;
        } catch (IOException e) {
            LOG.warn("node {} will be removed later: {}", close.node(), message(e));
            return false;
        }
    }

    private boolean close(Action.CloseTarget close) {
        try {
            runtime(close.runtime()).closeTarget(close.target());
            observe(new Command.TargetClosed(close.target()));
            return true;
        } catch (IOException e) {
            LOG.warn("what is left of {} will be removed later: {}", close.target(), message(e));
            return false;
        }
    }

    @Override
    public void jobExited(NodeId node, int generation, int exitCode, String detail) {
        if (!detail.isEmpty()) {
            details.put(node, detail);
        }
        observe(new Command.JobExited(node, generation, exitCode));
        if (exitCode == 0) {
            played(node, generation)
                    .ifPresent(job -> observe(new Command.JobCollected(node, job.id(), job.attempt(), "")));
        }
    }

    /**
     * The job that ended there, if it was only played: it has left nothing, so that is told at once and its end is written
     * with its exit. Where parts of it run on elsewhere the engine asks again when they have ended.
     */
    private Optional<Job> played(NodeId node, int generation) {
        State state = loop.state();
        return state.node(node)
                .filter(found -> found.runtime() == RuntimeKind.SIMULATED && found.generation() == generation)
                .flatMap(Node::job)
                .flatMap(state::job);
    }

    @Override
    public void nodeLost(NodeId node, int generation, String reason) {
        observe(new Command.NodeLost(node, generation, reason));
    }

    private void observe(Command.Observation seen) {
        CrashPoint.AFTER_CALL.reached();
        loop.observe(seen);
    }

    private NodeRuntime runtime(Action.OnNode action) throws RuntimeAway {
        return runtime(action.runtime());
    }

    private NodeRuntime runtime(RuntimeKind kind) throws RuntimeAway {
        faults.requireThere(kind);
        return runtimes.of(kind);
    }

    private Optional<PreparedImage> image(ImageKey key) {
        return loop.state().image(key).flatMap(Image::reference).map(PreparedImage::decode);
    }

    private Optional<NodeSpec> spec(NodeId id, int generation, ImageKey imageKey) {
        return loop.state()
                .node(id)
                .filter(node -> node.generation() == generation)
                .flatMap(node -> loop.state()
                        .target(node.target())
                        .flatMap(target -> image(imageKey).map(image -> {
                            VmSize size = target.size();
                            return new NodeSpec(
                                    id,
                                    node.target(),
                                    node.slot(),
                                    node.generation(),
                                    image.reference(),
                                    size.vCpus(),
                                    size.memoryMib(),
                                    size.gpus());
                        })));
    }

    private static String message(Exception e) {
        return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    }
}
