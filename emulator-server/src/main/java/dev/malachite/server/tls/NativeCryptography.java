package dev.malachite.server.tls;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.nio.file.Path;
import java.security.Security;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ciphers, sums and signatures by the processor's own instructions, for TLS above all. The JDK has them too, but only its optimizing
 * compiler puts them to use, which starts do without (decisions 0011 and 0012).
 */
public final class NativeCryptography {

    private static final Logger LOG = LoggerFactory.getLogger(NativeCryptography.class);

    private static final String FOLDER = "com.amazon.corretto.crypto.provider.tmpdir";

    private NativeCryptography() {}

    /**
     * Has this process prefer it, soon: to load the library takes about as long as a few dozen handshakes, for which nobody should wait.
     * Connections that are open by then keep what they have. Where there is no library for the machine, or it may not be
     * loaded, the JDK's own goes on.
     *
     * @param folder for the library, from which it must be allowed to be run; an option of the Java machine goes before
     * @return the thread that does it
     */
    public static Thread prefer(Path folder) {
        if (System.getProperty(FOLDER) == null) {
            System.setProperty(FOLDER, folder.toString());
        }
        return Thread.ofPlatform().name("cryptography").daemon().start(NativeCryptography::load);
    }

    private static void load() {
        AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
        Throwable trouble = provider.getLoadingError();
        if (trouble == null) {
            Security.insertProviderAt(provider, 1);
        } else {
            LOG.info(
                    "TLS goes by Java alone here, which makes large blobs slow, because its library could not be loaded ({}); if that is about {}, have JDK_JAVA_OPTIONS=-D{}=FOLDER name another one",
                    trouble.toString(),
                    System.getProperty(FOLDER),
                    FOLDER);
        }
    }
}
