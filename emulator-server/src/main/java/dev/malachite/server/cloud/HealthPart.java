package dev.malachite.server.cloud;

import java.util.Optional;

/** Something that health tells of beside the server itself, for example the engine that runs containers. */
public interface HealthPart {

    /** One word. */
    String name();

    /** What is wrong with it in one sentence; empty when it is well. Answers at once: it may not ask anybody. */
    Optional<String> problem();
}
