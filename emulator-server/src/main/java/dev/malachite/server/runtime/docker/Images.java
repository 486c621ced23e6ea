package dev.malachite.server.runtime.docker;

import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.ImageMap;
import dev.malachite.server.runtime.PreparedImage;
import dev.malachite.server.runtime.RegistryLogin;
import dev.malachite.server.runtime.RegistryLogins;
import dev.malachite.server.runtime.Requirements;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Has images ready: what the engine has, what stands for it, what a registry gives, or what must be built. */
final class Images {

    /** A name that no DNS knows takes the engine twenty seconds; a registry that answers says something sooner. */
    private static final long FIRST_WORD_SECONDS = 25;

    private static final long PULL_MINUTES = 30;

    private final Engine engine;
    private final Labels labels;
    private final ImageMap map;
    private final BaseImage base;
    private final EnvironmentBuild builds;
    private final DockerfileBuild dockerfiles;
    private final RegistryLogins logins;
    private final InstanceImage instances;
    private final Set<String> shells = ConcurrentHashMap.newKeySet();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    Images(
            Engine engine,
            Labels labels,
            ImageMap map,
            BaseImage base,
            EnvironmentBuild builds,
            InstanceImage instances,
            DockerfileBuild dockerfiles,
            RegistryLogins logins) {
        this.logins = logins;
        this.dockerfiles = dockerfiles;
        this.engine = engine;
        this.labels = labels;
        this.map = map;
        this.base = base;
        this.builds = builds;
        this.instances = instances;
    }

    PreparedImage prepare(ImageDefinition definition, Consumer<String> log) throws ImageFailure {
        try {
            List<String> requirements = definition.userManaged() ? List.of() : Requirements.lines(definition, log);
            if (requirements.isEmpty()) {
                String python =
                        definition.userManaged() && !definition.interpreter().isBlank()
                                ? definition.interpreter()
                                : "python";
                return new PreparedImage(withShell(definition.baseImage(), base(definition, log)), python);
            }
            String name = EnvironmentBuild.REPOSITORY + ":" + definition.key();
            // The same definition is built once, however many jobs wait for it.
            synchronized (lock(name)) {
                Optional<String> built = find(name);
                String image = built.isPresent()
                        ? built.get()
                        : builds.build(definition, requirements, base(definition, log), log);
                return new PreparedImage(image, EnvironmentBuild.PYTHON);
            }
        } catch (IOException e) {
            throw new ImageFailure("The image cannot be prepared: " + e.getMessage(), e);
        }
    }

    /** The id of the image that nothing is installed into yet: one that is there by its name, or built. */
    private String base(ImageDefinition definition, Consumer<String> log) throws ImageFailure, IOException {
        Optional<RegistryLogin> login = definition.login().flatMap(logins::open);
        if (definition.recipe().isEmpty()) {
            return image(definition.baseImage(), login, log);
        }
        String name =
                EnvironmentBuild.REPOSITORY + ":" + definition.recipe().get().key();
        synchronized (lock(name)) {
            Optional<String> there = find(name);
            if (there.isEmpty()) {
                dockerfiles.build(definition.recipe().get(), name, image -> image(image, login, log), log);
                there = find(name);
            }
            return there.orElseThrow(() -> new ImageFailure("The Dockerfile left no image."));
        }
    }

    /** The id of the image that machines of compute instances are made of. */
    String ofInstances(Consumer<String> log) throws ImageFailure, IOException {
        synchronized (lock(InstanceImage.NAME)) {
            Optional<String> there = find(InstanceImage.NAME);
            return there.isPresent() ? there.get() : instances.make(image("", Optional.empty(), log), log);
        }
    }

    /** The id of the image that the name, or nothing, stands for. */
    private String image(String asked, Optional<RegistryLogin> login, Consumer<String> log)
            throws ImageFailure, IOException {
        String name = asked.isBlank() ? BaseImage.NAME : asked.strip();
        if (!ImageDefinition.isImage(name)) {
            throw new ImageFailure("'%s' is not the name of an image.".formatted(name));
        }
        synchronized (lock(name)) {
            Optional<String> there = find(name);
            if (there.isPresent()) {
                return there.get();
            }
            Optional<String> mapped = map.find(name);
            if (mapped.isPresent() && !mapped.get().equals(name)) {
                log.accept("The image '" + name + "' is not on this engine; " + mapped.get() + " stands for it.");
                return image(mapped.get(), login, log);
            }
            if (name.equals(BaseImage.NAME)) {
                base.make(log);
            } else {
                pull(name, login, log);
            }
            return find(name).orElseThrow(() -> new ImageFailure("The image '" + name + "' is not on the engine."));
        }
    }

