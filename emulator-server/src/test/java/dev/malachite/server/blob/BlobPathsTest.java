package dev.malachite.server.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BlobPathsTest {

    private static final Path ROOT = Path.of("/container");

    private static final List<String> NASTY = List.of(
            "a",
            "a/",
            "a/b",
            "/a",
            "//a",
            "A",
            "aA",
            "..",
            "../..",
            "../../etc/passwd",
            ".",
            "a/./b",
            "a/../b",
            "...",
            "a.",
            "a/.",
            "a=",
            "a+",
            "a+/b",
            "a%2Fb",
            "a\\b",
            "C:\\x",
            "#/x=",
            "!a",
            "%",
            "con",
            "é",
            "日本語/ログ.txt",
            "x".repeat(1024),
            "/".repeat(1024),
            "日".repeat(1024),
            ("x".repeat(200) + "/").repeat(5),
            "a\nb",
            "a b",
            " ");

    @Test
    void everyNameHasOnePathInsideTheContainerThatFileSystemsTake() {
        Set<String> paths = new HashSet<>();
        for (String name : NASTY) {
            String encoded = BlobPaths.encode(name);
            Path path = ROOT.resolve(encoded);
            assertThat(path.normalize())
                    .as(name)
                    .isEqualTo(path)
                    .startsWithRaw(ROOT)
                    .isNotEqualTo(ROOT);
            assertThat(encoded.length()).as(name).isLessThan(1300);
            for (Path segment : path) {
                assertThat(segment.toString().getBytes(StandardCharsets.UTF_8).length)
                        .isLessThanOrEqualTo(255);
            }
            assertThat(paths.add(encoded.toLowerCase(Locale.ROOT))).as(name).isTrue();
        }
    }

    @Test
    void aNameIsReadBackFromItsPathUnlessItIsFiledByHash() {
        Random random = new Random(1);
        String alphabet = "aA./+=!%#~ é日\\";
        for (int i = 0; i < 2000; i++) {
            StringBuilder name = new StringBuilder();
            for (int n = random.nextInt(1, 30); n > 0; n--) {
                name.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(BlobPaths.decode(Path.of(BlobPaths.encode(name.toString()))))
                    .contains(name.toString());
        }
        assertThat(BlobPaths.decode(Path.of(BlobPaths.encode("x".repeat(1024)))))
                .isEmpty();
    }
}
