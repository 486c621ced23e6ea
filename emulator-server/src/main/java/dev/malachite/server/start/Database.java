package dev.malachite.server.start;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.malachite.server.Settings;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Where the database is: a file below the data folder, or memory. */
@Configuration(proxyBeanMethods = false)
class Database {

    /** Requests read for microseconds and writes go one after the other: more connections only cost memory. */
    private static final int CONNECTIONS = 8;

    @Bean
    DataSource dataSource(Settings settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url(settings));
        config.setUsername("sa");
        config.setPassword("");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setPoolName("db");
        return new HikariDataSource(config);
    }

    /** For whoever begins transactions; {@link dev.malachite.server.database.Transactions} also repeats those that lost a race. */
    @Bean
    TransactionTemplate transactionTemplate(PlatformTransactionManager manager) {
        return new TransactionTemplate(manager);
    }

    private static String url(Settings settings) {
        if (settings.inMemory()) {
            return "jdbc:h2:mem:malachite-%s;DB_CLOSE_DELAY=-1;TRACE_LEVEL_FILE=0".formatted(UUID.randomUUID());
        }
        // WRITE_DELAY=0: with H2's default, acknowledged commits of the last half second die with the process.
        // The lock of H2 stays on as a second guard beside our own.
        return "jdbc:h2:file:%s;WRITE_DELAY=0;TRACE_LEVEL_FILE=0;DB_CLOSE_ON_EXIT=FALSE"
                .formatted(settings.data().toAbsolutePath().resolve("db").resolve("malachite"));
    }
}
