package dev.malachite.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.time.LocalDateTime;
import org.springframework.transaction.annotation.Transactional;

/** The rules of the house that a compiler cannot see. */
@AnalyzeClasses(packages = "dev.malachite", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {

    @ArchTest
    static final ArchRule PACKAGES_ARE_FREE_OF_CYCLES =
            slices().matching("dev.malachite.server.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NOTHING_BUT_THE_CLOCK_ASKS_FOR_THE_TIME = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .because("time is EmulatorClock's, or real time by an InstantSource whose comment says why");

    @ArchTest
    static final ArchRule TRANSACTIONS_ARE_BEGUN_IN_PLAIN_SIGHT = noMethods()
            .should()
            .beAnnotatedWith(Transactional.class)
            .because("nothing would look at it: no bean of ours is wrapped, and a start is shorter; use Transactions");

    @ArchTest
    static final ArchRule THE_ENGINE_KNOWS_NO_FRAMEWORK = noClasses()
            .that()
            .resideInAPackage("dev.malachite.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "tools.jackson..", "dev.malachite.server..");
}
