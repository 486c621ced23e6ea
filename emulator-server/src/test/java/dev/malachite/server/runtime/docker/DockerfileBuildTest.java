package dev.malachite.server.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.server.runtime.ImageFailure;
import dev.malachite.server.runtime.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** What a user's Dockerfile may take of the engine's machine. */
@EnabledIfSystemProperty(named = "malachite.docker", matches = "true", disabledReason = "no Docker engine was given")
class DockerfileBuildTest {

    private static final long MIB = 1L << 20;

    @TempDir
    Path temporary;

    private final Engine engine = Engine.fromEnvironment();
    private String name = "";

    @BeforeEach
    void ofItsOwn() throws IOException {
        name = EnvironmentBuild.REPOSITORY + ":limits" + InstanceId.of(temporary);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        engine.remove("clean up", docker -> docker.removeImageCmd(name).exec());
        engine.close();
    }

    @Test
    void aStepThatForksWithoutEndFailsAndTheEngineGoesOn() {
        assertThatThrownBy(() -> build("while sleep 60 & do :; done", 2048 * MIB))
                .isInstanceOf(ImageFailure.class)
                .hasMessageContaining("The image could not be built from its Dockerfile")
                .hasMessageContaining("can't fork: Resource temporarily unavailable");
        assertThat(engine.answers(Engine.USUAL)).isTrue();
        assertThatCode(() -> build("true", 2048 * MIB)).doesNotThrowAnyException();
    }

    @Test
    void aStepThatTakesTooMuchMemoryIsKilledAndToldHowMuchThereIs() {
        assertThatThrownBy(() -> build("dd if=/dev/zero of=/dev/null bs=256M count=1", 64 * MIB))
                .isInstanceOf(ImageFailure.class)
                .hasMessageContaining("returned a non-zero code: 137 (it was killed: a step may use 64 MiB of memory)");
    }

    private void build(String step, long memory) throws ImageFailure, IOException {
        new DockerfileBuild(engine, () -> memory, url -> List.of(), temporary)
                .build(
                        new Recipe("FROM malachite/busybox:1\nRUN " + step + "\n", "", ""),
                        name,
                        image -> image,
                        line -> {});
    }
}
