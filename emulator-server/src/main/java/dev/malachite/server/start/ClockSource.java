package dev.malachite.server.start;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The emulator's time: the system's. */
@Configuration(proxyBeanMethods = false)
class ClockSource {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }
}
