package dev.malachite.server.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.persistence.Entity;
import org.junit.jupiter.api.Test;

class PersistenceTest {

    @Test
    void everyEntityIsListed() {
        assertThat(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("dev.malachite").stream()
                                .filter(type -> type.isAnnotatedWith(Entity.class))
                                .map(JavaClass::getName))
                .containsExactlyInAnyOrderElementsOf(Persistence.ENTITIES);
    }
}
