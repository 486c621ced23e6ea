package dev.malachite.server.database;

import dev.malachite.server.Ahead;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.hibernate.boot.archive.scan.internal.DisabledScanner;
import org.hibernate.boot.model.naming.PhysicalNamingStrategySnakeCaseImpl;
import org.hibernate.bytecode.internal.none.BytecodeProviderImpl;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.engine.transaction.jta.platform.internal.NoJtaPlatform;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.hibernate.SpringImplicitNamingStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.dao.support.PersistenceExceptionTranslator;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaDialect;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hibernate, which gets ready on a thread of its own while the rest of the server does. That thread is a platform thread, is
 * given all that it needs beforehand, asks no bean and opens no connection: whoever waits for it under a lock of the
 * framework's cannot keep it from ending.
 */
@Configuration(proxyBeanMethods = false)
public class Persistence {

    /** Listed, because whoever looks for them would have to look through all classes first. */
    static final Set<String> ENTITIES = Set.of(
            "dev.malachite.server.arm.DeploymentRow",
            "dev.malachite.server.arm.OperationRow",
            "dev.malachite.server.arm.ResourceGroupRow",
            "dev.malachite.server.arm.SubscriptionRow",
            "dev.malachite.server.asset.AssetRow",
            "dev.malachite.server.asset.AssetVersionRow",
            "dev.malachite.server.dataset.DatasetRow",
            "dev.malachite.server.dataset.DatasetVersionRow",
            "dev.malachite.server.dataset.SavedDatasetRow",
            "dev.malachite.server.datastore.DatastoreRow",
            "dev.malachite.server.environment.ContainerEntity",
            "dev.malachite.server.environment.VersionEntity",
            "dev.malachite.server.experiment.ExperimentEntity",
            "dev.malachite.server.model.ModelAssetRow",
            "dev.malachite.server.resource.ResourceRow",
            "dev.malachite.server.run.RunEntity",
            "dev.malachite.server.secret.SecretRow",
            "dev.malachite.server.snapshot.CodeAssetRow",
            "dev.malachite.server.snapshot.CodeContainerEntity",
            "dev.malachite.server.snapshot.CodeVersionEntity",
            "dev.malachite.server.workspace.WorkspaceRow");

    /** Hibernate on its way. */
    public record Begun(Ahead<EntityManagerFactory> factory) {

        /** Waits for the little that the framework puts around Hibernate, not for Hibernate itself. */
        private EntityManagerFactory wrapped() {
            try {
                return factory.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while Hibernate was got ready", e);
            }
        }
    }

    @Bean
    EntityManagerFactory entityManagerFactory(ObjectProvider<Begun> begun, DataSource database) {
        return begun.getIfAvailable(() -> begin(database)).wrapped();
    }

    /** For queries of our own; it joins the transaction of whoever uses it. */
    @Bean
    EntityManager entityManager(EntityManagerFactory factory) {
        return SharedEntityManagerCreator.createSharedEntityManager(factory);
    }

    /** Says in the framework's words what went wrong in Hibernate. */
    @Bean
    PersistenceExceptionTranslator persistenceExceptionTranslator() {
        return new HibernateJpaDialect();
    }

    /** Begins to get ready; the factory that comes of it waits for Hibernate when it is first used. */
    public static Begun begin(DataSource database) {
        return new Begun(Ahead.begin("persistence", () -> factory(database)));
    }

    private static EntityManagerFactory factory(DataSource database) {
        LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
        factory.setPersistenceUnitName("malachite");
        factory.setDataSource(database);
        factory.setManagedTypes(PersistenceManagedTypes.of(ENTITIES.toArray(String[]::new)));
        // No bean, nor is the factory: it would have Hibernate ask the framework for others.
        factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        factory.setJpaPropertyMap(Map.ofEntries(
                Map.entry(AvailableSettings.BYTECODE_PROVIDER_INSTANCE, new BytecodeProviderImpl()),
                Map.entry(AvailableSettings.JAKARTA_HBM2DDL_DB_NAME, "H2"),
                Map.entry(AvailableSettings.JAKARTA_HBM2DDL_DB_MAJOR_VERSION, "2"),
                Map.entry(AvailableSettings.JAKARTA_HBM2DDL_DB_MINOR_VERSION, "4"),
                Map.entry(AvailableSettings.ALLOW_METADATA_ON_BOOT, false),
                Map.entry(AvailableSettings.SCANNER, DisabledScanner.class.getName()),
                Map.entry(AvailableSettings.JTA_PLATFORM, NoJtaPlatform.INSTANCE),
                Map.entry(AvailableSettings.PHYSICAL_NAMING_STRATEGY, new PhysicalNamingStrategySnakeCaseImpl()),
                Map.entry(AvailableSettings.IMPLICIT_NAMING_STRATEGY, new SpringImplicitNamingStrategy())));
        factory.setBootstrapExecutor(ownThread());
        factory.afterPropertiesSet();
        return Objects.requireNonNull(factory.getObject());
    }

    @Bean
    PlatformTransactionManager transactionManager(EntityManagerFactory factory) {
        return new JpaTransactionManager(factory);
    }

    /** For whoever begins transactions; {@link Transactions} also repeats those that lost a race. */
    @Bean
    TransactionTemplate transactionTemplate(PlatformTransactionManager manager) {
        return new TransactionTemplate(manager);
    }

    private static AsyncTaskExecutor ownThread() {
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("hibernate-");
        executor.setDaemon(true);
        return executor;
    }
}
