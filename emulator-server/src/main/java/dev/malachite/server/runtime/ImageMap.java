package dev.malachite.server.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which local image stands for one that scripts name, so that they run unchanged with no registry in reach. */
public final class ImageMap {

    private final Properties entries;

    private ImageMap(Properties entries) {
        this.entries = entries;
    }

    /** Where the user's own entries are. */
    public static Path in(Path data) {
        return data.resolve("image-map.properties");
    }

    /** Our own entries, and those of the user's file where it exists. */
    public static ImageMap read(Path users) throws IOException {
        Properties entries = new Properties();
        try (InputStream in = ImageMap.class.getResourceAsStream("/runtime/image-map.properties")) {
            if (in == null) {
                throw new IllegalStateException("image-map.properties is not in the jar");
            }
            entries.load(in);
        }
        if (Files.isRegularFile(users)) {
            try (InputStream in = Files.newInputStream(users)) {
                entries.load(in);
            }
        }
        return new ImageMap(entries);
    }

    /** Empty when the image stands for itself. */
    public Optional<String> find(String image) {
        return entries.stringPropertyNames().stream()
                .filter(pattern -> matches(pattern, image))
                .max(Comparator.comparingInt(String::length))
                .map(entries::getProperty);
    }

    private static boolean matches(String pattern, String image) {
        String regex = Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return image.matches(regex);
    }
}
