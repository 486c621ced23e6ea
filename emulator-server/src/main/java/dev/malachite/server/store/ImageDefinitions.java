package dev.malachite.server.store;

import dev.malachite.engine.ImageKey;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.web.Json;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What images are made from, as the jobs asked for them; kept so that a restart can build them again. */
@Component
public class ImageDefinitions {

    private final JdbcClient jdbc;

    ImageDefinitions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public Optional<ImageDefinition> find(ImageKey key) {
        return jdbc.sql("select definition from image_definition where image_key = :key")
                .param("key", key.value())
                .query(String.class)
                .optional()
                .map(text -> Json.mapper().readValue(text, ImageDefinition.class));
    }
}
