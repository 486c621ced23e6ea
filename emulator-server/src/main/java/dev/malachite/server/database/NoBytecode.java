package dev.malachite.server.database;

import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.bytecode.internal.none.BytecodeProviderImpl;
import org.hibernate.bytecode.spi.BytecodeProvider;
import org.hibernate.service.spi.ServiceContributor;

/**
 * Keeps Hibernate from making classes at the start, which costs a tenth of it: no entity of ours has anything that is
 * loaded later. It asks in two places, and each has its own way of being told; {@link Persistence} tells the other.
 */
public class NoBytecode implements ServiceContributor {

    @Override
    public void contribute(StandardServiceRegistryBuilder builder) {
        builder.addService(BytecodeProvider.class, new BytecodeProviderImpl());
    }
}
