package dev.malachite.server.web;

import dev.malachite.api.Errors;
import java.util.Locale;
import java.util.Optional;

/** Which of the resources a list is asked for, as azure-ai-ml's {@code list_view_type} says it. */
public final class ListViewType {

    private ListViewType() {}

    /** Whether archived ones are wanted; empty for all. */
    public static Optional<Boolean> archived(String listViewType) {
        return switch (listViewType.toLowerCase(Locale.ROOT)) {
            case "activeonly" -> Optional.of(false);
            case "archivedonly" -> Optional.of(true);
            case "all" -> Optional.empty();
            default ->
                throw new AzureException(
                        Errors.invalidParameter("listViewType", "it is one of ActiveOnly, ArchivedOnly and All."));
        };
    }
}
