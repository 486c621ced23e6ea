package dev.malachite.server.control;

import dev.malachite.server.arm.Subscriptions;
import dev.malachite.server.arm.Subscriptions.Subscription;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Fields;
import dev.malachite.server.web.Json;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** Makes subscriptions known, as there is no portal to make them in: each test can have one of its own. */
@RestController
@RequestMapping("/_emulator/subscriptions")
class KnownSubscriptions {

    private final Subscriptions subscriptions;

    KnownSubscriptions(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    /** Body: {@code {"id"?, "name"?}}; without an id, it is a new random one. */
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    ObjectNode know(@Body ObjectNode body) {
        Fields fields = new Fields(body);
        String id = fields.text("id").orElseGet(() -> UUID.randomUUID().toString());
        Subscription known = subscriptions.know(id, fields.text("name", Subscriptions.LONGEST_NAME));
        return Json.object().put("id", known.id()).put("name", known.name());
    }
}
