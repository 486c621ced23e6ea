package dev.malachite.server.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JobNetworkTest {

    private final JobNetwork jobs = JobNetwork.parse("10.142.0.0/16");

    @Test
    void whoCallsFromAJobsNetworkIsAJob() {
        assertThat(jobs.hasJobAt("10.142.0.10")).isTrue();
        assertThat(jobs.hasJobAt("10.142.255.9")).isTrue();
    }

    @Test
    void hostsAndNeighboursInAComposeNetworkAreUsers() {
        assertThat(jobs.hasJobAt("127.0.0.1")).isFalse();
        assertThat(jobs.hasJobAt("0:0:0:0:0:0:0:1")).isFalse();
        assertThat(jobs.hasJobAt("10.143.0.1")).isFalse();
        assertThat(jobs.hasJobAt("172.18.0.3")).isFalse();
    }

    @Test
    void whatComesInThroughAPublishedPortBearsAGatewaysAddressAndIsNoJobs() {
        assertThat(jobs.hasJobAt("10.142.0.1")).isFalse();
        assertThat(jobs.hasJobAt("10.142.7.1")).isFalse();
        assertThat(jobs.hasJobAt("10.142.1.10")).isTrue();
    }

    @Test
    void aRangeMustBeOne() {
        assertThatThrownBy(() -> JobNetwork.parse("10.142.0.0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JobNetwork.parse("10.142.0.0/33")).isInstanceOf(IllegalArgumentException.class);
    }
}
