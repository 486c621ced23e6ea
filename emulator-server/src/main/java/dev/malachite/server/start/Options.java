package dev.malachite.server.start;

import dev.malachite.server.AzuriteAddress;
import dev.malachite.server.ClockMode;
import dev.malachite.server.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Reads the command line before anything is started, so that a mistake in it costs one line and no second. Each setting
 * can be given as {@code --https-port N}, {@code --https-port=N}, {@code --malachite.https-port=N} or, with lower rank,
 * as the variable {@code MALACHITE_HTTPSPORT}.
 */
final class Options {

    private static final String PREFIX = "malachite.";

    private static final Set<String> RUNTIMES = Set.of("auto", "docker", "process", "simulated");

    private static final int MOST_EVENTS_MIB = 1024 * 1024;

    private static final Set<String> PREEMPTIONS = Set.of("requeue", "fail");

    private static final Set<String> OTHERS = Set.of("auto", "pass", "refuse");

    private static final Pattern GUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|\\[?[0-9A-Fa-f:.]{2,45}]?");

    /** Kebab-case names of {@link Settings}, with whether each stands alone. */
    private static final Map<String, Boolean> KNOWN = Arrays.stream(Settings.class.getRecordComponents())
            .collect(Collectors.toMap(
                    component -> kebab(component.getName()), component -> component.getType() == boolean.class));

    /** What parts of the emulator and the framework itself may be told; the framework reads it. */
    private static final List<String> PASSED_ON = List.of(
            "--malachite.attach.",
            "--malachite.compute.",
            "--malachite.docker.",
            "--malachite.job.",
            "--spring.",
            "--logging.",
            "--server.");

    private final List<String> arguments;
    private final Settings settings;

    private Options(List<String> arguments, Settings settings) {
        this.arguments = arguments;
        this.settings = settings;
    }

    static Options parse(String... args) {
        List<String> arguments = normalise(args);
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SimpleCommandLinePropertySource(arguments.toArray(String[]::new)));
        Settings settings;
        try {
            settings = Binder.get(environment).bindOrCreate("malachite", Settings.class);
        } catch (BindException e) {
            throw mistake(e);
        }
        return new Options(arguments, checked(settings));
    }

    /** In words for the user who gave a value that does not fit. */
    static UserError mistake(BindException e) {
        ConfigurationProperty property = e.getProperty();
        if (property != null) {
            String name = property.getName().toString().replaceFirst("^malachite\\.", "");
            return new UserError("'%s' is not a value for --%s".formatted(property.getValue(), name));
        }
        // A part has looked at all of its values together.
        Throwable reason = NestedExceptionUtils.getMostSpecificCause(e);
        return new UserError(String.valueOf(reason.getMessage()));
    }

    /** The folder that is taken when none is named. */
    static Path defaultData() {
        return Path.of(System.getProperty("user.home"), ".malachite");
    }

    /** The arguments as the framework wants them, each in the form {@code --malachite.name=value}. */
    List<String> arguments() {
        return arguments;
    }

    Settings settings() {
        return settings;
    }

    private static List<String> normalise(String... args) {
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            String argument = args[i];
            if (PASSED_ON.stream().anyMatch(argument::startsWith)) {
                arguments.add(argument);
                continue;
            }
            if (!argument.startsWith("--")) {
                throw new UserError("'%s' is not understood; options begin with --".formatted(argument));
            }
            int equals = argument.indexOf('=');
            String given = argument.substring(2, equals < 0 ? argument.length() : equals);
            String name = kebab(given.startsWith(PREFIX) ? given.substring(PREFIX.length()) : given);
            Boolean alone = KNOWN.get(name);
            if (alone == null) {
                throw new UserError("unknown option '--%s'; there are %s"
                        .formatted(
                                given,
                                KNOWN.keySet().stream()
                                        .sorted()
                                        .map("--"::concat)
                                        .collect(Collectors.joining(", "))));
            }
            String value;
            if (equals >= 0) {
                value = argument.substring(equals + 1);
            } else if (alone) {
                value = "true";
            } else if (i + 1 < args.length && !args[i + 1].startsWith("--")) {
                value = args[++i];
            } else {
                throw new UserError("--%s needs a value".formatted(name));
            }
            arguments.add("--" + PREFIX + name + "=" + value);
        }
        return arguments;
    }

    private static Settings checked(Settings settings) {
        port("https-port", settings.httpsPort());
        port("http-port", settings.httpPort());
        if (settings.httpsPort() == settings.httpPort() && settings.httpPort() != 0) {
            throw new UserError("--https-port and --http-port are both %d; give them different ports"
                    .formatted(settings.httpPort()));
        }
        proxy(settings);
        if (!RUNTIMES.contains(settings.runtime())) {
            throw new UserError("unknown runtime '%s'; --runtime takes %s"
                    .formatted(
                            settings.runtime(),
                            Stream.of("auto", "docker", "process", "simulated").collect(Collectors.joining(", "))));
        }
        if (!PREEMPTIONS.contains(settings.onPreemption())) {
            throw new UserError(
                    "unknown --on-preemption '%s'; it takes requeue or fail".formatted(settings.onPreemption()));
        }
        if (!GUID.matcher(settings.subscription()).matches()) {
            throw new UserError("--subscription '%s' is not a GUID, which ids of subscriptions are"
                    .formatted(settings.subscription()));
        }
        if (!settings.clock().isEmpty() && ClockMode.parse(settings.clock()).isEmpty()) {
            throw new UserError("unknown clock '%s'; --clock takes real, manual, auto or a speed of 0.001x to 100000x"
                    .formatted(settings.clock()));
        }
        if (settings.eventsMib() < 1 || settings.eventsMib() > MOST_EVENTS_MIB) {
            throw new UserError("--events-mib %d is not from 1 to %d".formatted(settings.eventsMib(), MOST_EVENTS_MIB));
        }
        settings.names().stream()
                .filter(name -> !NAME.matcher(name).matches())
                .findFirst()
                .ifPresent(name -> {
                    throw new UserError("--names '%s' is neither a host name nor an address".formatted(name));
                });
        if (!settings.azurite().isBlank()) {
            try {
                AzuriteAddress.parse(settings.azurite());
            } catch (IllegalArgumentException e) {
                throw new UserError(String.valueOf(e.getMessage()));
            }
        }
        if (settings.host().isBlank()) {
            throw new UserError("--host is empty; 127.0.0.1 is the default");
        }
        return settings;
    }

    private static void proxy(Settings settings) {
        String port = settings.proxyPort();
        if (port.matches("\\d{1,9}")) {
            port("proxy-port", Integer.parseInt(port));
        } else if (!port.equals("auto") && !port.equals("off")) {
            throw new UserError("unknown --proxy-port '%s'; it takes a port, auto or off".formatted(port));
        }
        if (!OTHERS.contains(settings.proxyOthers())) {
            throw new UserError(
                    "unknown --proxy-others '%s'; it takes auto, pass or refuse".formatted(settings.proxyOthers()));
        }
    }

    private static void port(String name, int port) {
        if (port < 0 || port > 65_535) {
            throw new UserError("--%s %d is not a port; ports go from 1 to 65535".formatted(name, port));
        }
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    /** The data folder as an absolute path. */
    static Path home(Settings settings) {
        return settings.data().toAbsolutePath().normalize();
    }
}
