package dev.malachite.server.web;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** Who made a resource and who changed it last, as Azure Resource Manager writes it ({@code systemData}). */
public final class SystemData {

    private SystemData() {}

    public static ObjectNode of(String by, Instant created, Instant modified) {
        return of(by, created, by, modified);
    }

    public static ObjectNode of(String by, Instant created, String changedBy, Instant modified) {
        return Json.object()
                .put("createdAt", created.toString())
                .put("createdBy", by)
                .put("createdByType", "User")
                .put("lastModifiedAt", modified.toString())
                .put("lastModifiedBy", changedBy)
                .put("lastModifiedByType", "User");
    }
}
