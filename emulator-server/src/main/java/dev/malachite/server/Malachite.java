package dev.malachite.server;

import dev.malachite.server.database.Transactions;
import dev.malachite.server.demo.DemoCommand;
import dev.malachite.server.start.Server;
import dev.malachite.server.web.RefusalValve;
import java.util.Arrays;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/**
 * Starts the emulator: the first argument may name what to run, the server is the default. The framework's error page is
 * left out: what no controller has refused is told by {@link RefusalValve}. So is what looks through every bean for one
 * that must be wrapped: transactions are begun by {@link Transactions}, and a start is a tenth shorter.
 */
@SpringBootApplication(
        exclude = {
            ErrorMvcAutoConfiguration.class,
            AopAutoConfiguration.class,
            TransactionAutoConfiguration.class,
            PersistenceExceptionTranslationAutoConfiguration.class
        })
@EnableConfigurationProperties(Settings.class)
public class Malachite {

    public static void main(String[] args) {
        boolean named = args.length > 0 && !args[0].startsWith("-");
        String[] rest = named ? Arrays.copyOfRange(args, 1, args.length) : args;
        switch (named ? args[0] : "server") {
            case "server" -> Server.main(Malachite.class, rest);
            case "demo" -> DemoCommand.main(Malachite.class, rest);
            default -> {
                System.err.println("malachite: unknown command '" + args[0] + "'; there are: server, demo");
                System.exit(1);
            }
        }
    }
}