    /** A node needs a shell to wait in; an image without one is refused before a node is made of it. */
    private String withShell(String name, String image) throws ImageFailure, IOException {
        if (shells.contains(image)) {
            return image;
        }
        String container = engine.call(
                "look into the image " + name,
                docker -> docker.createContainerCmd(image)
                        .withEntrypoint("sh")
                        .withLabels(labels.role(Labels.BUILD))
                        .exec()
                        .getId());
        try {
            engine.call(
                            "look for a shell",
                            docker -> docker.copyArchiveFromContainerCmd(container, "/bin/sh")
                                    .exec())
                    .close();
        } catch (Engine.Missing e) {
            throw new ImageFailure("The image '" + name + "' has no shell (/bin/sh), which a node needs.");
        } finally {
            engine.remove(
                    "remove a container",
                    docker ->
                            docker.removeContainerCmd(container).withForce(true).exec());
        }
        shells.add(image);
        return image;
    }

    private Optional<String> find(String name) throws IOException {
        try {
            return Optional.of(engine.call(
                    "look for the image " + name,
                    docker -> docker.inspectImageCmd(name).exec().getId()));
        } catch (Engine.Missing e) {
            return Optional.empty();
        } catch (Engine.Gone e) {
            throw e;
        } catch (IOException e) {
            // A name that is no name: the engine says so when it is asked to pull it.
            return Optional.empty();
        }
    }

    private void pull(String name, Optional<RegistryLogin> login, Consumer<String> log) throws ImageFailure {
        log.accept("The image '" + name + "' is not on this engine; asking its registry.");
        String whole = name.contains("@") || name.lastIndexOf(':') > name.lastIndexOf('/') ? name : name + ":latest";
        Progress progress = new Progress(log);
        try (progress) {
            PullImageCmd pull = engine.streams().pullImageCmd(whole);
            login.filter(known -> name.startsWith(known.registry() + "/"))
                    .ifPresent(known -> pull.withAuthConfig(new AuthConfig()
                            .withRegistryAddress(known.registry())
                            .withUsername(known.username())
                            .withPassword(known.password())));
            pull.exec(progress);
            if (!progress.spoken.await(FIRST_WORD_SECONDS, TimeUnit.SECONDS)) {
                throw unreachable(name, "its registry does not answer");
            }
            if (!progress.await(PULL_MINUTES, TimeUnit.MINUTES)) {
                throw unreachable(name, "the download did not end within " + PULL_MINUTES + " minutes");
            }
            if (!progress.error.isEmpty()) {
                throw unreachable(name, progress.error);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageFailure("Interrupted while pulling '" + name + "'", e);
        } catch (RuntimeException e) {
            throw unreachable(name, Engine.message(e));
        }
    }

    private static ImageFailure unreachable(String name, String why) {
        return new ImageFailure("The image '" + name + "' is not on this machine's Docker engine and cannot be pulled: "
                + why + ". Load it (docker load, docker pull), or name one that stands for it in image-map.properties"
                + " of the data folder.");
    }

    private Object lock(String name) {
        return locks.computeIfAbsent(name, key -> new Object());
    }

    /** Hands on what a pull says, and knows whether it has said anything. */
    private static final class Progress extends EngineStream<PullResponseItem> {

        private final CountDownLatch spoken = new CountDownLatch(1);
        private final Consumer<String> log;
        private volatile String error = "";

        Progress(Consumer<String> log) {
            this.log = log;
        }

        @Override
        public void onNext(PullResponseItem item) {
            spoken.countDown();
            if (item.getErrorDetail() != null && item.getErrorDetail().getMessage() != null) {
                error = item.getErrorDetail().getMessage();
            } else if (item.getProgressDetail() == null && item.getStatus() != null) {
                log.accept(item.getStatus());
            }
        }

        @Override
        public void close() {
            spoken.countDown();
            super.close();
        }
    }
}
