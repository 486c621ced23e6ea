package dev.malachite.server.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.engine.JobId;
import dev.malachite.server.artifact.Artifacts;
import dev.malachite.server.blob.FilesTest;
import dev.malachite.server.blob.FilesTestApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class EarlierLogsTest extends FilesTest {

    private static final String LOG = "user_logs/std_log.txt";

    @Autowired
    private Artifacts artifacts;

    private final JobId job = new JobId(FilesTestApplication.id("ws"), "run_" + UUID.randomUUID());

    private Path file(String name) throws IOException {
        return artifacts.logFile(job.workspace(), job.run(), name);
    }

    private Path retry(int number) throws IOException {
        return file("user_logs/retry_%03d/std_log.txt".formatted(number));
    }

    private void begins(int attempt) throws IOException {
        new EarlierLogs(artifacts).setAside(job, attempt, LOG);
    }

    private void runs(int attempt) throws IOException {
        begins(attempt);
        assertThat(file(LOG)).doesNotExist();
        Files.writeString(file(LOG), "attempt " + attempt);
    }

    @Test
    void eachAttemptHasTheLogOfItsNumber() throws IOException {
        runs(1);
        runs(2);
        runs(3);

        assertThat(retry(0)).hasContent("attempt 1");
        assertThat(retry(1)).hasContent("attempt 2");
        assertThat(file(LOG)).hasContent("attempt 3");
        assertThat(retry(2)).doesNotExist();
    }

    @Test
    void anAttemptThatIsStartedAgainKeepsItsOwnLog() throws IOException {
        runs(1);
        runs(2);
        begins(2);

        assertThat(retry(0)).hasContent("attempt 1");
        assertThat(file(LOG)).hasContent("attempt 2");
    }

    @Test
    void attemptsThatWereLostBeforeTheirStartDoNotTakeTheLogOfAnEarlierOne() throws IOException {
        runs(1);
        runs(2);
        runs(5);
        begins(5);

        assertThat(retry(0)).hasContent("attempt 1");
        assertThat(retry(1)).hasContent("attempt 2");
        assertThat(retry(2)).isEmptyFile();
        assertThat(retry(3)).isEmptyFile();
        assertThat(file(LOG)).hasContent("attempt 5");
    }

    @Test
    void anAttemptThatPrintedNothingHasAnEmptyLog() throws IOException {
        begins(1);
        begins(2);
        runs(3);

        assertThat(retry(0)).isEmptyFile();
        assertThat(retry(1)).isEmptyFile();
        assertThat(file(LOG)).hasContent("attempt 3");
    }
}
