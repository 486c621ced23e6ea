package dev.malachite.server.database;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param next the token that leads to the rest; empty when this is the last page
 */
public record Slice<T>(List<T> items, Optional<String> next) {

    public <R> Slice<R> map(Function<? super T, ? extends R> change) {
        return new Slice<>(items.stream().<R>map(change).toList(), next);
    }
}
