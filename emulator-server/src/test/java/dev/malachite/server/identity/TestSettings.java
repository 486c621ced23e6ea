package dev.malachite.server.identity;

import dev.malachite.server.Settings;
import java.nio.file.Path;
import java.util.List;

/** Settings of tests that need a folder for keys and nothing else. */
final class TestSettings {

    private TestSettings() {}

    static Settings in(Path data) {
        return new Settings(
                data,
                true,
                "127.0.0.1",
                List.of(),
                0,
                0,
                "off",
                "auto",
                "auto",
                "requeue",
                "s",
                "koreacentral",
                "",
                64,
                "",
                false);
    }
}
