package dev.malachite.server.database;

import dev.malachite.server.disk.DiskSpace;
import java.util.function.Supplier;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Runs work in a transaction. A write that lost a race (two requests made the same row, or waited for each other) is
 * done again, so that the loser sees the winner's row instead of an error.
 */
@Component
public class Transactions {

    private static final int ATTEMPTS = 5;

    private final DiskSpace disk;
    private final TransactionTemplate writing;
    private final TransactionTemplate reading;

    Transactions(PlatformTransactionManager manager, DiskSpace disk) {
        this.disk = disk;
        writing = new TransactionTemplate(manager);
        reading = new TransactionTemplate(manager);
        reading.setReadOnly(true);
    }

    /** Not to be called within a transaction: what failed cannot be repeated there. */
    public <T> T write(Supplier<T> work) {
        disk.requirePlayed();
        for (int attempt = 1; ; attempt++) {
            try {
                return done(writing, work);
            } catch (ConcurrencyFailureException | DataIntegrityViolationException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    public <T> T read(Supplier<T> work) {
        return done(reading, work);
    }

    @SuppressWarnings("NullAway") // A supplier that returns a value makes the template return it.
    private static <T> T done(TransactionTemplate template, Supplier<T> work) {
        return template.execute(status -> work.get());
    }
}
