package dev.malachite.server.web;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;

/** The one directory (tenant) that everything here belongs to where nobody names another. */
public final class Directory {

    public static final String TENANT = "6d616c61-6368-4974-8000-00000000000a";

    private Directory() {}

    /** The object id of a user-assigned identity: the same wherever the identity is put to use. */
    public static String principalOf(String identity) {
        return guid("principal", identity);
    }

    /** The application id of a user-assigned identity, which clients call its client id. */
    public static String clientOf(String identity) {
        return guid("client", identity);
    }

    private static String guid(String what, String id) {
        return UUID.nameUUIDFromBytes((what + id.toLowerCase(Locale.ROOT)).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
