package dev.malachite.server.arm;

import dev.malachite.api.Errors;
import dev.malachite.server.Settings;
import dev.malachite.server.web.AzureException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The subscriptions that exist: the one of the settings, and every one that a request has named, because the v1 SDK
 * refuses a subscription that is not listed and there is no portal to make one in.
 */
@Component
public class Subscriptions {

    /** Azure's form: what is refused there must not seem to work here. */
    private static final Pattern ID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    /** More than any test suite names, few enough to be listed in one answer. */
    private static final int MAX = 20_000;

    private final SubscriptionRows rows;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final String first;

    /** Spares the table a question in each request. */
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    Subscriptions(SubscriptionRows rows, PlatformTransactionManager transactions, Clock clock, Settings settings) {
        this.rows = rows;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        this.first = Keys.of(settings.subscription());
    }

    /** Makes the subscription known; one that is already stays as it is. */
    public void know(String id) {
        String key = Keys.of(id);
        if (known.contains(key)) {
            return;
        }
        if (!ID.matcher(id).matches()) {
            throw new AzureException(Errors.invalidSubscription(id));
        }
        keep(key);
    }

    private synchronized void keep(String key) {
        transaction.executeWithoutResult(status -> {
            if (!rows.existsById(key)) {
                if (rows.count() >= MAX) {
                    throw new AzureException(
                            Errors.conflict("There are %d subscriptions; reset the emulator.".formatted(MAX)));
                }
                rows.save(new SubscriptionRow(key, clock.instant().truncatedTo(ChronoUnit.MICROS)));
            }
        });
        known.add(key);
    }

    /** Forgets what is remembered of the table, after somebody else has emptied it. */
    public void forget() {
        known.clear();
    }

    /** All ids in the order in which they were first named; the settings' own comes first. */
    public List<String> list() {
        know(first);
        List<String> ids = rows.findAllByOrderByCreatedOnAscIdAsc().stream()
                .map(SubscriptionRow::id)
                .filter(id -> !id.equals(first))
                .toList();
        return Stream.concat(Stream.of(first), ids.stream()).toList();
    }
}
