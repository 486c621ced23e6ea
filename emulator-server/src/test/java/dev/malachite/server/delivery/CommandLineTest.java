package dev.malachite.server.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandLineTest {

    private static final Map<String, String> GIVEN = Map.of("inputs.a", "1", "outputs.o", "$0\\x");

    @Test
    void whatWasGivenIsPutInPlaceAndWhatWasNotIsLeftOut() {
        assertThat(resolved("run ${{inputs.a}} $[[--b ${{inputs.b}}]] $[[--a ${{ inputs.a }}]] ${{outputs.o}}"))
                .isEqualTo("run 1  --a 1 $0\\x");
        assertThat(resolved("$[[x]]$[[]]]] $[[ open")).isEqualTo("x]] $[[ open");
    }

    @Test
    void millionsOfOpenBracketsAreLeftAsTheyAre() {
        for (String open : new String[] {"$[[", "${{inputs."}) {
            String text = open.repeat(300_000);
            assertThat(resolved(text)).isEqualTo(text);
        }
    }

    private static String resolved(String text) {
        return new CommandLine(text).resolve((kind, name) -> Optional.ofNullable(GIVEN.get(kind + "." + name)));
    }
}
