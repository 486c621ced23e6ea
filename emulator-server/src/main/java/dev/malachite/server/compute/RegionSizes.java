package dev.malachite.server.compute;

import dev.malachite.server.web.Regions;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which VM sizes a region has, where somebody has said it. */
final class RegionSizes {

    private final Map<String, Predicate<String>> byRegion = new HashMap<>();

    RegionSizes(Map<String, List<String>> patterns) {
        patterns.forEach((region, names) -> {
            if (!Regions.exists(Regions.canonical(region))) {
                throw new IllegalArgumentException("malachite.compute.sizes." + region + ": there is no such region");
            }
            byRegion.put(Regions.canonical(region), offered(names));
        });
    }

    boolean has(String region, String size) {
        return byRegion.getOrDefault(Regions.canonical(region), _ -> true).test(size.toLowerCase(Locale.ROOT));
    }

    private static Predicate<String> offered(List<String> names) {
        List<Pattern> with =
                patterns(names.stream().filter(name -> !name.startsWith("!")).toList());
        List<Pattern> without = patterns(names.stream()
                .filter(name -> name.startsWith("!"))
                .map(name -> name.substring(1))
                .toList());
        return size -> (with.isEmpty() || matches(with, size)) && !matches(without, size);
    }

    private static List<Pattern> patterns(List<String> names) {
        return names.stream()
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .map(name -> Pattern.compile(Pattern.quote(name).replace("*", "\\E.*\\Q")))
                .toList();
    }

    private static boolean matches(List<Pattern> patterns, String size) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(size).matches());
    }
}
