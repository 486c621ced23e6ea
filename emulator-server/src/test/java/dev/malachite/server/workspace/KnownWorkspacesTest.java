package dev.malachite.server.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.web.Json;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownWorkspacesTest {

    private static final WorkspaceRef NAME = new WorkspaceRef("s", "g", "w");

    private final KnownWorkspaces known = new KnownWorkspaces();
    private int reads;

    @Test
    void isReadOnceWhateverTheCase() {
        find("first");

        assertThat(known.find(new WorkspaceRef("S", "G", "W"), () -> read("second"))
                        .map(Workspace::id))
                .contains(new WorkspaceId("first"));
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void nobodySeesWhatAnotherDoesToADocument() {
        find("first").orElseThrow().document().put("spoiled", true);

        assertThat(find("first").orElseThrow().document().has("spoiled")).isFalse();
    }

    @Test
    void isReadAnewAfterAChange() {
        find("first");
        known.forget();

        assertThat(find("second").map(Workspace::id)).contains(new WorkspaceId("second"));
    }

    @Test
    void whatIsReadWhileItChangesIsNotKept() {
        known.find(NAME, () -> {
            known.forget();
            return read("before");
        });

        assertThat(find("after").map(Workspace::id)).contains(new WorkspaceId("after"));
    }

    @Test
    void whatIsNotThereIsNotKept() {
        assertThat(known.find(NAME, Optional::empty)).isEmpty();
        assertThat(find("made").map(Workspace::id)).contains(new WorkspaceId("made"));
    }

    private Optional<Workspace> find(String id) {
        return known.find(NAME, () -> read(id));
    }

    private Optional<WorkspaceRow> read(String id) {
        reads++;
        return Optional.of(new WorkspaceRow(
                new Workspace(new WorkspaceId(id), NAME, "koreacentral", Instant.EPOCH, "somebody", Json.object())));
    }
}
