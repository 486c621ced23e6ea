package dev.malachite.server.start;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.malachite.server.Ahead;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * The database, which a thread of its own opens and brings up to date while the rest of the server gets ready. Whoever
 * wants a connection waits for that, so nobody can see tables that are not there yet; the thread itself asks nobody.
 */
final class OpeningDatabase extends AbstractDataSource implements AutoCloseable {

    /** Requests read for microseconds and writes go one after the other: more connections only cost memory. */
    private static final int CONNECTIONS = 8;

    private final Ahead<HikariDataSource> opened;

    private OpeningDatabase(Ahead<HikariDataSource> opened) {
        this.opened = opened;
    }

    /** Begins to open a file below that folder, or memory. */
    static OpeningDatabase begin(boolean inMemory, Path data) {
        String url = url(inMemory, data);
        return new OpeningDatabase(Ahead.begin("database", () -> open(url)));
    }

    @Override
    public Connection getConnection() throws SQLException {
        return pool().getConnection();
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return pool().getConnection(username, password);
    }

    @Override
    public void close() {
        try {
            pool().close();
        } catch (SQLException | RuntimeException e) {
            // It was never open, which whoever wanted a connection has been told.
        }
    }

    private HikariDataSource pool() throws SQLException {
        try {
            return opened.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("Interrupted while the database was being opened", e);
        }
    }

    private static HikariDataSource open(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername("sa");
        config.setPassword("");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setPoolName("db");
        HikariDataSource pool = new HikariDataSource(config);
        try {
            Flyway.configure().dataSource(pool).load().migrate();
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
        return pool;
    }

    private static String url(boolean inMemory, Path data) {
        if (inMemory) {
            return "jdbc:h2:mem:malachite-%s;DB_CLOSE_DELAY=-1;TRACE_LEVEL_FILE=0".formatted(UUID.randomUUID());
        }
        // WRITE_DELAY=0: with H2's default, acknowledged commits of the last half second die with the process.
        // The lock of H2 stays on as a second guard beside our own.
        // CACHE_SIZE in KB: H2 would take 64 MB for each GB that the process may use, of which much would outlive a
        // collection of garbage and die soon after (decision 0011).
        return "jdbc:h2:file:%s;CACHE_SIZE=4096;WRITE_DELAY=0;TRACE_LEVEL_FILE=0;DB_CLOSE_ON_EXIT=FALSE"
                .formatted(data.toAbsolutePath().resolve("db").resolve("malachite"));
    }
}
