package dev.malachite.server.trigger;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Time zones by Windows' names, which Azure's SDKs send, and by those of the tz database. */
final class TimeZones {

    private static final Map<String, String> WINDOWS = windows();

    private TimeZones() {}

    static Optional<ZoneId> find(String name) {
        try {
            return Optional.of(ZoneId.of(WINDOWS.getOrDefault(name, name)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> windows() {
        Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        try (InputStream list = Objects.requireNonNull(TimeZones.class.getResourceAsStream("windows-time-zones.txt"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(list, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                int equals = line.indexOf('=');
                names.put(line.substring(0, equals), line.substring(equals + 1));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }
}
