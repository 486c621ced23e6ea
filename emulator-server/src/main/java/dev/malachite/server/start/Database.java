package dev.malachite.server.start;

import dev.malachite.server.Settings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where the database is: a file below the data folder, or memory. */
@Configuration(proxyBeanMethods = false)
class Database {

    /** What was begun before the framework looked for beans. */
    record Begun(OpeningDatabase database) {}

    @Bean
    OpeningDatabase dataSource(Settings settings, ObjectProvider<Begun> begun) {
        return begun.getIfAvailable(() -> new Begun(OpeningDatabase.begin(settings.inMemory(), settings.data())))
                .database();
    }
}
