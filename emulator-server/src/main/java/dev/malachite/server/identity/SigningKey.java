package dev.malachite.server.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.malachite.server.Settings;
import dev.malachite.server.tls.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import org.springframework.stereotype.Component;

/** The key that signs our tokens; kept, because a job's container and its run token outlive the emulator's process. */
@Component
class SigningKey {

    private final ECKey key;

    SigningKey(Settings settings) {
        Path file = settings.data().resolve("tls").resolve("token-key.json");
        try {
            if (Files.exists(file)) {
                key = ECKey.parse(Files.readString(file, StandardCharsets.UTF_8));
            } else {
                key = new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
                PrivateFiles.writeSecret(file, key.toJSONString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParseException | JOSEException e) {
            throw new IllegalStateException("the token key in " + file + " is damaged: remove it", e);
        }
    }

    ECKey key() {
        return key;
    }
}
