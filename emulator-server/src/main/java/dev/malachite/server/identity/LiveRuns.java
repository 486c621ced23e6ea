package dev.malachite.server.identity;

import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Run tokens that are still good: a signature outlives its run and its workspace. */
@Component
public class LiveRuns {

    private final Tokens tokens;
    private final ObjectProvider<RunLineage> lineage;

    LiveRuns(Tokens tokens, ObjectProvider<RunLineage> lineage) {
        this.tokens = tokens;
        this.lineage = lineage;
    }

    /** The run that a token speaks for, if both are still what they were. */
    public Optional<RunIdentity> of(String token) {
        return tokens.verifyRun(token).filter(run -> lineage.stream().anyMatch(runs -> runs.isLive(run)));
    }
}
