package dev.malachite.testkit.junit;

import dev.malachite.testkit.client.MalachiteClient;
import dev.malachite.testkit.emulator.Emulator;

/** Gives a class a subscription that nobody else uses, and empties it afterwards. */
final class OwnSubscription {

    private OwnSubscription() {}

    /** The class's name is shown on the emulator's page. */
    static Emulator in(Emulator shared, Class<?> testClass) {
        try (MalachiteClient client = shared.client()) {
            return shared.withSubscription(
                    client.newSubscription(testClass.getSimpleName()).id());
        }
    }

    static void empty(Emulator own) {
        try (MalachiteClient client = own.client()) {
            client.reset(own.subscription());
        }
    }
}
