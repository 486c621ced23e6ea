package dev.malachite.server.control;

import dev.malachite.engine.Command;
import dev.malachite.engine.QuotaKey;
import dev.malachite.engine.QuotaRules;
import dev.malachite.engine.QuotaScope;
import dev.malachite.engine.State;
import dev.malachite.server.Settings;
import dev.malachite.server.arm.Subscriptions;
import dev.malachite.server.compute.VmSizes;
import dev.malachite.server.loop.Commands;
import dev.malachite.server.loop.ControlLoop;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Fields;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Regions;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How many cores and computes a subscription may have, changed as Azure's support would. */
@RestController
@RequestMapping("/_emulator/quota")
class QuotaController {

    private static final long MOST_CORES = 1_000_000;

    private final ControlLoop loop;
    private final Commands commands;
    private final VmSizes sizes;
    private final Subscriptions subscriptions;
    private final Settings settings;

    QuotaController(
            ControlLoop loop, Commands commands, VmSizes sizes, Subscriptions subscriptions, Settings settings) {
        this.loop = loop;
        this.commands = commands;
        this.sizes = sizes;
        this.subscriptions = subscriptions;
        this.settings = settings;
    }

    /** Every limit that was set or that something counts against; all others stand at their default. */
    @GetMapping
    ObjectNode list(@RequestParam(required = false) @Nullable String subscription) {
        State state = loop.state();
        TreeSet<QuotaKey> keys = new TreeSet<>(state.quotasInUse());
        keys.addAll(state.limits().keySet());
        ObjectNode page = Json.object();
        ArrayNode limits = page.putArray("limits");
        for (QuotaKey key : keys) {
            if (key.workspace().isPresent()) {
                continue; // it is set and seen by the service's own calls
            }
            if (subscription == null || key.scope().subscription().equalsIgnoreCase(subscription)) {
                limits.add(json(state, key));
            }
        }
        return page;
    }

    /**
     * Body: {@code {"subscription"?, "location"?, "family", "limit"}}; subscription and region are the default ones when
     * nothing is said, a limit of null goes back to the default.
     */
    @PutMapping
    ObjectNode set(@Body ObjectNode body) {
        Fields fields = new Fields(body);
        String family = fields.text("family").orElseThrow(() -> fields.wrong("family", "it is required."));
        String pool = pool(family)
                .orElseThrow(() -> fields.wrong(
                        "family",
                        "'%s' is not a quota family; 'total', 'lowPriority' and 'computes' are taken too."
                                .formatted(family)));
        if (!body.has("limit")) {
            throw fields.wrong("limit", "it is required; null goes back to the default.");
        }
        String subscription = fields.text("subscription", 64).orElse(settings.subscription());
        String location = region(fields);
        Optional<Long> limit = fields.whole("limit", 0, MOST_CORES);
        fields.refuseOthers();
        subscriptions.know(subscription);
        QuotaKey key = new QuotaKey(new QuotaScope(subscription, location), pool);
        commands.execute(new Command.SetLimit(key, limit));
        return json(loop.state(), key);
    }

    private String region(Fields fields) {
        String location = Regions.canonical(fields.text("location", 60).orElse(settings.region()));
        if (!Regions.exists(location)) {
            throw fields.wrong("location", "'%s' is not a region of the service.".formatted(location));
        }
        return location;
    }

    private Optional<String> pool(String family) {
        if (family.equalsIgnoreCase(QuotaKey.TOTAL)) {
            return Optional.of(QuotaKey.TOTAL);
        }
        if (family.equalsIgnoreCase(QuotaKey.COMPUTES)) {
            return Optional.of(QuotaKey.COMPUTES);
        }
        return family.equalsIgnoreCase(QuotaKey.LOW_PRIORITY)
                ? Optional.of(QuotaKey.LOW_PRIORITY)
                : sizes.family(family).map(VmSizes.Family::name);
    }

    private ObjectNode json(State state, QuotaKey key) {
        boolean gpus = sizes.family(key.pool()).filter(VmSizes.Family::gpus).isPresent();
        return Json.object()
                .put("subscription", key.scope().subscription())
                .put("location", key.scope().location())
                .put("family", key.pool())
                .put("limit", QuotaRules.limit(state, key, gpus))
                .put("used", state.used(key));
    }
}
