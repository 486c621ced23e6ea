package dev.malachite.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.malachite.testkit.client.FakeControl;
import dev.malachite.testkit.client.Fault;
import dev.malachite.testkit.client.Faults;
import dev.malachite.testkit.client.MalachiteClient;
import dev.malachite.testkit.client.Quotas;
import dev.malachite.testkit.emulator.Emulator;
import dev.malachite.testkit.emulator.JobRuntime;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What the annotation gives and takes back, seen from outside. */
class EmulatorExtensionTest {

    /** Samples are found by name only. */
    private static final String SAMPLE = "sample";

    @Test
    void aTestsFaultsGoWithTheTestAndAClassesWithTheClass() {
        try (FakeControl control = new FakeControl().asEmulator()) {
            control.answer("PUT /quota", "{}")
                    .answer("POST /faults", 201, "{\"id\": \"f1\", \"kind\": \"diskFull\"}")
                    .answer("DELETE /faults/f1", 204, "");

            run(Sample.class, "malachite.url", control.address().toString())
                    .testEvents()
                    .assertStatistics(stats -> stats.started(2).succeeded(2));

            assertThat(control.calls())
                    .filteredOn(call -> !call.startsWith("GET"))
                    .satisfiesExactly(
                            call -> assertThat(call).isEqualTo("PUT /quota"), // @BeforeAll
                            call -> assertThat(call).isEqualTo("POST /faults"), // the first test
                            call -> assertThat(call).isEqualTo("DELETE /faults/f1"),
                            call -> assertThat(call).isEqualTo("PUT /quota"), // the end of the class
                            call -> assertThat(call).startsWith("POST /reset?subscription="));
        }
    }

    @Test
    void anEmulatorWithTheWrongRuntimeIsNamedInOneLine() {
        try (FakeControl control = new FakeControl().asEmulator()) {
            control.answer("GET /overview", "{\"runtime\": \"simulated\"}");

            run(NeedsProcesses.class, "malachite.url", control.address().toString())
                    .containerEvents()
                    .assertThatEvents()
                    .haveExactly(
                            1,
                            event(finishedWithFailure(message(text -> text.contains("'simulated'")
                                    && text.endsWith("start it with './malachite up --runtime process'.")))));
        }
    }

    @Test
    void aJarThatIsNotThereIsNamedInOneLine() {
        EngineTestKit.engine("junit-jupiter")
                .configurationParameter("malachite.jar", "/no/such/malachite.jar")
                .selectors(selectClass(Sample.class))
                .execute()
                .containerEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(message(
                                text -> text.startsWith("There is no file /no/such/malachite.jar; build it with")))));
    }

    private static EngineExecutionResults run(Class<?> sample, String setting, String value) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter(setting, value)
                .selectors(selectClass(sample))
                .execute();
    }

    /** Changes something for the class and something for a test. */
    @EmulatorTest
    @Tag(SAMPLE)
    @TestMethodOrder(MethodOrderer.MethodName.class)
    static class Sample {

        private static String subscription = "";

        @BeforeAll
        static void limit(Quotas quotas, Emulator emulator) {
            subscription = emulator.subscription();
            quotas.limit(subscription, Quotas.TOTAL, 4);
        }

        @Test
        void first(Faults faults) {
            faults.add(new Fault.DiskFull());
        }

        @Nested
        class Inner {

            @Test
            void usesWhatTheClassAroundItHas(Emulator emulator, MalachiteClient client) {
                assertThat(emulator.subscription()).isEqualTo(subscription).isNotEqualTo("default");
                assertThat(client.address()).isEqualTo(emulator.control());
            }
        }
    }

    /** Cannot be met by an emulator that simulates. */
    @EmulatorTest(runtime = JobRuntime.PROCESS)
    @Tag(SAMPLE)
    static class NeedsProcesses {

        @Test
        void any() {}
    }
}
