package dev.malachite.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.Settings;
import dev.malachite.server.workspace.WorkspaceRef;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** What a job can and cannot do with the token that it holds. */
class RunTokenTest {

    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
    private static final WorkspaceRef OWN = new WorkspaceRef("s", "g", "w");
    private static final WorkspaceId ID = new WorkspaceId("first");

    @TempDir
    Path data;

    private Settings settings;
    private SigningKey key;
    private Tokens tokens;
    private RunTokenRules rules;

    @BeforeEach
    void prepare() {
        settings = TestSettings.in(data);
        key = new SigningKey(settings);
        tokens = new Tokens(key, InstantSource.fixed(NOW));
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerSingleton("lineage", new Lineage());
        rules = new RunTokenRules(new RunScope(beans.getBeanProvider(RunLineage.class)));
    }

    /** r1 has the child c1; other exists beside them. */
    private static final class Lineage implements RunLineage {

        @Override
        public boolean isLive(RunIdentity run) {
            return run.workspaceId().equals(ID) && exists(run.workspace(), run.runId());
        }

        @Override
        public boolean exists(WorkspaceRef workspace, String run) {
            return Set.of("r1", "c1", "other").contains(run);
        }

        @Override
        public boolean descends(WorkspaceRef workspace, String run, String ancestor) {
            return run.equals("c1") && ancestor.equals("r1");
        }
    }

    @Test
    void tokenNamesItsRunAndOutlivesARestart() {
        String token = tokens.runToken(OWN, ID, "r1", Duration.ofHours(1));
        Tokens restarted = new Tokens(new SigningKey(settings), InstantSource.fixed(NOW));

        assertThat(restarted.verifyRun(token)).get().satisfies(run -> {
            assertThat(run.runId()).isEqualTo("r1");
            assertThat(run.isIn(new WorkspaceRef("S", "G", "W"))).isTrue();
        });
    }

    @Test
    void expiredForeignAndOrdinaryTokensAreNoRunTokens(@TempDir Path elsewhere) {
        String token = tokens.runToken(OWN, ID, "r1", Duration.ofHours(1));
        Tokens later = new Tokens(key, InstantSource.fixed(NOW.plus(Duration.ofHours(2))));
        Settings other = TestSettings.in(elsewhere);
        Tokens foreign = new Tokens(new SigningKey(other), InstantSource.fixed(NOW));

        assertThat(later.verifyRun(token)).isEmpty();
        assertThat(foreign.verifyRun(token)).isEmpty();
        assertThat(tokens.verifyRun(tokens.issue("a", "b", "c", "d", Map.of()))).isEmpty();
        assertThat(tokens.verifyRun(token.substring(0, token.lastIndexOf('.') + 1)))
                .isEmpty();
        assertThat(tokens.verifyRun("not a token")).isEmpty();
    }

