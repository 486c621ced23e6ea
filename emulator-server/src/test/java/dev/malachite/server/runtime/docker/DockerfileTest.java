package dev.malachite.server.runtime.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.malachite.server.runtime.ImageFailure;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileTest {

    @Test
    void imagesBecomeThoseThatStandForThemAndStagesStay() throws Exception {
        assertThat(rewritten("""
                # syntax=docker/dockerfile:1
                ARG TAG=22.04
                ARG BASE="mcr.microsoft.com/azureml/openmpi:${TAG}"
                from --platform=linux/amd64 $BASE AS build
                RUN echo one && \\
                    # between
                    echo two
                FROM ${OTHER:-debian}
                COPY --chown=0:0 --from=build /a /b
                COPY --from=1 /c /d
                COPY --from=busybox:1 /e /f
                ONBUILD COPY --from=busybox:1 /e /f
                FROM build
                ADD --chown=0:0 data.tar.gz /data/
                ADD ["a b", "/c"]
                """)).isEqualTo("""
                ARG TAG=22.04
                ARG BASE="mcr.microsoft.com/azureml/openmpi:${TAG}"
                FROM <mcr.microsoft.com/azureml/openmpi:22.04> AS build
                ARG PIP_INDEX_URL
                RUN echo one &&     echo two
                FROM <debian>
                ARG PIP_INDEX_URL
                COPY --chown=0:0 --from=build /a /b
                COPY --from=1 /c /d
                COPY --from=<busybox:1> /e /f
                ONBUILD COPY --from=<busybox:1> /e /f
                FROM build
                ARG PIP_INDEX_URL
                ADD --chown=0:0 data.tar.gz /data/
                ADD ["a b", "/c"]
                """);
    }

    /** The engine would fetch these from where this machine is, its loopback among them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ADD http://127.0.0.1/x /x",
                "add HTTP://x/y /x",
                "ADD ht\\\ntp://x/y /x",
                "ADD $URL /x",
                "ADD h\"ttp:\"//x /x",
                "ADD [ h\"ttp:\"//x /x",
                "ADD [\"http://x/y\", \"/x\"]",
                "ONBUILD ADD http://x/y /x",
                "ADD git@x:y.git /x",
                // White space to the builder, which looks at Unicode's.
                "\u00a0ADD http://127.0.0.1/x /x",
                "\u0085ADD http://127.0.0.1/x /x",
                "ONBUILD \u00a0ADD http://127.0.0.1/x /x",
                // Lower case of which is an i to it.
                "ONBU\u0130LD ADD http://127.0.0.1/x /x",
                "COPY --fr\"om\"=x/y /x /y",
                "COPY --chown=0:0\u00a0--from=x/y /x /y",
                "FROM x AS y z"
            })
    void nothingIsFetchedByTheEngineItself(String line) {
        assertThatExceptionOfType(ImageFailure.class)
                .isThrownBy(() -> rewritten("FROM x\nARG URL=http://x/y\n" + line))
                .withMessageContaining("is refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "# escape=`\nFROM x"})
    void whatIsNoDockerfileForLinuxSaysWhy(String text) {
        assertThatExceptionOfType(ImageFailure.class)
                .isThrownBy(() -> rewritten(text))
                .withMessageStartingWith("The Dockerfile is");
    }

    private static String rewritten(String text) throws ImageFailure, IOException {
        return Dockerfile.rewritten(text, List.of("PIP_INDEX_URL"), image -> "<" + image + ">");
    }
}
