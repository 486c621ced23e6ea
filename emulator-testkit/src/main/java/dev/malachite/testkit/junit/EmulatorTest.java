package dev.malachite.testkit.junit;

import dev.malachite.testkit.emulator.JobRuntime;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A test class that uses the emulator. It gets a subscription of its own, which is emptied when the class ends; the emulator
 * is shared by all classes of the JVM and stopped at its end.
 *
 * <p>Constructors and methods may have parameters of these types: {@code Emulator}, {@code MalachiteClient} and its parts
 * {@code EmulatorClock}, {@code Nodes}, {@code Faults}, {@code Quotas}, {@code Events}. What a test changed through one of
 * them (faults, quotas, the clock's mode) is undone after the test; what {@code @BeforeAll} or the constructor changed,
 * after the class. Events are followed from the moment on at which the parameter is made.
 *
 * <p>The emulator is, in this order:
 *
 * <ol>
 *   <li>the one at {@code MALACHITE_URL} (or the JUnit parameter or system property {@code malachite.url}), for example
 *       {@code http://127.0.0.1:10080};
 *   <li>a child process, when {@code malachite.jar} names the emulator's jar or {@code malachite.launcher} the launcher of a
 *       checkout (both also as variables, {@code MALACHITE_JAR}, {@code MALACHITE_LAUNCHER});
 *   <li>a container, when Testcontainers is on the class path and finds a Docker engine.
 * </ol>
 *
 * <p>The clock belongs to all, so such classes never run at the same time, even where JUnit is told to run in parallel.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(EmulatorExtension.class)
@ResourceLock(EmulatorExtension.LOCK)
public @interface EmulatorTest {

    /**
     * Where jobs must run. Empty: wherever the emulator runs them, which is {@link JobRuntime#SIMULATED} where the emulator
     * is started for the tests. For each runtime that is asked for one emulator is started.
     */
    JobRuntime[] runtime() default {};
}
