package dev.malachite.server.runtime.docker;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the Docker runtime can be told. The engine itself is named by {@code DOCKER_HOST}, as for every Docker client.
 *
 * @param network addresses for the networks of clusters, which get 256 each
 */
@ConfigurationProperties("malachite.docker")
record DockerSettings(@DefaultValue("10.142.0.0/16") String network) {}
