package dev.malachite.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCryptographyTest {

    @TempDir
    Path folder;

    private static final String NATIVE = "AmazonCorrettoCryptoProvider";
    private static final String GCM = "AES/GCM/NoPadding";

    private final boolean wasThere = Security.getProvider(NATIVE) != null;

    /** Other tests of this process go on with what they had. */
    @AfterEach
    void putBack() {
        if (!wasThere) {
            Security.removeProvider(NATIVE);
        }
    }

    @Test
    void ciphersOfTlsAreTheLibrarysAndUnderstandTheJdksOwn() throws Exception {
        List<String> before = names();

        NativeCryptography.prefer(folder).join();

        assertThat(names()).startsWith(NATIVE).containsAll(before);
        Cipher chosen = begin(Cipher.getInstance(GCM), Cipher.ENCRYPT_MODE);
        assertThat(chosen.getProvider().getName()).isEqualTo(NATIVE);
        byte[] sealed = chosen.doFinal(new byte[] {1, 2, 3});
        assertThat(begin(Cipher.getInstance(GCM, "SunJCE"), Cipher.DECRYPT_MODE).doFinal(sealed))
                .containsExactly(1, 2, 3);
    }

    @Test
    void onceIsEnough() throws Exception {
        NativeCryptography.prefer(folder).join();
        List<String> once = names();

        NativeCryptography.prefer(folder).join();

        assertThat(names()).isEqualTo(once);
    }

    private static List<String> names() {
        return List.of(Security.getProviders()).stream().map(Provider::getName).toList();
    }

    private static Cipher begin(Cipher cipher, int mode) throws Exception {
        cipher.init(mode, new SecretKeySpec(new byte[32], "AES"), new GCMParameterSpec(128, new byte[12]));
        return cipher;
    }
}
