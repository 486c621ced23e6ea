package dev.malachite.server.pipeline;

import dev.malachite.engine.JobId;
import dev.malachite.engine.Parent;
import dev.malachite.server.workspace.Workspace;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Pipelines as they were read last: each of many steps asks for the whole, and its components, which never change. Who
 * asks must not change what it is given.
 */
@Component
class ReadPipelines {

    /** A definition is 1 MB at most, and its components are not much more. */
    private static final int MOST = 16;

    private final PipelineReader reader;
    private final SequencedMap<Key, Pipeline> read = new LinkedHashMap<>(MOST, 0.75f, true);

    ReadPipelines(PipelineReader reader) {
        this.reader = reader;
    }

    /** The sequence tells it from an earlier one of the same name. */
    private record Key(JobId id, long sequence) {

        static Key of(Parent parent) {
            return new Key(parent.id(), parent.sequence());
        }
    }

    synchronized Pipeline of(Workspace workspace, Parent parent, Supplier<ObjectNode> definition) {
        Pipeline known = read.get(Key.of(parent));
        if (known == null) {
            known = reader.read(workspace, parent.id().run(), definition.get());
            read.put(Key.of(parent), known);
            if (read.size() > MOST) {
                read.pollFirstEntry();
            }
        }
        return known;
    }

    synchronized void forget(Parent parent) {
        read.remove(Key.of(parent));
    }
}