    @Test
    void aTokenOfTheMachinesIdentityNamesItAndIsGoodForTheSameRun() throws Exception {
        RunIdentity run = new RunIdentity(OWN, ID, "r1", NOW.plus(Duration.ofHours(1)));
        String token = tokens.runToken(
                run, "https://vault.azure.net", Optional.of(new NodeIdentity("p", "c", Optional.of("/id"))));

        assertThat(tokens.verifyRun(token)).contains(run);
        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getClaims())
                .containsEntry("oid", "p")
                .containsEntry("appid", "c")
                .containsEntry("xms_mirid", "/id");
    }

    @Test
    void runChangesItselfAndItsChildrenOnlyAndReadsTheOthers() {
        assertThat(allowed("GET", history(OWN, "r1"))).isTrue();
        assertThat(allowed("POST", history(OWN, "r1_3") + "/events")).isFalse();
        assertThat(allowed("POST", history(OWN, "c1") + "/events")).isTrue();
        assertThat(allowed("PATCH", history(OWN, "not-yet"))).isTrue();
        assertThat(allowed("GET", history(OWN, "other"))).isTrue();
        assertThat(allowed("GET", history(OWN, "other") + "/details")).isTrue();
        assertThat(allowed("GET", history(OWN, "other") + "/artifacts/write")).isFalse();
        assertThat(allowed("POST", history(OWN, "other") + "/metrics")).isFalse();
        assertThat(allowed("PATCH", history(OWN, "other"))).isFalse();
        assertThat(allowed("POST", history(OWN, "not-yet") + "/events")).isFalse();
    }

    @Test
    void runStaysInItsWorkspaceAndChangesNothingOfIt() {
        assertThat(allowed("GET", history(new WorkspaceRef("s", "g", "w2"), "r1")))
                .isFalse();
        assertThat(allowed("DELETE", OWN.armId())).isFalse();
        assertThat(allowed("PUT", OWN.armId() + "/computes/c")).isFalse();
        assertThat(allowed("GET", "/rp/workspaces" + OWN.armId())).isTrue();
        assertThat(allowed("GET", "/history/v1.0/anything")).isFalse();
    }

    @Test
    void whatNamesNoRunIsReadOnlyButForQueries() {
        String history = "/history/v1.0" + OWN.armId();

        assertThat(allowed("POST", history + "/experiments/e/runs:query")).isTrue();
        assertThat(allowed("PATCH", history + "/experiments/e/batch/runs")).isTrue();
        assertThat(allowed("POST", history + "/experiments/e")).isTrue();
        assertThat(allowed("DELETE", history + "/experimentids/e")).isFalse();
        assertThat(allowed("GET", "/datastore/v1.0" + OWN.armId() + "/default")).isTrue();
        assertThat(allowed("PUT", "/datastore/v1.0" + OWN.armId() + "/default/x"))
                .isFalse();
        assertThat(allowed("DELETE", "/content/v2.0" + OWN.armId() + "/snapshots/x"))
                .isFalse();
        assertThat(allowed("POST", "/execution/v1.0" + OWN.armId() + "/experiments/e/startrun"))
                .isFalse();
        assertThat(allowed("GET", "/artifact/v2.0" + OWN.armId() + "/artifacts/write/Other/x/f"))
                .isFalse();
    }

    @Test
    void runMaySubmitWhatTheControllerThenTakesForItsChild() {
        assertThat(allowed("POST", "/content/v2.0" + OWN.armId() + "/snapshots/getblob"))
                .isTrue();
        assertThat(allowed("POST", "/content/v2.0" + OWN.armId() + "/snapshots/x"))
                .isTrue();
        assertThat(allowed("POST", "/execution/v1.0" + OWN.armId() + "/experiments/e/snapshotrun"))
                .isTrue();
    }

    @Test
    void whatIsEverybodysIsNoJobsToDelete() {
        for (String root : List.of("/api/2.0/mlflow/", "/api/2.0/preview/mlflow/")) {
            String mlflow = "/mlflow/v2.0" + OWN.armId() + root;

            assertThat(allowed("POST", mlflow + "experiments/create")).isTrue();
            assertThat(allowed("POST", mlflow + "experiments/set-experiment-tag"))
                    .isTrue();
            assertThat(allowed("POST", mlflow + "runs/delete")).isTrue();
            assertThat(allowed("POST", mlflow + "registered-models/create")).isTrue();
            assertThat(allowed("POST", mlflow + "experiments/delete")).isFalse();
            assertThat(allowed("POST", mlflow + "experiments/%75pdate")).isFalse();
            assertThat(allowed("POST", mlflow + "Experiments/restore/")).isFalse();
            assertThat(allowed("DELETE", mlflow + "registered-models/delete")).isFalse();
            assertThat(allowed("POST", mlflow + "registered-models/rename")).isFalse();
            assertThat(allowed("DELETE", mlflow + "model-versions/delete")).isFalse();
        }
    }

    @Test
    void placeToWriteToIsGivenForOnesOwnFilesOnly() {
        RunIdentity child = new RunIdentity(OWN, ID, "c1", NOW);
        String write = "/artifact/v2.0" + OWN.armId() + "/artifacts/write/ExperimentRun/dcid.";

        assertThat(rules.refuse(child, "GET", Route.of(write + "c1/f"))).isEmpty();
        assertThat(rules.refuse(child, "GET", Route.of(write + "r1/f"))).isPresent();
        assertThat(rules.refuse(child, "GET", Route.of(write.replace("write", "contentinfo") + "r1/f")))
                .isEmpty();
        assertThat(rules.refuse(child, "GET", Route.of(history(OWN, "r1") + "/artifacts/write")))
                .isPresent();
        assertThat(rules.refuse(child, "GET", Route.of(history(OWN, "r1") + "/artifacts/content")))
                .isEmpty();
        assertThat(allowed("GET", write + "c1/f")).isTrue();
        assertThat(allowed("GET", history(OWN, "c1") + "/artifacts/write")).isTrue();
    }

    @Test
    void childMayReadItsParent() {
        RunIdentity child = new RunIdentity(OWN, ID, "c1", NOW);

        assertThat(rules.refuse(child, "GET", Route.of(history(OWN, "r1")))).isEmpty();
        assertThat(rules.refuse(child, "PATCH", Route.of(history(OWN, "r1")))).isPresent();
    }

    private boolean allowed(String method, String path) {
        return rules.refuse(new RunIdentity(OWN, ID, "r1", NOW), method, Route.of(path))
                .isEmpty();
    }

    private static String history(WorkspaceRef workspace, String run) {
        return "/history/v1.0" + workspace.armId() + "/experiments/e/runs/" + run;
    }
}
