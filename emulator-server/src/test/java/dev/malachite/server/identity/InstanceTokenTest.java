package dev.malachite.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.Settings;
import dev.malachite.server.workspace.WorkspaceRef;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** What the machine of a compute instance can and cannot do with the token that it holds. */
class InstanceTokenTest {

    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
    private static final String WORKSPACE =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/";
    private static final InstanceIdentity OWN = new InstanceIdentity(
            new WorkspaceRef("s", "g", "w"),
            new WorkspaceId("first"),
            "ci1",
            "made",
            "0b",
            "Ada",
            "t",
            NOW.plus(Duration.ofHours(1)));

    @TempDir
    Path data;

    private Tokens tokens;

    @BeforeEach
    void prepare() {
        tokens = tokens(NOW);
    }

    @Test
    void speaksForItsInstanceWhileThatIsThere() {
        String token = instances(tokens, "made").issue(OWN, "https://management");
        assertThat(instances(tokens, "made").of(token)).contains(OWN);
        assertThat(instances(tokens, "made anew").of(token)).isEmpty();
        assertThat(instances(tokens(NOW.plus(Duration.ofHours(2))), "made").of(token))
                .isEmpty();
        assertThat(instances(tokens, "made").of(token.substring(0, token.length() - 4) + "AAAA"))
                .isEmpty();
        assertThat(tokens.verifyRun(token)).as("it is no run's").isEmpty();
        assertThat(CallerIdentity.of(OWN).oid()).isEqualTo("0b");
    }

    @Test
    void aRunsTokenIsNoInstances() {
        String run = tokens.runToken(OWN.workspace(), OWN.workspaceId(), "r1", Duration.ofHours(1));
        assertThat(instances(tokens, "made").of(run)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /subscriptions,                            true",
        "GET,    /subscriptions/s,                          true",
        "GET,    /subscriptions/other,                      false",
        "GET,    /subscriptions/s/resourceGroups/g,         true",
        "GET,    /subscriptions/s/resourceGroups/other,     false",
        "PUT,    /subscriptions/s/resourceGroups/g,         false",
        "GET,    /subscriptions/s/resources,                true",
        "GET,    /subscriptions/s/resourceGroups/g/resources, true",
        "GET,    /subscriptions/s/providers/Microsoft.MachineLearningServices/workspaces, true",
        "GET,    /subscriptions/s/providers/Microsoft.MachineLearningServices/locations/l/usages, true",
        "POST,   /subscriptions/s/providers/Microsoft.MachineLearningServices/locations/l/updateQuotas, false",
        "GET,    /subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v, false",
        "GET,    /subscriptions/other/resources,            false",
        "GET,    {ws}w,                                     true",
        "PUT,    {ws}w,                                     false",
        "DELETE, {ws}w,                                     false",
        "GET,    {ws}other,                                 false",
        "PUT,    {ws}w/computes/cpu,                        true",
        "PUT,    {ws}other/computes/cpu,                    false",
        "POST,   {ws}w/computes/ci1/stop,                   true",
        "POST,   /hyperdrive/v1.0{ws}w/experiments/e/runs,  true",
        "POST,   /history/v1.0{ws}other/experiments/e,      false",
        "GET,    /_emulator/health,                         false",
        "GET,    /instances/ci1.westus/lab,                 false",
    })
    void isGoodForItsOwnWorkspace(String method, String path, boolean allowed) {
        assertThat(InstanceTokenRules.refuse(OWN, method, Route.of(path.replace("{ws}", WORKSPACE)))
                        .isEmpty())
                .isEqualTo(allowed);
    }

    private static InstanceTokens instances(Tokens tokens, String made) {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        InstanceStanding standing = identity -> identity.made().equals(made);
        beans.registerSingleton("standing", standing);
        return new InstanceTokens(tokens, beans.getBeanProvider(InstanceStanding.class));
    }

    private Tokens tokens(Instant now) {
        Settings settings = TestSettings.in(data);
        return new Tokens(new SigningKey(settings), InstantSource.fixed(now));
    }
}
