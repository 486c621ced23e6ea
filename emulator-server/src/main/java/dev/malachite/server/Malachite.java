package dev.malachite.server;

import dev.malachite.server.database.Transactions;
import dev.malachite.server.demo.DemoCommand;
import dev.malachite.server.start.Server;
import dev.malachite.server.web.RefusalValve;
import java.util.Arrays;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.info.ProjectInfoAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.autoconfigure.web.DataWebAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.boot.transaction.jta.autoconfigure.JtaAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/**
 * Starts the emulator: the first argument may name what to run, the server is the default. The framework's error page is
 * left out: what no controller has refused is told by {@link RefusalValve}. So is what looks through every bean for one
 * that must be wrapped: transactions are begun by {@link Transactions}, and a start is a tenth shorter. Database and
 * Hibernate are made ready beside the rest, by {@code start.OpeningDatabase} and {@code database.Persistence}.
 */
@SpringBootApplication(
        exclude = {
            ErrorMvcAutoConfiguration.class,
            AopAutoConfiguration.class,
            TransactionAutoConfiguration.class,
            PersistenceExceptionTranslationAutoConfiguration.class,
            FlywayAutoConfiguration.class,
            HibernateJpaAutoConfiguration.class,
            // What nothing here uses.
            DataWebAutoConfiguration.class,
            DataSourceInitializationAutoConfiguration.class,
            DataSourceTransactionManagerAutoConfiguration.class,
            JtaAutoConfiguration.class,
            ProjectInfoAutoConfiguration.class,
            SslAutoConfiguration.class,
            TaskSchedulingAutoConfiguration.class,
            TransactionManagerCustomizationAutoConfiguration.class
        })
@EnableConfigurationProperties(Settings.class)
public class Malachite {

    public static void main(String[] args) {
        boolean named = args.length > 0 && !args[0].startsWith("-");
        String[] rest = named ? Arrays.copyOfRange(args, 1, args.length) : args;
        switch (named ? args[0] : "server") {
            case "server" -> Server.main(Malachite.class, rest);
            case "demo" -> DemoCommand.main(Malachite.class, rest);
            case "certificates" -> Server.certify(rest);
            default -> {
                System.err.println(
                        "malachite: unknown command '" + args[0] + "'; there are: server, demo, certificates");
                System.exit(1);
            }
        }
    }
}
