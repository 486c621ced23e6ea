package dev.malachite.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.UncategorizedSQLException;

class DiskFullTest {

    @Test
    void theDatabasesFailureForWantOfSpaceIsAFullDisk() {
        SQLException said = new SQLException("No free disk space available", "90100", 90100);

        assertThat(DiskFull.behind(new UncategorizedSQLException("write", "insert", said)))
                .get()
                .extracting(DiskFull::reason)
                .isEqualTo("The disk is full; nothing was changed. Make room, or delete what is not needed.");
    }

    @Test
    void soIsTheSystemsBehindWhateverWasMadeOfIt() {
        IOException said = new IOException("No space left on device");
        SQLException database = new SQLException("IO Exception", "90028", 90028, said);

        assertThat(DiskFull.behind(new DataAccessResourceFailureException("write", database)))
                .isPresent();
        assertThat(DiskFull.behind(
                        new UncheckedIOException(new IOException("data.bin: There is not enough space on the disk"))))
                .isPresent();
    }

    @Test
    void otherFailuresAreNone() {
        assertThat(DiskFull.behind(new UncheckedIOException(new IOException("Broken pipe"))))
                .isEmpty();
        assertThat(DiskFull.behind(new IllegalStateException("No space left on device")))
                .as("somebody's text")
                .isEmpty();
    }
}
