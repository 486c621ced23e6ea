package dev.malachite.server.workspace;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/** Hands a controller the workspace that its path names; one that does not exist ends the request. */
@Component
class WorkspaceResolver implements HandlerMethodArgumentResolver {

    private final Workspaces workspaces;

    WorkspaceResolver(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == WorkspaceRef.class || parameter.getParameterType() == Workspace.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest web,
            @Nullable WebDataBinderFactory binder) {
        WorkspaceRef ref = new WorkspaceRef(variable(web, "sub"), variable(web, "rg"), variable(web, "ws"));
        return parameter.getParameterType() == Workspace.class ? workspaces.require(ref) : ref;
    }

    private static String variable(NativeWebRequest web, String name) {
        Object variables =
                web.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
        if (variables instanceof Map<?, ?> map && map.get(name) instanceof String value) {
            return value;
        }
        throw new IllegalStateException("the route has no path variable '" + name + "'");
    }
}
