package dev.malachite.server.web;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Azure's regions that have the service; an emulator has all of them. */
public final class Regions {

    private static final List<String> DISPLAY_NAMES = List.of(
            "Australia Central",
            "Australia East",
            "Australia Southeast",
            "Brazil South",
            "Canada Central",
            "Canada East",
            "Central India",
            "Central US",
            "East Asia",
            "East US",
            "East US 2",
            "France Central",
            "Germany West Central",
            "Israel Central",
            "Italy North",
            "Japan East",
            "Japan West",
            "Korea Central",
            "Korea South",
            "North Central US",
            "North Europe",
            "Norway East",
            "Poland Central",
            "Qatar Central",
            "South Africa North",
            "South Central US",
            "South India",
            "Southeast Asia",
            "Spain Central",
            "Sweden Central",
            "Switzerland North",
            "Switzerland West",
            "UAE North",
            "UK South",
            "UK West",
            "West Central US",
            "West Europe",
            "West US",
            "West US 2",
            "West US 3");

    private static final Map<String, String> BY_NAME =
            DISPLAY_NAMES.stream().collect(Collectors.toUnmodifiableMap(Regions::canonical, name -> name));

    private Regions() {}

    /** Lower case without blanks, as ids have it. */
    public static String canonical(String name) {
        return name.toLowerCase(Locale.ROOT).replace(" ", "");
    }

    public static boolean exists(String name) {
        return BY_NAME.containsKey(canonical(name));
    }

    /** For example {@code Korea Central}. */
    public static List<String> displayNames() {
        return DISPLAY_NAMES;
    }

    /** For example {@code koreacentral}. */
    public static Collection<String> names() {
        List<String> names = new ArrayList<>(BY_NAME.keySet());
        names.sort(null);
        return names;
    }
}
