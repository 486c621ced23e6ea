package dev.malachite.server;

import java.nio.file.Path;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a start can be told.
 *
 * @param data the folder that holds everything that must survive: database, files, certificates
 * @param inMemory keep nothing: the database lives in memory, files in a folder that is removed at the end
 * @param host address to listen on; anything but loopback opens the emulator to the network
 * @param names further names and addresses that clients call it by, which its certificate must vouch for
 * @param httpsPort port for everything that bears tokens
 * @param httpPort port for health, the page, the control API and managed-identity tokens
 * @param proxyPort port of the proxy for clients whose addresses are fixed: a number (0 for any), {@code off}, or {@code auto}
 *     for 10444 or, where that is taken, any
 * @param proxyOthers what the proxy does with names that are none of Azure's: {@code pass}, {@code refuse} or {@code auto} for
 *     passing on loopback alone
 * @param runtime {@code auto} (docker where an engine answers, else process), {@code docker}, {@code process} or
 *     {@code simulated}
 * @param onPreemption what becomes of a job whose node is evicted: {@code requeue} or {@code fail}
 * @param subscription the subscription that exists from the start
 * @param region where that subscription's resources are when nothing else is said
 * @param clock how time passes from the start on: {@code real}, {@code manual}, {@code auto} or a speed such as {@code 60x};
 *     empty for as it did before
 * @param eventsMib how much of the event log is kept, in MiB
 * @param azurite the URL or the connection string of a running Azurite that has the blobs too; empty for none
 * @param exitAfterStart end as soon as ready: the training run of the AOT cache
 */
@ConfigurationProperties("malachite")
public record Settings(
        @DefaultValue("~/.malachite") Path data,
        @DefaultValue("false") boolean inMemory,
        @DefaultValue("127.0.0.1") String host,
        @DefaultValue List<String> names,
        @DefaultValue("10443") int httpsPort,
        @DefaultValue("10080") int httpPort,
        @DefaultValue("auto") String proxyPort,
        @DefaultValue("auto") String proxyOthers,
        @DefaultValue("auto") String runtime,
        @DefaultValue("requeue") String onPreemption,

        @DefaultValue("6d616c61-6368-4974-8000-000000000001")
        String subscription,

        @DefaultValue("koreacentral") String region,
        @DefaultValue("") String clock,
        @DefaultValue("64") int eventsMib,
        @DefaultValue("") String azurite,
        @DefaultValue("false") boolean exitAfterStart) {

    /** The name of {@link #scratch} in the data folder: one that nobody else gives to a folder of theirs. */
    public static final String SCRATCH = "malachite.tmp";

    public Settings {
        // Nobody else replaces it: no shell has seen the default, nor what stands behind an equals sign.
        if (data.startsWith("~")) {
            data = Path.of(System.getProperty("user.home")).resolve(Path.of("~").relativize(data));
        }
    }

    /** The folder of what is of use to this process only; what a process that was killed left there goes with the next start. */
    public Path scratch() {
        return data.resolve(SCRATCH);
    }

    /** Whether an evicted job is queued again, where who evicts it does not say. */
    public boolean requeues() {
        return onPreemption.equals("requeue");
    }
}
