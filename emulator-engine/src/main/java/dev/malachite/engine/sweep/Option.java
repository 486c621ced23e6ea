package dev.malachite.engine.sweep;

import java.util.OptionalLong;

/** One option of a choice. */
public sealed interface Option {

    int dimensions();

    /** JSON. */
    String value(double... at);

    OptionalLong count();

    /**
     * A constant.
     *
     * @param json its value
     */
    record Constant(String json) implements Option {

        @Override
        public int dimensions() {
            return 0;
        }

        @Override
        public String value(double... at) {
            return json;
        }

        @Override
        public OptionalLong count() {
            return OptionalLong.of(1);
        }
    }

    /** A space of its own, which is there only if this option is taken. */
    record Nested(SearchSpace space) implements Option {

        @Override
        public int dimensions() {
            return space.dimensions();
        }

        @Override
        public String value(double... at) {
            return SearchSpace.json(space.point(at));
        }

        @Override
        public OptionalLong count() {
            return space.count();
        }
    }
}
