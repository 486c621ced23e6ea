package dev.malachite.testkit.junit;

import dev.malachite.testkit.client.MalachiteClient;
import dev.malachite.testkit.emulator.Emulator;
import java.util.UUID;

/** Gives a class a subscription that nobody else uses, and empties it afterwards. */
final class OwnSubscription {

    private OwnSubscription() {}

    /** Naming an id makes it known, so a random one is as good as one that is asked for. */
    static Emulator in(Emulator shared) {
        return shared.withSubscription(UUID.randomUUID().toString());
    }

    static void empty(Emulator own) {
        try (MalachiteClient client = own.client()) {
            client.reset(own.subscription());
        }
    }
}
