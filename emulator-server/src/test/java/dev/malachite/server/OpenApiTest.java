package dev.malachite.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.start.RunningServer;
import dev.malachite.server.web.Body;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.node.ObjectNode;

/** {@code openapi.yaml} is made from the controllers; after a change: {@code mvn verify -Dopenapi.write=true}. */
class OpenApiTest {

    private static final Path COMMITTED = Path.of("..", "openapi.yaml");

    @Test
    void theCommittedDocumentIsWhatTheControllersSay(@TempDir Path data) throws IOException, InterruptedException {
        SpringDocUtils.getConfig()
                .addRequestWrapperToIgnore(Workspace.class, WorkspaceRef.class, CallerIdentity.class)
                .addAnnotationsToIgnore(Body.class)
                .replaceWithSchema(ObjectNode.class, new ObjectSchema());
        String document;
        try (RunningServer server = RunningServer.start(
                data,
                "--springdoc.api-docs.path=/_emulator/openapi",
                "--springdoc.writer-with-order-by-keys=true",
                "--springdoc.show-actuator=false",
                "--spring.main.sources=" + Description.class.getName())) {
            document = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(server.http() + "/_emulator/openapi.yaml"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
        assertThat(document).contains("snapshotrun");
        if (Boolean.getBoolean("openapi.write")) {
            Files.writeString(COMMITTED, document);
        }
        assertThat(COMMITTED)
                .as("openapi.yaml is stale: mvn verify -pl emulator-server -am -Dopenapi.write=true")
                .content()
                .isEqualTo(document);
    }

    /** Says what springdoc cannot see: bodies that are read leniently, and the names in workspace-scoped paths. */
    @Configuration(proxyBeanMethods = false)
    static class Description {

        private static final Pattern VARIABLE = Pattern.compile("\\{\\*?([^}:]+)[^}]*}");

        @Bean
        OperationCustomizer bodies() {
            return (operation, handler) -> {
                if (Arrays.stream(handler.getMethodParameters())
                        .anyMatch(parameter -> parameter.hasParameterAnnotation(Body.class))) {
                    operation.setRequestBody(new RequestBody()
                            .content(new Content()
                                    .addMediaType("application/json", new MediaType().schema(new ObjectSchema()))));
                }
                return operation;
            };
        }

        @Bean
        OpenApiCustomizer whole() {
            return api -> {
                api.setServers(null);
                api.info(new Info()
                        .title("Malachite")
                        .version("1")
                        .description("What the emulator serves: Azure's own routes, and its own below /_emulator.")
                        .license(new License().name("Apache-2.0")));
                api.getPaths().keySet().removeIf(path -> path.startsWith("/_emulator/openapi"));
                describeVariables(api);
            };
        }

        private static void describeVariables(OpenAPI api) {
            api.getPaths().forEach((path, item) -> {
                Matcher variables = VARIABLE.matcher(path);
                while (variables.find()) {
                    String name = variables.group(1);
                    item.readOperations().stream()
                            .filter(operation -> operation.getParameters() == null
                                    || operation.getParameters().stream()
                                            .map(Parameter::getName)
                                            .noneMatch(name::equals))
                            .forEach(operation -> operation.addParametersItem(
                                    new PathParameter().name(name).schema(new StringSchema())));
                }
            });
        }
    }
}
