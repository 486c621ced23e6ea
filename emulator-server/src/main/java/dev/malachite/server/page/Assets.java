package dev.malachite.server.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.util.DigestUtils;

/** The page's files, read once from the jar: a name that is not among them names nothing, so no path can climb. */
@Component
class Assets {

    private static final Map<String, MediaType> TYPES = Map.of(
            "html", MediaType.parseMediaType("text/html;charset=utf-8"),
            "css", MediaType.parseMediaType("text/css;charset=utf-8"),
            "js", MediaType.parseMediaType("text/javascript;charset=utf-8"),
            "svg", MediaType.parseMediaType("image/svg+xml"));

    private final Map<String, Asset> byName;

    /**
     * One file.
     *
     * @param tag changes with the content
     */
    record Asset(Resource content, MediaType type, String tag) {}

    Assets() {
        this.byName = load();
    }

    Optional<Asset> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    private static Map<String, Asset> load() {
        Map<String, Asset> found = new HashMap<>();
        try {
            for (Resource file : new PathMatchingResourcePatternResolver().getResources("classpath:/ui/*.*")) {
                String name = Optional.ofNullable(file.getFilename()).orElse("");
                String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
                byte[] content = file.getContentAsByteArray();
                MediaType type = TYPES.getOrDefault(ending, MediaType.APPLICATION_OCTET_STREAM);
                found.put(name, new Asset(new ByteArrayResource(content), type, DigestUtils.md5DigestAsHex(content)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(found);
    }
}
