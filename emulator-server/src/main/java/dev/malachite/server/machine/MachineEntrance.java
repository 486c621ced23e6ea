package dev.malachite.server.machine;

import dev.malachite.server.identity.BearerTokens;
import dev.malachite.server.runtime.Runtimes;
import dev.malachite.server.web.Refusals;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the way into instances beside the controllers: bodies and WebSockets pass it as they come. */
@Configuration(proxyBeanMethods = false)
class MachineEntrance {

    @Bean
    NotebookProxy notebookProxy() {
        return new NotebookProxy();
    }

    @Bean
    ServletRegistrationBean<InstanceServlet> instanceServlet(
            Machines machines, Runtimes runtimes, BearerTokens bearers, Refusals refusals, NotebookProxy proxy) {
        InstanceServlet servlet =
                new InstanceServlet(machines, new NotebookServers(runtimes), bearers, refusals, proxy);
        return new ServletRegistrationBean<>(servlet, Door.ROOT + "/*");
    }
}
