package dev.malachite.server.runtime.ssh;

import dev.malachite.engine.TargetId;
import java.util.Optional;

/** Remembers by which key each target's machine was known when it was first used. */
interface HostKeys {

    /** In OpenSSH's form: {@code ssh-ed25519 AAAA…}. */
    Optional<String> find(TargetId target);

    void remember(TargetId target, String key);

    /** Whether there was one. */
    boolean forget(TargetId target);
}
