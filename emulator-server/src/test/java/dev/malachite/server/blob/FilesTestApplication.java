package dev.malachite.server.blob;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.Settings;
import dev.malachite.server.database.Queries;
import dev.malachite.server.database.Transactions;
import dev.malachite.server.tls.Certificates;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The features that keep files, with the web core and a real database, and nothing else: every workspace that a path
 * names exists, its id made from its name. Not annotated as a configuration, so that no other test finds it by scanning.
 */
@EnableAutoConfiguration
@EnableConfigurationProperties(Settings.class)
@EntityScan("dev.malachite.server.snapshot")
@EnableJpaRepositories("dev.malachite.server.snapshot")
@ComponentScan({
    "dev.malachite.server.blob",
    "dev.malachite.server.snapshot",
    "dev.malachite.server.artifact",
    "dev.malachite.server.disk"
})
@ComponentScan(
        basePackages = "dev.malachite.server.web",
        useDefaultFilters = false,
        includeFilters =
                @ComponentScan.Filter(
                        type = FilterType.REGEX,
                        pattern = ".*\\.(BodyResolver|ErrorAdvice|WebRules|PathRepair)"))
@ComponentScan(
        basePackages = "dev.malachite.server.identity",
        useDefaultFilters = false,
        includeFilters =
                @ComponentScan.Filter(
                        type = FilterType.REGEX,
                        pattern = ".*\\.(BearerTokens|Tokens|InstanceTokens|SigningKey|LiveRuns|RunScope)"))
@Import({Queries.class, Transactions.class, Certificates.class})
public class FilesTestApplication {

    /** The id of the workspace of that name. */
    public static WorkspaceId id(String workspace) {
        return new WorkspaceId(UUID.nameUUIDFromBytes(workspace.getBytes(StandardCharsets.UTF_8))
                .toString());
    }

    /** The path under which all of a workspace's routes stand. */
    public static String path(String workspace) {
        return new WorkspaceRef("6d616c61-6368-4974-8000-000000000001", "rg", workspace).armId();
    }

    /** Signatures are taken over https only; for these tests plain http passes for it. */
    @Bean
    TomcatConnectorCustomizer secure() {
        return connector -> connector.setSecure(true);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    HandlerMethodArgumentResolver workspaces() {
        return new HandlerMethodArgumentResolver() {
            @Override
            public boolean supportsParameter(MethodParameter parameter) {
                return parameter.getParameterType().equals(Workspace.class);
            }

            @Override
            public Workspace resolveArgument(
                    MethodParameter parameter,
                    @Nullable ModelAndViewContainer container,
                    NativeWebRequest web,
                    @Nullable WebDataBinderFactory binder) {
                Map<?, ?> names = (Map<?, ?>) Objects.requireNonNull(web.getAttribute(
                        HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST));
                String ws = String.valueOf(names.get("ws"));
                WorkspaceRef ref =
                        new WorkspaceRef(String.valueOf(names.get("sub")), String.valueOf(names.get("rg")), ws);
                return new Workspace(id(ws), ref, "koreacentral", Instant.EPOCH, "somebody", Json.object());
            }
        };
    }
}
