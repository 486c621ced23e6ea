package dev.malachite.server.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.server.mlflow.Clause.Kind;
import dev.malachite.server.mlflow.Clause.Op;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClauseTest {

    private static final Searchable FIELDS =
            new Searchable(Set.of(Kind.TAG), Map.of("name", "name"), Map.of(), Set.of());

    @ParameterizedTest
    @CsvSource({
        "'', '', true",
        "'', a, false",
        "%, '', true",
        "%, any thing, true",
        "a, a, true",
        "a, ab, false",
        "a, A, false",
        "_b%, abc, true",
        "_, '', false",
        "_, é, true",
        "_, 🦚, true",
        "%ab, aab, true",
        "%ab%ab, abab, true",
        "%ab%ab, aab, false",
        "a%c%e, abcde, true",
        "a%c%e, abcdef, false",
        "a.c, abc, false",
        "a%, 'a\nb', true"
    })
    void likeIsSqls(String pattern, String text, boolean matches) {
        assertThat(clause(Op.LIKE, pattern).test(Optional.of(text))).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({"gRÜ%, Grüße, true", "gru%, Grüße, false", "%B, ab, true"})
    void ilikeKnowsNoCase(String pattern, String text, boolean matches) {
        assertThat(clause(Op.ILIKE, pattern).test(Optional.of(text))).isEqualTo(matches);
    }

    @Test
    void patternsThatWouldTakeForeverDoNot() {
        assertThat(clause(Op.LIKE, "%a".repeat(30) + "%b").test(Optional.of("a".repeat(10_000))))
                .isFalse();
        assertThat(SearchText.filter(Optional.of("name LIKE '%a%b%'"), FIELDS)).hasSize(1);
        assertThat(SearchText.filter(Optional.of("name = '%%%%'"), FIELDS)).hasSize(1);
        for (String filter : List.of("name LIKE '%a%b%c%'", "tags.t ILIKE '%%%%'")) {
            assertThatThrownBy(() -> SearchText.filter(Optional.of(filter), FIELDS))
                    .hasMessageContaining("more than 3 '%'");
        }
    }

    private static Clause clause(Op op, String value) {
        return new Clause(Kind.TAG, "t", op, List.of(value));
    }
}
