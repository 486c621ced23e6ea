package dev.malachite.server.runtime.docker;

import dev.malachite.engine.MachineAccess;
import dev.malachite.engine.TargetId;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.InstanceRuntime;
import dev.malachite.server.runtime.InstanceSpec;
import dev.malachite.server.runtime.NotebookServer;
import dev.malachite.server.runtime.Turns;
import dev.malachite.server.runtime.docker.MachineContainers.Machine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Machines of compute instances as containers, each with a disk that stopping and starting keeps. */
final class DockerInstances implements InstanceRuntime, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DockerInstances.class);
    private static final Duration SERVERS = Duration.ofMinutes(2);

    /** How often other ports are tried when somebody was quicker. */
    private static final int TRIES = 4;

    private final MachineContainers machines;
    private final Images images;
    private final MachineScript scripts;
    private final NotebookServer notebooks = new NotebookServer();
    private final Map<TargetId, Notebooks> known = new ConcurrentHashMap<>();
    private final Turns turns = new Turns();

    DockerInstances(MachineContainers machines, MachineScript scripts, Images images) {
        this.machines = machines;
        this.scripts = scripts;
        this.images = images;
    }

    @Override
    public MachineAccess start(InstanceSpec instance) throws IOException {
        ReentrantLock turn = turns.of(instance.id());
        turn.lock();
        try {
            Machine machine = machines.find(instance.id()).orElse(null);
            if (machine != null && machine.running()) {
                machines.resize(machine, instance);
            } else {
                machine = machine == null ? makeAndBegin(instance) : begin(machine, instance);
            }
            String id = machine.id();
            if (instance.login().isPresent()) {
                InetSocketAddress door = machines.ssh(machine)
                        .orElseThrow(() -> new IOException("The machine of " + instance.id() + " has no port for SSH"));
                Greeting.await(door, SERVERS, () -> running(id));
            } else {
                notebooks.await(where(instance.id(), machine), SERVERS, () -> running(id));
            }
            return new MachineAccess(machine.ssh(), Optional.of(machine.address()));
        } finally {
            turn.unlock();
        }
    }

    @Override
    public int runScript(TargetId instance, int order, SetupScript script, Path log) throws IOException {
        Machine machine = machines.find(instance)
                .filter(Machine::running)
                .orElseThrow(() -> new IOException("The machine of " + instance + " does not run"));
        return scripts.run(machine.id(), order, script, log);
    }

    @Override
    public void stop(TargetId instance, Duration grace) throws IOException {
        ReentrantLock turn = turns.of(instance);
        turn.lock();
        try {
            known.remove(instance);
            Optional<Machine> machine = machines.find(instance);
            if (machine.isPresent()) {
                machines.stop(machine.get(), grace);
            }
            // Who asked while it stopped was still told where it is.
            known.remove(instance);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void remove(TargetId instance) throws IOException {
        ReentrantLock turn = turns.of(instance);
        turn.lock();
        try {
            known.remove(instance);
            Optional<Machine> machine = machines.find(instance);
            if (machine.isPresent()) {
                machines.remove(machine.get());
            }
        } finally {
            turn.unlock();
        }
    }

    @Override
    public Optional<Notebooks> notebooks(TargetId instance) throws IOException {
        Notebooks server = known.get(instance);
        if (server != null) {
            return Optional.of(server);
        }
        Optional<Machine> machine = machines.find(instance).filter(Machine::running);
        return machine.isPresent() ? Optional.of(where(instance, machine.get())) : Optional.empty();
    }

    @Override
    public Optional<InetSocketAddress> ssh(TargetId instance) throws IOException {
        Optional<Machine> machine = machines.find(instance).filter(Machine::running);
        return machine.isPresent() ? machines.ssh(machine.get()) : Optional.empty();
    }

    @Override
    public Optional<Instant> lastActivity(TargetId instance) throws IOException {
        Optional<Machine> machine = machines.find(instance).filter(Machine::running);
        if (machine.isEmpty()) {
            return Optional.empty();
        }
        return machines.somebodyLoggedIn(machine.get())
                ? Optional.of(InstantSource.system().instant())
                : notebooks.lastActivity(where(instance, machine.get()));
    }

    @Override
    public List<Found> listInstances() throws IOException {
        return machines.all();
    }

    @Override
    public void close() {
        notebooks.close();
    }

    private Machine makeAndBegin(InstanceSpec instance) throws IOException {
        String image;
        try {
            image = images.ofInstances(line -> LOG.info("{}", line));
        } catch (ImageFailure e) {
            throw new IOException(e.getMessage(), e);
        }
        for (int left = TRIES; ; left--) {
            machines.create(instance, image);
            Machine made = machines.find(instance.id())
                    .orElseThrow(() -> new IOException("The machine of " + instance.id() + " is gone"));
            try {
                return begin(made, instance);
            } catch (IOException e) {
                // One that has never run holds nothing; the next one has other ports.
                machines.remove(made);
                if (left == 1) {
                    throw e;
                }
                LOG.debug("Making the machine of {} again: {}", instance.id(), e.getMessage());
            }
        }
    }

    private Machine begin(Machine machine, InstanceSpec instance) throws IOException {
        String key = NotebookServer.newKey();
        machines.prepare(machine, instance, key);
        machines.start(machine);
        if (instance.login().isEmpty()) {
            known.put(instance.id(), machines.notebooks(machine, key));
        }
        return machine;
    }

    private Notebooks where(TargetId instance, Machine machine) throws IOException {
        Notebooks server = known.get(instance);
        if (server == null) {
            server = machines.notebooks(machine, machines.key(machine));
            known.put(instance, server);
        }
        return server;
    }

    private boolean running(String id) {
        try {
            return machines.running(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
