package dev.malachite.server.start;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.support.EnvironmentPostProcessorApplicationListener;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/** The framework as this server uses it. */
final class Framework {

    private Framework() {}

    /**
     * An application that reads its properties from one file in the jar, the command line and the environment. What else the
     * framework would look for (files in the working directory, profiles, a cloud's variables) is a surprise to whoever happens to
     * have one there, and 4 % of a start.
     */
    static SpringApplication application(Class<?> main) {
        SpringApplication application = new SpringApplication(main);
        application.setListeners(application.getListeners().stream()
                .filter(listener -> !(listener instanceof EnvironmentPostProcessorApplicationListener))
                .toList());
        application.setDefaultProperties(properties());
        // The prepared bean definitions are found by this class's name, which the framework would guess from the stack.
        application.setMainApplicationClass(main);
        application.setLogStartupInfo(false);
        return application;
    }

    private static Properties properties() {
        try {
            return PropertiesLoaderUtils.loadProperties(new ClassPathResource("application.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
