/** What features that keep documents in the database share: transactions, OData filters and pages. */
@NullMarked
package dev.malachite.server.database;

import org.jspecify.annotations.NullMarked;
