package dev.malachite.engine;

import java.util.Optional;

/**
 * What is known of an image.
 *
 * @param reference the runtime's name for it, once it is there
 */
public record Image(ImageKey key, RuntimeKind runtime, Optional<String> reference) {

    boolean ready() {
        return reference.isPresent();
    }
}
