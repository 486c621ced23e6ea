package dev.malachite.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/** The rules of the house that a compiler cannot see. */
@AnalyzeClasses(packages = "dev.malachite.testkit", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {

    @ArchTest
    static final ArchRule PACKAGES_ARE_FREE_OF_CYCLES =
            slices().matching("dev.malachite.testkit.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NOTHING_ASKS_FOR_THE_TIME = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("the emulator has the clock");

    @ArchTest
    static final ArchRule ONLY_THE_API_OF_OURS_IS_KNOWN = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.malachite.engine..", "dev.malachite.server..");

    @ArchTest
    static final ArchRule WITHOUT_JUNIT_AND_TESTCONTAINERS_THE_CLIENT_WORKS = noClasses()
            .that()
            .resideInAnyPackage("dev.malachite.testkit.client", "dev.malachite.testkit.emulator")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.junit..", "org.testcontainers..");
}
