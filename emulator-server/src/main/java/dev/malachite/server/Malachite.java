package dev.malachite.server;

import dev.malachite.server.demo.DemoCommand;
import dev.malachite.server.start.Server;
import dev.malachite.server.web.RefusalValve;
import java.util.Arrays;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;

/**
 * Starts the emulator: the first argument may name what to run, the server is the default. The framework's error page is
 * left out: what no controller has refused is told by {@link RefusalValve}.
 */
@SpringBootApplication(exclude = ErrorMvcAutoConfiguration.class)
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
