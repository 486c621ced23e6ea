package dev.malachite.server.start;

import dev.malachite.server.database.Persistence;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Begins to open the database and to get Hibernate ready before the framework looks for beans, so that both are done when
 * the first bean needs them, or nearly; the beans then take what was begun. Not sooner: until its settings are read, the log shows
 * what Hibernate says of itself.
 */
final class EarlyDatabase
        implements ApplicationListener<ApplicationEnvironmentPreparedEvent>,
                ApplicationContextInitializer<ConfigurableApplicationContext>,
                AutoCloseable {

    private final boolean inMemory;
    private final Path data;

    private @Nullable OpeningDatabase database;
    private Persistence.@Nullable Begun hibernate;

    EarlyDatabase(boolean inMemory, Path data) {
        this.inMemory = inMemory;
        this.data = data;
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        OpeningDatabase opening = OpeningDatabase.begin(inMemory, data);
        database = opening;
        hibernate = Persistence.begin(opening);
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        if (database != null && hibernate != null) {
            context.getBeanFactory().registerSingleton("databaseBegun", new Database.Begun(database));
            context.getBeanFactory().registerSingleton("hibernateBegun", hibernate);
        }
    }

    /** After a start that failed: the framework may not have known of it yet. */
    @Override
    public void close() {
        if (database != null) {
            database.close();
        }
    }
}
