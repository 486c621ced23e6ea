package dev.malachite.server.start;

import dev.malachite.server.Settings;
import dev.malachite.server.tls.Certificates;
import dev.malachite.server.tls.NativeCryptography;
import dev.malachite.server.web.Version;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the server: what can go wrong by a user's mistake is looked at first and costs one line and exit code 1. */
public final class Server {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

    private Server() {}

    /** Runs the server until the process is told to end; returns only when {@code exitAfterStart} is set. */
    public static void main(Class<?> application, String... args) {
        if (Boolean.getBoolean("spring.aot.processing")) {
            // The build asks for the bean definitions only: no folder may be taken, no port tried.
            Framework.application(application).run(args);
            return;
        }
        Running started;
        try {
            started = open(application, args);
        } catch (UserError e) {
            fail(String.valueOf(e.getMessage()));
            return;
        }
        started.announce();
        if (started.settings().exitAfterStart()) {
            started.rehearse();
            System.exit(SpringApplication.exit(started.context()));
        }
        // Not in a start that only teaches: by a cache that knows of signed jars each start would open them.
        NativeCryptography.prefer(started.context().getBean(Settings.class).scratch());
    }

    /** Makes the certificates of a data folder and nothing else. */
    public static void certify(String... args) {
        try {
            Certificates.of(Options.parse(args).settings());
        } catch (UserError e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    /**
     * A virtual thread that loads a class keeps its carrier. With as few carriers as a small machine has cores, those that
     * wait for the jar's lock can keep its holder from ever running: seen once on two cores. Must come before the first
     * virtual thread.
     */
    private static void makeRoomForVirtualThreads() {
        if (System.getProperty(CARRIERS) == null) {
            System.setProperty(
                    CARRIERS, Integer.toString(Math.max(16, Runtime.getRuntime().availableProcessors())));
        }
    }

    /** A server that serves. */
    public record Running(Settings settings, String https, String http, ConfigurableApplicationContext context)
            implements AutoCloseable {

        private void announce() {
            System.out.printf("Malachite %s is ready: %s/%n", Version.current(), http);
            String data = settings.data().equals(Options.defaultData()) ? "" : " --data " + settings.data();
            System.out.printf("Point a shell at it:  eval \"$(./malachite env%s)\"%n", data);
            System.out.flush();
        }

        /** Answers a few requests, so that the AOT cache holds what the first request of a user needs too. */
        private void rehearse() {
            for (String path : List.of("/_emulator/health", "/", "/subscriptions?api-version=2022-12-01")) {
                try {
                    HttpURLConnection call =
                            (HttpURLConnection) URI.create(http + path).toURL().openConnection(Proxy.NO_PROXY);
                    call.getResponseCode();
                    call.disconnect();
                } catch (IOException e) {
                    LOG.warn("The cache will be without {}: {}", path, e.getMessage());
                }
            }
        }

        @Override
        public void close() {
            context.close();
        }
    }

    /**
     * Starts a server in this process.
     *
     * @throws UserError for a mistake in the arguments, a port or folder in use
     */
    public static Running open(Class<?> application, String... args) {
        makeRoomForVirtualThreads();
        Options options = Options.parse(args);
        Settings settings = options.settings();
        Path home = Options.home(settings);
        InetAddress address = Ports.address(settings.host());
        InstanceFiles files = InstanceFiles.take(home, settings.inMemory());
        Ports.requireFree(settings);
        List<String> arguments = new ArrayList<>(options.arguments());
        set(arguments, "data", files.data().toString());
        set(arguments, "https-port", Integer.toString(Ports.chosen(address, settings.httpsPort())));
        set(arguments, "http-port", Integer.toString(Ports.chosen(address, settings.httpPort())));
        SpringApplication.getShutdownHandlers().add(files::forget);
        SpringApplication server = Framework.application(application);
        EarlyDatabase database = new EarlyDatabase(settings.inMemory(), files.data());
        server.addListeners(database);
        server.addInitializers(database, new BeanLookups());
        ConfigurableApplicationContext context =
                guarded(home, database, () -> server.run(arguments.toArray(String[]::new)));
        Listeners listeners = context.getBean(Listeners.class);
        files.ready(
                settings.host(),
                listeners.httpPort(),
                listeners.httpsPort(),
                Version.current(),
                InstantSource.system().instant());
        String host = Addresses.reachable(settings.host());
        return new Running(
                settings,
                "https://%s:%d".formatted(host, listeners.httpsPort()),
                "http://%s:%d".formatted(host, listeners.httpPort()),
                context);
    }

    private static void set(List<String> arguments, String option, String value) {
        String name = "--malachite." + option + "=";
        arguments.removeIf(argument -> argument.startsWith(name));
        arguments.add(name + value);
    }

    private static ConfigurableApplicationContext guarded(
            Path home, EarlyDatabase database, Supplier<ConfigurableApplicationContext> start) {
        try {
            return start.get();
        } catch (RuntimeException e) {
            database.close();
            Optional<UserError> mistake = mistake(home, e);
            if (mistake.isPresent()) {
                throw mistake.get();
            }
            LOG.error("The emulator could not start: a bug, please report it", e);
            throw new UserError("could not start; the lines above say why");
        }
    }

    /** What the checks before the start could not see: they and the start are not one moment. */
    private static Optional<UserError> mistake(Path home, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case UserError error -> {
                    return Optional.of(error);
                }
                case BindException value -> {
                    return Optional.of(Options.mistake(value));
                }
                case PortInUseException inUse -> {
                    return Optional.of(
                            new UserError("port %d cannot be used; choose another with --https-port or --http-port"
                                    .formatted(inUse.getPort())));
                }
                case FlywayException migration -> {
                    return Optional.of(new UserError(
                            "the database in %s was made by another version or is damaged (%s); move the folder away or choose another with --data"
                                    .formatted(home, firstLine(String.valueOf(migration.getMessage())))));
                }
                default -> {}
            }
        }
        return Optional.empty();
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("no reason given");
    }

    private static void fail(String message) {
        System.err.println("malachite: " + message);
        System.exit(1);
    }
}
