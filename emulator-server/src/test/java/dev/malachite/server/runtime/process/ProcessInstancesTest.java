package dev.malachite.server.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.runtime.InstanceRuntimeContract;
import dev.malachite.server.runtime.NodeRuntime;
import dev.malachite.server.runtime.Observations;
import org.junit.jupiter.api.Test;

class ProcessInstancesTest extends InstanceRuntimeContract {

    @Override
    protected NodeRuntime open() {
        return new ProcessRuntime(data, "https://127.0.0.1:10443", new Observations());
    }

    @Test
    void hasNothingOfOurEnvironment() throws Exception {
        start(1);
        assertThat(run("env | cut -d= -f1 | sort | tr '\\n' ' '", "", 60)).isEqualTo(0);
        assertThat(log())
                .containsExactly(
                        "CURL_CA_BUNDLE GREETING HOME LANG PATH PIP_CERT PWD REQUESTS_CA_BUNDLE SHLVL SSL_CERT_FILE"
                                + " TMPDIR _ ");
    }

    @Test
    void aScriptInstallsIntoItsMachine() throws Exception {
        start(1);
        assertThat(run("python -m pip --version", "", 60)).isEqualTo(0);
        assertThat(log()).singleElement().asString().contains(" from " + data);
    }
}
