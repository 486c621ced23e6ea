package dev.malachite.server.arm;

import dev.malachite.api.Errors;
import dev.malachite.server.Settings;
import dev.malachite.server.web.AzureException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
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

    private static final String DEFAULT_NAME = "Malachite %s";

    /** Azure's own bound. */
    public static final int LONGEST_NAME = 64;

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

    /** A subscription, its id in lower case. */
    public record Subscription(String id, String name) {}

    /** Makes the subscription known; one that is already stays as it is. */
    public void know(String id) {
        if (!known.contains(Keys.of(id))) {
            keep(checked(id), Optional.empty());
        }
    }

    /** Makes the subscription known, by that name from now on if one is given; at most {@link #LONGEST_NAME} characters. */
    public Subscription know(String id, Optional<String> name) {
        return view(keep(checked(id), name));
    }

    /** The subscription as it is; one that nobody has named is called by its id. */
    public Subscription get(String id) {
        return rows.findById(Keys.of(id))
                .map(Subscriptions::view)
                .orElseGet(() -> new Subscription(id, DEFAULT_NAME.formatted(id)));
    }

    private static String checked(String id) {
        if (!ID.matcher(id).matches()) {
            throw new AzureException(Errors.invalidSubscription(id));
        }
        return Keys.of(id);
    }

    private synchronized SubscriptionRow keep(String key, Optional<String> name) {
        SubscriptionRow kept = transaction.execute(status -> {
            SubscriptionRow row = rows.findById(key).orElse(null);
            if (row == null) {
                if (rows.count() >= MAX) {
                    throw new AzureException(
                            Errors.conflict("There are %d subscriptions; reset the emulator.".formatted(MAX)));
                }
                row = new SubscriptionRow(
                        key, name.orElse(null), clock.instant().truncatedTo(ChronoUnit.MICROS));
            }
            name.ifPresent(row::name);
            return rows.save(row);
        });
        known.add(key);
        return kept;
    }

    private static Subscription view(SubscriptionRow row) {
        return new Subscription(row.id(), row.name().orElse(DEFAULT_NAME.formatted(row.id())));
    }

    /** Forgets what is remembered of the table, after somebody else has emptied it. */
    public void forget() {
        known.clear();
    }

    /** All in the order in which they were first named; the settings' own comes first. */
    public List<Subscription> list() {
        know(first);
        List<Subscription> others = rows.findAllByOrderByCreatedOnAscIdAsc().stream()
                .filter(row -> !row.id().equals(first))
                .map(Subscriptions::view)
                .toList();
        return Stream.concat(Stream.of(get(first)), others.stream()).toList();
    }
}
