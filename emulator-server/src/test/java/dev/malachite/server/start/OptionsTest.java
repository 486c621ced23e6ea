package dev.malachite.server.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.server.Malachite;
import dev.malachite.server.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    @Test
    void everyFormOfAnOptionIsTheSame() {
        Settings settings = Options.parse(
                        "--https-port",
                        "1",
                        "--http-port=2",
                        "--malachite.runtime=process",
                        "--in-memory",
                        "--names=a,10.0.0.1")
                .settings();

        assertThat(settings.httpsPort()).isEqualTo(1);
        assertThat(settings.httpPort()).isEqualTo(2);
        assertThat(settings.runtime()).isEqualTo("process");
        assertThat(settings.inMemory()).isTrue();
        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.names()).containsExactly("a", "10.0.0.1");
        assertThat(Options.parse().settings().names()).isEmpty();
    }

    @Test
    void dataIsBelowTheUsersHomeUnlessTold() {
        assertThat(Options.home(Options.parse().settings()))
                .hasToString(System.getProperty("user.home") + "/.malachite");
        assertThat(Options.home(Options.parse("--data", "~/x").settings()))
                .hasToString(System.getProperty("user.home") + "/x");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "--runtime=k8s, unknown runtime 'k8s'",
                "--colour=red, unknown option '--colour'",
                "--https-port=abc, 'abc' is not a value for --https-port",
                "--https-port=70000, is not a port",
                "--http-port=10443, are both 10443",
                "--names=a b, is neither a host name nor an address",
                "--host, --host needs a value",
                "up, 'up' is not understood"
            })
    void mistakeIsNamed(String argument, String message) {
        assertThatThrownBy(() -> Options.parse(argument))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatTheLauncherHandsOnIsUnderstood() throws IOException {
        String launcher = Files.readString(Path.of("../malachite"));
        List<String> options = Pattern.compile("--malachite\\.[a-z.-]+(?==)")
                .matcher(launcher)
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();

        assertThat(options).contains("--malachite.docker.warm-containers", "--malachite.compute.max-nodes-per-cluster");
        for (String option : options) {
            assertThat(Options.parse(option + "=1").arguments()).anyMatch(argument -> argument.startsWith(option));
        }
    }

    @Test
    void aPartsValueThatDoesNotFitIsNamed(@TempDir Path data) {
        for (String option :
                List.of("--malachite.docker.warm-containers=-1", "--malachite.docker.warm-containers=many")) {
            assertThatThrownBy(() -> Server.open(
                            Malachite.class,
                            "--data=" + data.resolve(option),
                            "--in-memory",
                            "--https-port=0",
                            "--http-port=0",
                            "--runtime=docker",
                            option))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("docker.warm-containers");
        }
    }
}
