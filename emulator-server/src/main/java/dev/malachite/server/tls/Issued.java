package dev.malachite.server.tls;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;

/** A key and the certificate that vouches for it. */
record Issued(KeyPair keys, X509Certificate certificate) {

    static final Duration CA_LIFE = Duration.ofDays(3650);

    /** Apple's and Chromium's verifiers refuse leaves that live longer than 398 days. */
    static final Duration LEAF_LIFE = Duration.ofDays(365);
}
