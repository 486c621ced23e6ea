package dev.malachite.server.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.malachite.engine.WorkspaceId;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Tokens of the machines of compute instances. One lies in the machine's environment, in the place of App Service's secret,
 * and is all that the machine needs to be its user: nobody signs in there.
 */
@Component
public class InstanceTokens {

    /** As long as a run's: a machine that runs for longer is given a new one when it is started again. */
    public static final Duration LIFE = Duration.ofDays(30);

    /** Makes a token an instance's. */
    static final String INSTANCE = "malachite_instance";

    private static final String MADE = "malachite_instance_made";
    private static final String WORKSPACE = "malachite_instance_workspace";
    private static final String WORKSPACE_ID = "malachite_instance_workspace_id";
    private static final String ISSUER = "https://malachite/instances";

    private final Tokens tokens;
    private final ObjectProvider<InstanceStanding> standing;

    InstanceTokens(Tokens tokens, ObjectProvider<InstanceStanding> standing) {
        this.tokens = tokens;
        this.standing = standing;
    }

    /**
     * The instance's token.
     *
     * @param audience the resource asked for
     */
    public String issue(InstanceIdentity instance, String audience) {
        return tokens.signed(
                instance.user(),
                audience,
                ISSUER,
                instance.expires(),
                Map.of(
                        "tid",
                        instance.tenant(),
                        "oid",
                        instance.oid(),
                        "name",
                        instance.user(),
                        INSTANCE,
                        instance.instance(),
                        MADE,
                        instance.made(),
                        WORKSPACE,
                        instance.workspace().armId(),
                        WORKSPACE_ID,
                        instance.workspaceId().value()));
    }

    /** The instance that a token speaks for: empty unless we signed it, it has not expired, and that instance still is. */
    public Optional<InstanceIdentity> of(String token) {
        return tokens.verified(token)
                .flatMap(InstanceTokens::read)
                .filter(identity -> standing.stream().anyMatch(instances -> instances.isLive(identity)));
    }

    private static Optional<InstanceIdentity> read(JWTClaimsSet claims) {
        try {
            String instance = claims.getStringClaim(INSTANCE);
            String made = claims.getStringClaim(MADE);
            String workspace = claims.getStringClaim(WORKSPACE);
            String workspaceId = claims.getStringClaim(WORKSPACE_ID);
            if (instance == null || made == null || workspace == null || workspaceId == null) {
                return Optional.empty();
            }
            return Route.of(workspace)
                    .workspace()
                    .map(ref -> new InstanceIdentity(
                            ref,
                            new WorkspaceId(workspaceId),
                            instance,
                            made,
                            string(claims, "oid"),
                            string(claims, "name"),
                            string(claims, "tid"),
                            claims.getExpirationTime().toInstant()));
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    private static String string(JWTClaimsSet claims, String name) {
        return String.valueOf(claims.getClaim(name));
    }
}
