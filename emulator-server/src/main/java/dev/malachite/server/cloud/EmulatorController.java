package dev.malachite.server.cloud;

import dev.malachite.server.Settings;
import dev.malachite.server.arm.Subscriptions;
import dev.malachite.server.tls.Certificates;
import dev.malachite.server.web.Caller;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** The part of the control API that tells about the emulator itself. */
@RestController
class EmulatorController {

    private final Certificates certificates;
    private final ClientVariables variables;
    private final Subscriptions subscriptions;
    private final Settings settings;
    private final List<HealthPart> parts;

    EmulatorController(
            Certificates certificates,
            ClientVariables variables,
            Subscriptions subscriptions,
            Settings settings,
            List<HealthPart> parts) {
        this.certificates = certificates;
        this.variables = variables;
        this.subscriptions = subscriptions;
        this.settings = settings;
        this.parts = parts;
    }

    /** Answers as soon as requests are served, which is when everything is there: a part that ails is named. */
    @GetMapping({"/_emulator/health", "/_emulator/health/ready"})
    ObjectNode health() {
        ObjectNode answer = Json.object().put("status", "UP").put("version", Version.current());
        ObjectNode components = answer.putObject("components");
        for (HealthPart part : parts) {
            Optional<String> problem = part.problem();
            ObjectNode component = components.putObject(part.name()).put("status", problem.isEmpty() ? "UP" : "DOWN");
            problem.ifPresent(text -> component.put("problem", text));
        }
        return answer;
    }

    @GetMapping("/_emulator/health/live")
    ObjectNode live() {
        return Json.object().put("status", "UP");
    }

    @GetMapping("/_emulator/version")
    ObjectNode version() {
        return Json.object()
                .put("name", "Malachite")
                .put("version", Version.current())
                .put("java", Runtime.version().toString());
    }

    @GetMapping("/_emulator/ca")
    ResponseEntity<String> ca() {
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("application/x-pem-file"))
                .body(certificates.authorityPem());
    }

    @GetMapping("/_emulator/env")
    ResponseEntity<String> env(
            @RequestParam(defaultValue = "sh") String shell,
            @RequestParam(defaultValue = "variables") String mode,
            @RequestParam(required = false) @Nullable String subscription) {
        Shell wanted = Shell.of(shell);
        Mode pointing = Mode.of(mode);
        String id = subscription == null || subscription.isBlank() ? settings.subscription() : subscription;
        subscriptions.know(id);
        MediaType type = wanted == Shell.JSON
                ? MediaType.APPLICATION_JSON
                : new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);
        return ResponseEntity.ok().contentType(type).body(wanted.print(variables.of(pointing, Caller.current(), id)));
    }
}
