package dev.malachite.server.fault;

import dev.malachite.engine.Fault;
import dev.malachite.engine.TargetId;
import dev.malachite.server.web.Fields;
import dev.malachite.server.web.Json;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A fault's effect as {@code POST /_emulator/faults} takes it; the store keeps the same form. */
public final class FaultJson {

    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final Duration NOTICE = Duration.ofSeconds(30);

    /** An eviction in longer than {@link #LONGEST} is none. */
    private static final double LEAST_RATE = 2e-5;

    private static final int MAX_TEXT = 2000;

    private FaultJson() {}

    /** As it was stored. */
    public static Fault.Effect read(ObjectNode stored) {
        return read(new Fields(stored), true);
    }

    /**
     * Refuses what it does not understand, naming the property.
     *
     * @param retry what becomes of the jobs of evicted nodes where the body does not say
     */
    public static Fault.Effect read(Fields fields, boolean retry) {
        String kind = fields.text("kind").orElseThrow(() -> fields.wrong("kind", "it is required."));
        return switch (kind) {
            case "eviction" -> evictions(fields, retry);
            case "slowProvisioning" ->
                new Fault.SlowProvisioning(fields.duration("duration", Duration.ofMillis(1), LONGEST)
                        .orElseThrow(() -> fields.wrong("duration", "it is required.")));
            case "allocationFailure" ->
                new Fault.AllocationFailure(
                        fields.text("code", MAX_TEXT).orElse("AllocationFailed"),
                        // Batch's words for the same.
                        fields.text("message", MAX_TEXT)
                                .orElse("Desired number of dedicated nodes could not be allocated"));
            case "nodeUnusable" ->
                // The service's own words for it (azure-docs#85756).
                new Fault.NodeUnusable(
                        fields.text("message", MAX_TEXT).orElse("The node encountered an unusable state."));
            case "failedState" -> new Fault.FailedState();
            default ->
                new Fault.Outside(Json.text(OutsideFault.read(kind, fields).json()));
        };
    }

    /** Refuses what a kind of fault does not take, rather than ignoring it. */
    public static void check(Fault.Effect effect, Optional<TargetId> target, Optional<Integer> times) {
        if (effect instanceof Fault.FailedState && times.isPresent()) {
            throw new Fields(write(effect))
                    .wrong("times", "a fault of this kind strikes all the time; 'lasts' says for how long.");
        }
        if (effect instanceof Fault.Outside outside) {
            Fields fields = new Fields(Json.parse(outside.document()));
            if (target.isPresent()) {
                throw fields.wrong("target", "a fault of this kind is not about one target.");
            }
            boolean lasts = switch (OutsideFault.read(fields.body())) {
                case OutsideFault.EngineAway _, OutsideFault.DiskFull _ -> true;
                case OutsideFault.ImageFailure _, OutsideFault.OnRequest _ -> false;
            };
            if (lasts && times.isPresent()) {
                throw fields.wrong("times", "a fault of this kind strikes all the time; 'lasts' says for how long.");
            }
        }
    }

    private static Fault.Effect evictions(Fields fields, boolean retry) {
        Optional<Duration> mean = fields.duration("meanTime", Duration.ofMillis(1), LONGEST);
        Optional<Double> rate = fields.number("ratePerHour", LEAST_RATE, 1e6);
        Optional<Double> share = fields.number("fraction", 0, 1);
        long given = java.util.stream.Stream.of(mean, rate, share)
                .filter(Optional::isPresent)
                .count();
        if (given != 1) {
            throw fields.wrong("meanTime", "one of meanTime, ratePerHour and fraction is required.");
        }
        Fault.Rule rule = share.<Fault.Rule>map(some -> new Fault.Fraction(
                        some,
                        fields.duration("after", Duration.ZERO, LONGEST)
                                .orElseThrow(() -> fields.wrong("after", "it is required with fraction."))))
                .orElseGet(() -> new Fault.MeanTime(
                        mean.orElseGet(() -> Duration.ofMillis((long) (3_600_000 / rate.orElseThrow())))));
        return new Fault.Evictions(
                rule,
                fields.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(0L),
                fields.duration("notice", Duration.ZERO, LONGEST).orElse(NOTICE),
                fields.flag("retry").orElse(retry));
    }

    public static ObjectNode write(Fault.Effect effect) {
        return switch (effect) {
            case Fault.Evictions evictions -> {
                ObjectNode json = Json.object().put("kind", "eviction");
                switch (evictions.rule()) {
                    case Fault.MeanTime rule -> json.put("meanTime", rule.mean().toString());
                    case Fault.Fraction rule ->
                        json.put("fraction", rule.share())
                                .put("after", rule.after().toString());
                }
                yield json.put("seed", evictions.seed())
                        .put("notice", evictions.notice().toString())
                        .put("retry", evictions.retry());
            }
            case Fault.SlowProvisioning slow ->
                Json.object()
                        .put("kind", "slowProvisioning")
                        .put("duration", slow.duration().toString());
            case Fault.AllocationFailure failure ->
                Json.object()
                        .put("kind", "allocationFailure")
                        .put("code", failure.code())
                        .put("message", failure.message());
            case Fault.NodeUnusable unusable ->
                Json.object().put("kind", "nodeUnusable").put("message", unusable.message());
            case Fault.FailedState _ -> Json.object().put("kind", "failedState");
            case Fault.Outside outside -> Json.parse(outside.document());
        };
    }
}
