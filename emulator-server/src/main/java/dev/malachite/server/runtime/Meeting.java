package dev.malachite.server.runtime;

import java.util.List;

/**
 * Where the nodes of a job find each other.
 *
 * @param hosts a name or an address for each node, in their order
 * @param ports those that the job may listen on, one for each that was wished for; a node may use all of them
 */
public record Meeting(List<String> hosts, List<Integer> ports) {}
