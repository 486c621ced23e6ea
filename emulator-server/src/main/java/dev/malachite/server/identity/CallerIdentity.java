package dev.malachite.server.identity;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.web.Author;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Who sends the request that this thread serves, as the token says. A controller gets it by declaring a parameter of
 * this type.
 *
 * @param name for people
 * @param oid object id in the directory
 * @param tenant directory id
 * @param run the job that calls, when it calls with its run token
 * @param bound the only workspace that the token is good for: that of the job, or of the compute instance that calls
 */
public record CallerIdentity(
        String name, String oid, String tenant, Optional<RunIdentity> run, Optional<WorkspaceId> bound) {

    /** Who calls where no token is asked for. */
    public static final CallerIdentity NOBODY =
            new CallerIdentity(Author.NOBODY, Tokens.DEFAULT_OBJECT, Tokens.DEFAULT_TENANT, Optional.empty());

    /** Who acts through our own page: the one as whom {@code malachite env} signs in. */
    public static final CallerIdentity DEFAULT_USER = new CallerIdentity(
            "malachite", Tokens.objectId(Tokens.DEFAULT_OBJECT), Tokens.DEFAULT_TENANT, Optional.empty());

    public CallerIdentity(String name, String oid, String tenant, Optional<RunIdentity> run) {
        this(name, oid, tenant, run, run.map(RunIdentity::workspaceId));
    }

    /** The user of a compute instance whose machine calls. */
    static CallerIdentity of(InstanceIdentity instance) {
        return new CallerIdentity(
                instance.user(),
                instance.oid(),
                instance.tenant(),
                Optional.empty(),
                Optional.of(instance.workspaceId()));
    }

    private static final String ATTRIBUTE = CallerIdentity.class.getName();

    /** The caller of the request that this thread serves; {@link #NOBODY} outside of one. */
    public static CallerIdentity current() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? of(attributes.getRequest())
                : NOBODY;
    }

    static CallerIdentity of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof CallerIdentity identity ? identity : NOBODY;
    }

    void attachTo(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
        Author.attachTo(request, name);
    }
}
