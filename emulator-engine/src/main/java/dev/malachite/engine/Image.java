package dev.malachite.engine;

import java.util.Optional;

/**
 * What is known of an image.
 *
 * @param reference the runtime's name for it, once it is there
 */
public record Image(ImageKey key, RuntimeKind runtime, Optional<String> reference) {

    /** One that somebody needs and that is not there yet. */
    static Image missing(ImageKey key, RuntimeKind runtime) {
        return new Image(key, runtime, Optional.empty());
    }

    boolean ready() {
        return reference.isPresent();
    }
}
