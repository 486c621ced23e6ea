package dev.malachite.server.delivery;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import dev.malachite.server.workspace.Workspaces;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import tools.jackson.databind.JsonNode;

/** What a job or a compute instance may name, who are good for one workspace. */
class ForeignPlacesTest {

    private static final String OWN = "6d616c61-0000-4000-8000-000000000001";
    private static final String OTHER = "6d616c61-0000-4000-8000-000000000002";
    private static final String JOBS =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/jobs/j";
    private static final String STORE = "https://malachite.blob.core.windows.net/";

    private final ForeignPlaces places = new ForeignPlaces(new OneWorkspace());

    @AfterEach
    void forget() {
        RequestContextHolder.resetRequestAttributes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                STORE + "azureml-blobstore-" + OTHER + "/secret.txt",
                "wasbs://azureml-" + OTHER + "@malachite.blob.core.windows.net/x",
                "http://127.0.0.1:1/malachite/snapshots-" + OTHER + "/x?sig=y",
                "azureml-blobstore-" + OTHER,
                "azureml://subscriptions/s/resourcegroups/g/workspaces/other/datastores/workspaceblobstore/paths/x",
                "/Subscriptions/s/resourceGroups/g2/providers/Microsoft.MachineLearningServices/workspaces/w/data/d/versions/1",
                "azureml://subscriptions/s/resourcegroups/g/workspaces/${{output_name}}/datastores/d/paths/x",
                STORE + "azureml-blobstore-${{name}}/x",
                STORE + "${{output_name}}/x",
                "https://127.0.0.1:1/malachite/azureml-${{ name }}"
            })
    void whatLiesInAnotherWorkspaceIsNotTheirs(String uri) {
        bound(Optional.of(new WorkspaceId(OWN)));
        assertThatExceptionOfType(AzureException.class)
                .isThrownBy(() -> places.check(JOBS, naming(uri)))
                .withMessageContaining("own workspace only");
        assertThatCode(() ->
                        places.check("/history/v1.0" + JOBS.replace("/jobs/j", "/experiments/e/runs/r"), naming(uri)))
                .as("a note")
                .doesNotThrowAnyException();
        bound(Optional.empty());
        assertThatCode(() -> places.check(JOBS, naming(uri))).as("a person").doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                STORE + "azureml-blobstore-" + OWN + "/${{name}}/x",
                STORE + "code-" + OTHER + "/x",
                "azureml://subscriptions/S/resourcegroups/G/workspaces/W/datastores/d/paths/${{output_name}}",
                "azureml://datastores/d/paths/workspaces/other",
                "https://example.com/workspaces/other",
                "python train.py --lr ${{inputs.lr}}"
            })
    void theirOwnAndWhatIsNobodysIs(String uri) {
        bound(Optional.of(new WorkspaceId(OWN)));
        assertThatCode(() -> places.check(JOBS, naming(uri))).doesNotThrowAnyException();
    }

    @Test
    void whatAModelIsMadeOfIsNoNote() {
        bound(Optional.of(new WorkspaceId(OWN)));
        assertThatExceptionOfType(AzureException.class)
                .isThrownBy(() -> places.check(
                        "/mlflow/v1.0/x/api/2.0/mlflow/model-versions/create",
                        naming(STORE + "azureml-" + OTHER + "/x")));
    }

    private static JsonNode naming(String uri) {
        return Json.object()
                .set(
                        "properties",
                        Json.object()
                                .set("inputs", Json.array().add(Json.object().put("uri", uri))));
    }

    private static void bound(Optional<WorkspaceId> workspace) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setAttribute(
                CallerIdentity.class.getName(), new CallerIdentity("a", "b", "c", Optional.empty(), workspace));
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
    }

    private static final class OneWorkspace implements Workspaces {

        private final Workspace only = new Workspace(
                new WorkspaceId(OWN),
                new WorkspaceRef("s", "g", "w"),
                "westus",
                Instant.EPOCH,
                "somebody",
                Json.object());

        @Override
        public Optional<Workspace> find(WorkspaceRef ref) {
            return Optional.of(only).filter(known -> known.ref().isSameAs(ref));
        }

        @Override
        public Optional<Workspace> find(WorkspaceId id) {
            return Optional.of(only).filter(known -> known.id().equals(id));
        }

        @Override
        public List<Workspace> all() {
            return List.of(only);
        }

        @Override
        public Workspace require(WorkspaceRef ref) {
            return find(ref).orElseThrow();
        }
    }
}
