package dev.malachite.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.workspace.WorkspaceRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTest {

    private static final String WS =
            "/subscriptions/s/resourcegroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";

    @ParameterizedTest
    @CsvSource({
        "/, PAGE",
        "/ui/app.js, PAGE",
        "/_emulator/health, CONTROL",
        "/%5femulator/reset, CONTROL",
        "/subscriptions, ARM",
        "/%73ubscriptions/x, ARM",
        "/subscriptions;v=1/x, ARM",
        "/SUBSCRIPTIONS/x, ARM",
        "/subscriptions/x/oauth2/token, ARM",
        "/history/v1.0/x, DATA_PLANE",
        "/rp/workspaces/x, DATA_PLANE",
        "/metadata/endpoints, DISCOVERY",
        "/discovery/regions/x, DISCOVERY",
        "/metadata/identity/oauth2/token, MANAGED_IDENTITY",
        "/msi/token, MANAGED_IDENTITY",
        "/adfs/tenants/t/oauth2/v2.0/token, LOGIN",
        "/t/oauth2/token, LOGIN",
        "/adfs/discovery/v2.0/keys, LOGIN",
        "/t/v2.0/.well-known/openid-configuration, LOGIN",
        "/malachite/container/blob, BLOB"
    })
    void pathTellsWhatItNames(String path, Route.Kind kind) {
        assertThat(Route.of(path).kind()).isEqualTo(kind);
    }

    @Test
    void workspaceIsFoundWhereverItStands() {
        WorkspaceRef ref = new WorkspaceRef("s", "g", "w");

        assertThat(Route.of(WS).workspace()).contains(ref);
        assertThat(Route.of("/rp/workspaces" + WS + "/computes/c").workspace()).contains(ref);
        assertThat(Route.of("/history/v1.0" + WS + "/runs/r").workspace()).contains(ref);
        assertThat(Route.of("/history/v1.0/subscriptions/s").workspace()).isEmpty();
    }

    @Test
    void runIsFoundWhateverTheGroupIsCalled() {
        Route route = Route.of("/history/v1.0" + WS.replace("/g/", "/workspaces/") + "/experiments/e/runs/r1");

        assertThat(route.run()).contains("r1");
        assertThat(route.tail()).containsExactly("experiments", "e", "runs", "r1");
    }

    @ParameterizedTest
    @CsvSource({
        "/history/v1.0, /runs/r1/details, r1",
        "/history/v1.0, /experiments/e/runs/r1, r1",
        "/history/v1.0, /experimentids/g/runs/r1/events, r1",
        "/metric/v2.0, /runs/r1/batch, r1",
        "/history/v1.0, /experiments/runs/runs/r1, r1",
        "/execution/v1.0, /experiments/e/runId/r1/cancel, r1",
        "/artifact/v2.0, /artifacts/batch/metadata/ExperimentRun/dcid.r1, r1",
        "/artifact/v2.0, /artifacts/contentinfo/ExperimentRun/dcid.r1/runs/other, r1",
        "/history/v1.0, /experiments/runs, ",
        "/history/v1.0, /computes/c/runs, ",
        "/artifact/v2.0, /artifacts/batch/x/ExperimentRun/dcid.r1, ",
        "/artifact/v2.0, /artifacts/write/Other/x/ExperimentRun/dcid.r1, ",
        "/mlflow/v2.0, /api/2.0/mlflow/runs/get, "
    })
    void runIsFound(String prefix, String path, String run) {
        assertThat(Route.of(prefix + WS + path).run().orElse(null)).isEqualTo(run);
    }
}
