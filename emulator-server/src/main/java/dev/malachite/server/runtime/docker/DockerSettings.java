package dev.malachite.server.runtime.docker;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the Docker runtime can be told. The engine itself is named by {@code DOCKER_HOST}, as for every Docker client.
 *
 * @param network addresses for the networks of clusters, which get 256 each
 * @param warmContainers how many containers may run and wait for a job; beyond them an idle node's is started only when
 *     its job comes. Null leaves it to the memory of the engine's machine
 * @param jobLogMib how much of what one job prints is kept, in MiB
 */
@ConfigurationProperties("malachite.docker")
record DockerSettings(
        String network,
        @Nullable Integer warmContainers,
        @DefaultValue("64") int jobLogMib) {

    DockerSettings {
        if (warmContainers != null && warmContainers < 0) {
            throw new IllegalArgumentException("malachite.docker.warm-containers is less than 0");
        }
        if (jobLogMib < 1 || jobLogMib > 4096) {
            throw new IllegalArgumentException("malachite.docker.job-log-mib is not between 1 and 4096");
        }
    }
}
