package dev.malachite.server.database;

import jakarta.annotation.PreDestroy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes rows that change often cheap to write durably: a batch of them is one row of the journal, and what a row has come
 * to in the end is written into its table later, once for many changes. Who reads such a table calls {@link #catchUp} first.
 */
@Component
public class WriteBehind {

    private static final Logger LOG = LoggerFactory.getLogger(WriteBehind.class);

    /** So many rows may be late; twice as many, and the writer waits. Bounds memory, and the time that a reader waits. */
    private static final int LATE = 16_384;

    /** And so many bytes of the journal: a start reads them all at once. */
    private static final long LATE_BYTES = 32L * 1024 * 1024;

    /** So many rows are written into their tables in one transaction. */
    private static final int AT_ONCE = 1024;

    private static final int ATTEMPTS = 3;

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;

    /** Held while rows are written into their tables. Taken before {@link #state}. */
    private final ReentrantLock writing = new ReentrantLock();

    private final AtomicBoolean begun = new AtomicBoolean();
    private final Object state = new Object();
    private Writes late = new Writes();
    private Writes underWay = new Writes();
    private long lateUpTo;
    private long lateBytes;
    private long number;

    /** Whether the table may hold more than is known: at the start, and when a commit's outcome was not seen. */
    private boolean unsure = true;

    public WriteBehind(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /**
     * Returns when all of it is on disk; throws, and has written nothing, when that cannot be.
     *
     * @param atOnce rows that are written into their tables in the same transaction; none of their tables is ever late
     * @param alongside what else belongs to the transaction
     */
    public synchronized void commit(Writes often, Writes atOnce, Runnable alongside) {
        List<byte[]> texts = JournalText.write(often);
        long first = (unsure ? Math.max(number, last()) : number) + 1;
        unsure = true;
        transaction.executeWithoutResult(status -> {
            alongside.run();
            atOnce.write(jdbc);
            for (int i = 0; i < texts.size(); i++) {
                jdbc.update("insert into journal (number, entries) values (?, ?)", first + i, texts.get(i));
            }
        });
        number = first + texts.size() - 1;
        unsure = false;
        if (texts.isEmpty()) {
            return;
        }
        double full;
        synchronized (state) {
            late.add(often);
            lateUpTo = number;
            lateBytes += texts.stream().mapToLong(text -> text.length).sum();
            full = Math.max((double) late.size() / LATE, (double) lateBytes / LATE_BYTES);
        }
        if (full >= 2) {
            writeAll();
        } else if (full >= 1 && begun.compareAndSet(false, true)) {
            Thread.ofVirtual().name("write-behind").start(() -> {
                begun.set(false);
                writeAll();
            });
        }
    }

    /** Brings the tables up to date with what the journal holds, that of an earlier process too. */
    public synchronized void replay() {
        writeAll();
        Writes left = new Writes();
        jdbc.query("select entries from journal order by number", row -> {
            JournalText.read(row.getBytes(1), left);
        });
        intoTables(left, Long.MAX_VALUE);
    }

    /**
     * Afterwards the table holds all that was committed before. Called before a transaction begins: within one it does
     * nothing, because the transaction may have locked the very rows.
     */
    public void catchUp(Table table) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return;
        }
        synchronized (state) {
            if (!late.has(table) && !underWay.has(table)) {
                return;
            }
        }
        for (int attempt = 1; !written(); attempt++) {
            if (attempt == ATTEMPTS) {
                // An old row that is shown as if it were the last would be a lie.
                throw new PessimisticLockingFailureException("rows are late: the tables could not be written");
            }
        }
    }

    /**
     * What was committed of a row and may not be in its table yet; asked before the table is read. Who reads one row needs
     * no others written for that.
     */
    public Optional<Row> late(Row key) {
        synchronized (state) {
            return late.find(key).or(() -> underWay.find(key));
        }
    }

    /** What cannot be written now stays in the journal, and is tried again. */
    @PreDestroy
    void writeAll() {
        written();
    }

    private boolean written() {
        writing.lock();
        try {
            Writes taken;
            long upTo;
            synchronized (state) {
                taken = late;
                upTo = lateUpTo;
                late = new Writes();
                lateBytes = 0;
                underWay = taken;
            }
            return taken.size() == 0 || write(taken, upTo);
        } finally {
            writing.unlock();
        }
    }

    private boolean write(Writes taken, long upTo) {
        boolean written = false;
        try {
            intoTables(taken, upTo);
            written = true;
        } catch (RuntimeException e) {
            LOG.warn("{} rows stay in the journal for now: {}", taken.size(), e.getMessage());
        } finally {
            synchronized (state) {
                underWay = new Writes();
                if (!written) {
                    taken.add(late);
                    late = taken;
                }
            }
        }
        return written;
    }

    /**
     * A part at a time: what one large transaction would have to undo is written with every commit meanwhile. Should a part
     * fail, those before it are written again with it.
     */
    private void intoTables(Writes taken, long upTo) {
        try {
            for (Writes part : taken.parts(AT_ONCE)) {
                transaction.executeWithoutResult(status -> part.write(jdbc));
            }
            forget(upTo);
        } catch (DataIntegrityViolationException e) {
            // A row that its table refuses will be refused for ever; it must not keep all others from theirs.
            taken.parts(1).forEach(this::alone);
            forget(upTo);
        }
    }

    private void forget(long upTo) {
        transaction.executeWithoutResult(status -> jdbc.update("delete from journal where number <= ?", upTo));
    }

    private void alone(Writes row) {
        try {
            transaction.executeWithoutResult(status -> row.write(jdbc));
        } catch (DataIntegrityViolationException e) {
            LOG.error("a row is left out, which its table refuses: a bug, please report it", e);
        }
    }

    private long last() {
        Long last = jdbc.queryForObject("select coalesce(max(number), 0) from journal", Long.class);
        return last == null ? 0 : last;
    }
}
