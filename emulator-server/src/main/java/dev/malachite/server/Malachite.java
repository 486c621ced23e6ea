package dev.malachite.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** Starts the emulator. */
@SpringBootApplication
@EnableConfigurationProperties(Settings.class)
public class Malachite {

    public static void main(String[] args) {
        SpringApplication.run(Malachite.class, args);
    }
}
