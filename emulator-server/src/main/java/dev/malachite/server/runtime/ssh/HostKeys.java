package dev.malachite.server.runtime.ssh;

import dev.malachite.engine.TargetId;
import java.util.Optional;

/** Remembers by which key each target's machine was known when it was first used. */
interface HostKeys {

    /** Address and key: {@code vm.example:22 ssh-ed25519 AAAA…}. */
    Optional<String> find(TargetId target);

    /** In place of what was known before. */
    void remember(TargetId target, String key);

    /** Whether there was one. */
    boolean forget(TargetId target);
}
