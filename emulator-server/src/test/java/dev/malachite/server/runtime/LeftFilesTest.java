package dev.malachite.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

class LeftFilesTest {

    private final List<String> found = new ArrayList<>();

    @Test
    void filesAreKeptAndLinksAreNot() throws Exception {
        unpack(tar -> {
            add(tar, new TarArchiveEntry("./a"), "one");
            TarArchiveEntry link = new TarArchiveEntry("b", TarConstants.LF_SYMLINK);
            link.setLinkName("/etc/passwd");
            add(tar, link, "");
            TarArchiveEntry hard = new TarArchiveEntry("c", TarConstants.LF_LINK);
            hard.setLinkName("/etc/passwd");
            add(tar, hard, "");
            add(tar, new TarArchiveEntry("pipe", TarConstants.LF_FIFO), "");
            add(tar, new TarArchiveEntry("x/" + "n".repeat(300)), "x".repeat(3 << 20));
        });
        assertThat(found).containsExactly("a:3", "x/" + "n".repeat(300) + ":" + (3 << 20));
    }

    @Test
    void noNameLeavesItsFolder() {
        assertThatIOException().isThrownBy(() -> unpack(tar -> add(tar, new TarArchiveEntry("a/../../b"), "x")));
    }

    /** Whose machine the archive comes from may be anybody's, and a reader keeps long names in memory. */
    @Test
    void whatIsSaidOfAFileIsBounded() {
        assertThatIOException()
                .isThrownBy(() -> unpack(tar -> add(
                        tar,
                        new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME),
                        "n".repeat(4 << 20))))
                .withMessageContaining("says more of one file");
    }

    private interface Packing {
        void into(TarArchiveOutputStream tar) throws IOException;
    }

    private void unpack(Packing packing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            packing.into(tar);
        }
        LeftFiles.unpack(
                new ByteArrayInputStream(bytes.toByteArray()),
                new CollectLimits("A test"),
                (path, content) -> found.add(path + ":" + content.readAllBytes().length));
    }

    private static void add(TarArchiveOutputStream tar, TarArchiveEntry entry, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }
}
