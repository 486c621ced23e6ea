package dev.malachite.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RanksTest {

    private static final String SHARED =
            "not begun yet\n\1000:one\n\10012:two\n\1000-half\n\1000:, whole\n\10012-\100end\n\1000:\n\10012:!\n";

    @ParameterizedTest(name = "pieces of {0}")
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void aSharedOutputIsTakenApartWhereverItIsCut(int piece) throws IOException {
        Map<Integer, String> printed = new TreeMap<>();
        Ranks.Parting parting = new Ranks.Parting((process, bytes, from, to) ->
                printed.merge(process, new String(bytes, from, to - from, StandardCharsets.UTF_8), String::concat));
        byte[] all = SHARED.replace("\1000", "\1" + "0")
                .replace("\10012", "\1" + "12")
                .getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < all.length; at += piece) {
            parting.take(all, at, Math.min(all.length, at + piece));
        }
        assertThat(printed).isEqualTo(Map.of(0, "not begun yet\none\nhalf, whole\n\n", 12, "two\n@end!\n"));
    }
}
