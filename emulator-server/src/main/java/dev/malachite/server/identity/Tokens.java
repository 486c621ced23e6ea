package dev.malachite.server.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.web.Directory;
import dev.malachite.server.workspace.WorkspaceRef;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Signs and verifies tokens. SDKs only decode what we sign; our own run tokens are the ones whose signature we check,
 * because they are all that a job has to show.
 */
@Component
public class Tokens {

    /** The directory of everybody who names none. */
    public static final String DEFAULT_TENANT = Directory.TENANT;

    /** The client id of the managed identity that is meant where none is named. */
    static final String DEFAULT_IDENTITY = "6d616c61-6368-4974-8000-00000000000c";

    /** Who calls when nobody says. */
    public static final String DEFAULT_OBJECT = "6d616c61-6368-4974-8000-00000000000b";

    /** As Azure's managed identities have it. */
    static final Duration LIFE = Duration.ofSeconds(86_399);

    /** Claims that make a token a run token. */
    static final String RUN = "malachite_run";

    private static final String RUN_WORKSPACE = "malachite_workspace";

    private static final String RUN_WORKSPACE_ID = "malachite_workspace_id";

    private final JWSHeader header;
    private final JWSSigner signer;
    private final JWSVerifier verifier;
    private final String keys;

    // Tokens live in real time: clients judge them by their own clock, whatever the emulator's says.
    private final InstantSource time;

    @Autowired
    Tokens(SigningKey key) {
        this(key, InstantSource.system());
    }

    Tokens(SigningKey key, InstantSource time) {
        this.time = time;
        header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(JOSEObjectType.JWT)
                .keyID(key.key().getKeyID())
                .build();
        keys = new JWKSet(key.key().toPublicJWK()).toString();
        try {
            signer = new ECDSASigner(key.key());
            verifier = new ECDSAVerifier(key.key());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * An access token.
     *
     * @param subject the client's id or the user's name
     * @param audience the resource asked for, without a slash at the end: clients compare it
     * @param tenant goes into {@code tid}
     */
    public String issue(String subject, String audience, String tenant, String issuer, Map<String, String> claims) {
        Instant now = time.instant();
        return sign(claims(issuer, audience, now, now.plus(LIFE), claims)
                .subject(subject)
                .claim("tid", tenant)
                .claim("oid", objectId(subject))
                .claim("ver", "1.0"));
    }

    /**
     * The token of a job: good for its workspace's data plane and its own run, for nothing else.
     *
     * @param life real time; as long as the job may run, because a job cannot sign in again
     */
    public String runToken(WorkspaceRef workspace, WorkspaceId workspaceId, String runId, Duration life) {
        Instant now = time.instant();
        return runToken(
                new RunIdentity(workspace, workspaceId, runId, now.plus(life)),
                "https://ml.azure.com",
                Optional.empty());
    }

    /**
     * The same run's token for another audience; expires when the first one does.
     *
     * @param machine whom it names, where that is not the run itself; what it is good for stays the same
     */
    String runToken(RunIdentity run, String audience, Optional<NodeIdentity> machine) {
        String principal = machine.map(NodeIdentity::principalId).orElseGet(() -> objectId(run.runId()));
        Map<String, String> claims = new HashMap<>();
        claims.put("tid", DEFAULT_TENANT);
        claims.put("oid", principal);
        claims.put("name", run.runId());
        claims.put(RUN, run.runId());
        claims.put(RUN_WORKSPACE, run.workspace().armId());
        claims.put(RUN_WORKSPACE_ID, run.workspaceId().value());
        machine.ifPresent(identity -> claims.put("appid", identity.clientId()));
        machine.flatMap(NodeIdentity::resourceId).ifPresent(id -> claims.put("xms_mirid", id));
        String subject = machine.isPresent() ? principal : run.runId();
        return signed(subject, audience, "https://malachite/runs", run.expires(), claims);
    }

    /**
     * The run that a token speaks for: empty unless we signed it, it has not expired, and it names a run. Whether that
     * run still is, {@link LiveRuns} knows.
     */
    public Optional<RunIdentity> verifyRun(String token) {
        return verified(token).flatMap(Tokens::run);
    }

    private static Optional<RunIdentity> run(JWTClaimsSet claims) {
        try {
            String run = claims.getStringClaim(RUN);
            String workspace = claims.getStringClaim(RUN_WORKSPACE);
            String workspaceId = claims.getStringClaim(RUN_WORKSPACE_ID);
            if (run == null || workspace == null || workspaceId == null) {
                return Optional.empty();
            }
            Instant expires = claims.getExpirationTime().toInstant();
            return Route.of(workspace)
                    .workspace()
                    .map(ref -> new RunIdentity(ref, new WorkspaceId(workspaceId), run, expires));
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    /** A token of ours about something of ours. */
    String signed(String subject, String audience, String issuer, Instant expires, Map<String, String> claims) {
        return sign(claims(issuer, audience, time.instant(), expires, claims).subject(subject));
    }

    /** What a token says: empty unless we signed it and it has not expired. */
    Optional<JWTClaimsSet> verified(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!JWSAlgorithm.ES256.equals(jwt.getHeader().getAlgorithm()) || !jwt.verify(verifier)) {
                return Optional.empty();
            }
            return Optional.of(jwt.getJWTClaimsSet())
                    .filter(claims -> claims.getExpirationTime().toInstant().isAfter(time.instant()));
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }

    /** Our public key as a JSON Web Key Set. */
    String publicKeys() {
        return keys;
    }

    InstantSource time() {
        return time;
    }

    /** Whom the variables of {@code malachite env} sign in: the v1 SDK as a service principal, the v2 SDK as a managed identity. */
    public static List<String> defaultUsers() {
        return List.of(objectId(DEFAULT_OBJECT), objectId(DEFAULT_IDENTITY));
    }

    /** Stable, so that one who signs in twice is the same principal. */
    static String objectId(String subject) {
        return UUID.nameUUIDFromBytes(("principal:" + subject).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    @SuppressWarnings("JavaUtilDate") // the library takes nothing else
    private static JWTClaimsSet.Builder claims(
            String issuer, String audience, Instant now, Instant expires, Map<String, String> claims) {
        JWTClaimsSet.Builder builder = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience)
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now.minusSeconds(300)))
                .expirationTime(Date.from(expires))
                .jwtID(UUID.randomUUID().toString());
        claims.forEach(builder::claim);
        return builder;
    }

    private String sign(JWTClaimsSet.Builder claims) {
        SignedJWT jwt = new SignedJWT(header, claims.build());
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }
}
