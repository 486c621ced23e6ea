package dev.malachite.testkit.junit;

import dev.malachite.testkit.container.MalachiteContainer;
import dev.malachite.testkit.emulator.Emulator;
import dev.malachite.testkit.emulator.JobRuntime;
import dev.malachite.testkit.junit.EmulatorExtension.Kept;
import org.testcontainers.DockerClientFactory;

/** The only class here that knows Testcontainers, which need not be on the class path. */
final class Containers {

    private Containers() {}

    static boolean available() {
        try {
            Class.forName("org.testcontainers.DockerClientFactory", false, Containers.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            return false;
        }
        return Engine.answers();
    }

    static Kept<Emulator> start(JobRuntime runtime) {
        return Engine.start(runtime);
    }

    /** Loaded only when the class path has what it needs. */
    private static final class Engine {

        private Engine() {}

        static boolean answers() {
            return DockerClientFactory.instance().isDockerAvailable();
        }

        static Kept<Emulator> start(JobRuntime runtime) {
            MalachiteContainer container = new MalachiteContainer().withRuntime(runtime);
            container.start();
            return new Kept<>(container.emulator(), container::stop);
        }
    }
}
