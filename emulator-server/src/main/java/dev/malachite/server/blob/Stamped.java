package dev.malachite.server.blob;

import java.time.Instant;

/** What a conditional header can be judged against. */
interface Stamped {

    /** Quoted, as it stands in the header. */
    String etag();

    Instant modified();
}
