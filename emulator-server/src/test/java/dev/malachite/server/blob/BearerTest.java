package dev.malachite.server.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.blob.BlobAccess.Bearer;
import dev.malachite.server.blob.BlobAccess.Scope;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.identity.RunIdentity;
import dev.malachite.server.workspace.WorkspaceRef;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a token opens of the storage account. */
class BearerTest {

    private static final WorkspaceId OWN = new WorkspaceId("00000000-0000-4000-8000-000000000001");
    private static final WorkspaceId OTHER = new WorkspaceId("00000000-0000-4000-8000-000000000002");
    private static final CallerIdentity RUN = new CallerIdentity(
            "r1", "o", "t", Optional.of(new RunIdentity(new WorkspaceRef("s", "g", "w"), OWN, "r1", Instant.EPOCH)));

    @Test
    void aRunReachesTheContainersOfItsDatastores() {
        Bearer run = new Bearer(RUN, true);

        assertThat(run.reaches(Optional.of(Containers.artifacts(OWN)))).isTrue();
        assertThat(run.reaches(Optional.of(Containers.datastore(OWN)))).isTrue();
        assertThat(run.reaches(Optional.of(Containers.snapshots(OWN)))).isFalse();
        assertThat(run.reaches(Optional.of(Containers.datastore(OTHER)))).isFalse();
        assertThat(run.reaches(Optional.of(Containers.newCode()))).isFalse();
        assertThat(run.reaches(Optional.empty())).isFalse();
    }

    @Test
    void aRunReadsAndWritesAndDeletesNothing() {
        Bearer run = new Bearer(RUN, true);

        assertThat(run.allows('r')).isTrue();
        assertThat(run.allows(Scope.LISTING, 'l')).isTrue();
        assertThat(run.allows('w')).isTrue();
        assertThat(run.allows('d')).isFalse();
        assertThat(run.allows(Scope.CONTAINER, 'w')).isFalse();
        assertThat(new Bearer(RUN, false).allows('r')).isTrue();
        assertThat(new Bearer(RUN, false).allows('w')).isFalse();
    }

    @Test
    void aPersonMayDoEverything() {
        Bearer person = new Bearer(CallerIdentity.NOBODY, true);

        assertThat(person.allows('d')).isTrue();
        assertThat(person.allows(Scope.CONTAINER, 'd')).isTrue();
        assertThat(person.reaches(Optional.empty())).isTrue();
    }
}
