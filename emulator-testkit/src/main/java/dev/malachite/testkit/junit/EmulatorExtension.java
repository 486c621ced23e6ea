package dev.malachite.testkit.junit;

import dev.malachite.testkit.client.EmulatorClock;
import dev.malachite.testkit.client.Events;
import dev.malachite.testkit.client.Faults;
import dev.malachite.testkit.client.MalachiteClient;
import dev.malachite.testkit.client.Nodes;
import dev.malachite.testkit.client.Quotas;
import dev.malachite.testkit.emulator.Emulator;
import dev.malachite.testkit.emulator.JobRuntime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link EmulatorTest} does. Everything it makes lies in a store of JUnit's, which closes it in time. */
final class EmulatorExtension implements BeforeAllCallback, ParameterResolver {

    /** The name of the resource that such classes share: the clock. */
    static final String LOCK = "dev.malachite.emulator";

    private static final Namespace OURS = Namespace.create(EmulatorExtension.class);

    private static final Map<Class<?>, Function<MalachiteClient, Object>> PARTS = Map.of(
            MalachiteClient.class, client -> client,
            EmulatorClock.class, MalachiteClient::clock,
            Nodes.class, MalachiteClient::nodes,
            Faults.class, MalachiteClient::faults,
            Quotas.class, MalachiteClient::quotas,
            Events.class, MalachiteClient::events);

    /** Fails a class at its beginning when there is no emulator, rather than each of its tests. */
    @Override
    public void beforeAll(ExtensionContext context) {
        emulator(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Emulator.class || PARTS.containsKey(type);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        Function<MalachiteClient, Object> part = PARTS.get(type);
        return part == null ? emulator(context) : part.apply(client(context));
    }

    /** One client for each test, and one for what the class prepares: each is undone with its own. */
    private static MalachiteClient client(ExtensionContext context) {
        Emulator emulator = emulator(context);
        return once(context, "client " + context.getUniqueId(), () -> {
                    MalachiteClient client = emulator.client();
                    client.events();
                    return new Kept<>(client, () -> {
                        try (client) {
                            client.undo();
                        }
                    });
                })
                .value();
    }

    /** Nested classes use what the class around them has. */
    private static Emulator emulator(ExtensionContext context) {
        ExtensionContext outermost = context;
        while (outermost.getParent().flatMap(ExtensionContext::getTestClass).isPresent()) {
            outermost = outermost.getParent().get();
        }
        return EmulatorExtension.<Emulator>once(outermost, "emulator", () -> {
                    Optional<JobRuntime> wanted = runtime(context);
                    Emulator own = OwnSubscription.in(shared(context, wanted));
                    return new Kept<>(own, () -> OwnSubscription.empty(own));
                })
                .value();
    }

    /** One emulator for the JVM, or one for each runtime where we start it. */
    private static Emulator shared(ExtensionContext context, Optional<JobRuntime> wanted) {
        EmulatorSource source = EmulatorSource.of(context);
        JobRuntime runtime = wanted.orElse(JobRuntime.SIMULATED);
        String key = source.takesRuntime() ? "shared " + runtime : "shared";
        Emulator emulator = EmulatorExtension.<Emulator>once(context.getRoot(), key, () -> source.start(runtime))
                .value();
        if (!source.takesRuntime()) {
            wanted.ifPresent(needed -> requireRuntime(emulator, needed));
        }
        return emulator;
    }

    private static void requireRuntime(Emulator emulator, JobRuntime needed) {
        try (MalachiteClient client = emulator.client()) {
            String actual = client.overview().runtime();
            if (!actual.equals(needed.option())) {
                throw new ExtensionConfigurationException(
                        "The emulator at %s runs jobs on '%s' and this class needs '%s': start it with './malachite up --runtime %s'."
                                .formatted(emulator.control(), actual, needed.option(), needed.option()));
            }
        }
    }

    private static Optional<JobRuntime> runtime(ExtensionContext context) {
        JobRuntime[] named = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), EmulatorTest.class)
                .map(EmulatorTest::runtime)
                .orElse(new JobRuntime[0]);
        if (named.length > 1) {
            throw new ExtensionConfigurationException("@EmulatorTest: name one runtime, or none.");
        }
        return named.length == 0 ? Optional.empty() : Optional.of(named[0]);
    }

    /** Makes it once in this context; JUnit closes it with the context. */
    @SuppressWarnings({"unchecked", "deprecation"}) // JUnit 5 has only the older of the two methods
    private static <T> Kept<T> once(ExtensionContext context, String key, Supplier<Kept<T>> make) {
        return (Kept<T>) Objects.requireNonNull(
                context.getStore(OURS).getOrComputeIfAbsent(key, missing -> make.get(), Kept.class));
    }

    /** A value, and what is to be done when it is no longer needed. */
    @SuppressWarnings("deprecation") // JUnit before 5.13 closes only the one, later ones want the other
    record Kept<T>(T value, Runnable end) implements Store.CloseableResource, AutoCloseable {

        @Override
        public void close() {
            end.run();
        }
    }
}
