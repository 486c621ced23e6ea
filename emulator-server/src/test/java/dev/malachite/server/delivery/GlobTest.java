package dev.malachite.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patterns of datasets; the first seven as azureml-dataprep 5.4 was seen to take them. */
class GlobTest {

    @ParameterizedTest
    @CsvSource({
        "numbers/**, numbers/a.csv, true",
        "numbers/**, numbers/d/b.csv, true",
        "numbers/*.csv, numbers/a.csv, true",
        "numbers/*.csv, numbers/d/b.csv, false",
        "numbers/**/b.csv, numbers/d/b.csv, true",
        "numbers/**/b.csv, numbers/b.csv, true",
        "numbers/**/b.csv, numbers/a.csv, false",
        "a?c/[x-z]*, abc/yes, true",
        "a?c/[x-z]*, abc/no, false",
        "a?c/[!x-z]*, a/c/no, false",
        "a/[!x]/**/*.txt, a/b/c/d.txt, true",
        "a[, a[, true",
        "**/b, ab, false"
    })
    void takesWhatIsMeant(String glob, String path, boolean matches) {
        assertThat(new Glob(glob).matches(path)).isEqualTo(matches);
    }

    @Test
    void knowsTheFolderThatAllLieIn() {
        assertThat(new Glob("a/b/**/c").folder()).isEqualTo("a/b");
        assertThat(new Glob("a/b*").folder()).isEqualTo("a");
        assertThat(new Glob("*.csv").folder()).isEmpty();
    }

    @Test
    @Timeout(5)
    void nobodyIsHeldUpByAPatternMadeForIt() {
        assertThat(new Glob("**/a*".repeat(200) + "!").matches("a/".repeat(500)))
                .isFalse();
    }
}
