package dev.malachite.server.run;

import dev.malachite.engine.WorkspaceId;
import dev.malachite.server.Settings;
import dev.malachite.server.artifact.Artifacts;
import dev.malachite.server.identity.RunScope;
import dev.malachite.server.seal.Seal;
import dev.malachite.server.secret.WorkspaceRegistries;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Run history and its neighbours alone, with small stand-ins for what other features give them. Not annotated as a
 * configuration, so that no other test finds it by scanning.
 */
@EnableAutoConfiguration
@AutoConfigurationPackage(
        basePackages = {
            "dev.malachite.server.experiment",
            "dev.malachite.server.run",
            "dev.malachite.server.environment"
        })
@ComponentScan({
    "dev.malachite.server.web",
    "dev.malachite.server.database",
    "dev.malachite.server.disk",
    "dev.malachite.server.experiment",
    "dev.malachite.server.run",
    "dev.malachite.server.metric",
    "dev.malachite.server.environment"
})
@Import({RunScope.class, Seal.class, WorkspaceRegistries.class})
@EnableConfigurationProperties(Settings.class)
public class HistoryFixture {

    public static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    /** A workspace of its own for each test that asks. */
    public static Workspace workspace() {
        return workspace("ws" + UUID.randomUUID());
    }

    private static Workspace workspace(String name) {
        return new Workspace(
                new WorkspaceId(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8))
                        .toString()),
                new WorkspaceRef("sub", "rg", name),
                "koreacentral",
                NOW,
                "somebody",
                Json.object());
    }

    @Bean
    Clock clock() {
        return Clock.fixed(NOW, ZoneOffset.UTC);
    }

    @Bean
    RunTokens tokens() {
        return (workspace, run) -> new RunTokens.RunToken("token of " + run, NOW.plusSeconds(60));
    }

    @Bean
    Artifacts artifacts() {
        return new MemoryArtifacts();
    }

    @Bean
    HandlerMethodArgumentResolver workspaces() {
        return new WorkspaceResolver();
    }

    @Bean
    RunExecutions executions() {
        return run -> Optional.empty();
    }

    /** Takes every name that a path names for a workspace that exists. */
    private static final class WorkspaceResolver implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == Workspace.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest web,
                @Nullable WebDataBinderFactory binder) {
            HttpServletRequest request = web.getNativeRequest(HttpServletRequest.class);
            if (request != null
                    && request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
                            instanceof Map<?, ?> variables) {
                return workspace(String.valueOf(variables.get("ws")));
            }
            throw new IllegalStateException("no path variables");
        }
    }

    /** Names of files only. */
    private static final class MemoryArtifacts implements Artifacts {

        @Override
        public void removeAll(WorkspaceId workspace, String runId) {
            throw new UnsupportedOperationException();
        }

        private final NavigableSet<String> names = new ConcurrentSkipListSet<>();

        @Override
        public Path logFile(WorkspaceId workspace, String runId, String path) throws IOException {
            return Files.createTempFile("malachite", ".log");
        }

        @Override
        public Path logPlace(WorkspaceId workspace, String runId, String path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setAside(WorkspaceId workspace, String runId, String log, String as) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void settle(WorkspaceId workspace, String runId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void keep(WorkspaceId workspace, String runId, String path, InputStream content) {
            names.add(workspace + "/" + runId + "/" + path);
        }

        @Override
        public List<String> list(WorkspaceId workspace, String runId, String prefix) {
            String run = workspace + "/" + runId + "/";
            return names.stream()
                    .filter(name -> name.startsWith(run + prefix))
                    .map(name -> name.substring(run.length()))
                    .toList();
        }

        @Override
        public String readUrl(WorkspaceId workspace, String runId, String path) {
            return "https://blobs/" + runId + "/" + path + "?sas";
        }
    }
}
