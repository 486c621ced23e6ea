package dev.malachite.server.database;

import java.util.Map;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.bytecode.internal.none.BytecodeProviderImpl;
import org.hibernate.bytecode.spi.BytecodeProvider;
import org.hibernate.cfg.BytecodeSettings;
import org.hibernate.service.spi.ServiceContributor;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.stereotype.Component;

/**
 * Keeps Hibernate from making classes at the start, which costs a tenth of it: no entity of ours has anything that is
 * loaded later. It asks in two places, and each has its own way of being told; a property is not one of them.
 */
@Component
public class NoBytecode implements HibernatePropertiesCustomizer, ServiceContributor {

    @Override
    public void customize(Map<String, Object> properties) {
        properties.put(BytecodeSettings.BYTECODE_PROVIDER_INSTANCE, new BytecodeProviderImpl());
    }

    @Override
    public void contribute(StandardServiceRegistryBuilder builder) {
        builder.addService(BytecodeProvider.class, new BytecodeProviderImpl());
    }
}
