package dev.malachite.server.mlflow;

import java.util.List;

/** Names for runs that nobody has named, of the service's form: {@code calm_pear_1x2y3z4w}. */
final class RandomNames {

    private static final List<String> FIRST = List.of(
            "amber", "bold", "brave", "bright", "calm", "clever", "crisp", "eager", "gentle", "green", "happy",
            "honest", "keen", "kind", "lively", "lucky", "mellow", "modest", "neat", "patient", "polite", "proud",
            "quiet", "sharp", "silver", "steady", "sunny", "tidy", "warm", "wise", "witty", "young");

    private static final List<String> SECOND = List.of(
            "apple", "bean", "bell", "bird", "boat", "bridge", "cloud", "drum", "fern", "fig", "garden", "hill",
            "island", "jewel", "kite", "lake", "leaf", "lemon", "maple", "meadow", "onion", "owl", "pear", "pine",
            "plum", "river", "sail", "spoon", "stone", "sugar", "tree", "wave");

    private RandomNames() {}

    static String of(String id) {
        int hash = id.hashCode();
        return FIRST.get(Math.floorMod(hash, FIRST.size()))
                + "_"
                + SECOND.get(Math.floorMod(hash >> 8, SECOND.size()))
                + "_"
                + id.substring(0, 8);
    }
}
