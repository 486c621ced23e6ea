package dev.malachite.server.compute;

import dev.malachite.engine.ComputeKind.External.Service;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The kinds of which nothing but their ARM id is asked; targets of pipeline steps in the service. */
@Configuration(proxyBeanMethods = false)
class ExternalWires {

    @Bean
    ExternalWire batch(Attachments attachments) {
        return new ExternalWire(attachments, Service.BATCH, List.of("Microsoft.Batch/batchAccounts"));
    }

    @Bean
    ExternalWire dataFactory(Attachments attachments) {
        return new ExternalWire(attachments, Service.DATA_FACTORY, List.of("Microsoft.DataFactory/factories"));
    }

    @Bean
    ExternalWire dataLakeAnalytics(Attachments attachments) {
        return new ExternalWire(
                attachments, Service.DATA_LAKE_ANALYTICS, List.of("Microsoft.DataLakeAnalytics/accounts"));
    }
}
