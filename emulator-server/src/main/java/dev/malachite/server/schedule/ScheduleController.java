package dev.malachite.server.schedule;

import dev.malachite.api.Errors;
import dev.malachite.server.database.Page;
import dev.malachite.server.identity.CallerIdentity;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Body;
import dev.malachite.server.web.Json;
import dev.malachite.server.web.NextLink;
import dev.malachite.server.web.SystemData;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Schedules as resources of Azure Resource Manager, as azure-ai-ml uses them (contracts: sdk-v2 §7). */
@RestController
@RequestMapping(WorkspaceRef.PATH + "/schedules")
class ScheduleController {

    private static final int PAGE = 100;

    private final Schedules schedules;

    ScheduleController(Schedules schedules) {
        this.schedules = schedules;
    }

    @PutMapping("/{name}")
    ResponseEntity<ObjectNode> put(
            Workspace workspace, @PathVariable String name, CallerIdentity caller, @Body ObjectNode body) {
        if (!(Json.member(body, "properties") instanceof ObjectNode properties)) {
            throw new AzureException(Errors.invalidParameter("properties", "an object is required."));
        }
        boolean known = schedules.find(workspace.id(), name).isPresent();
        Schedule schedule = schedules.put(workspace, name, properties, caller.name());
        return ResponseEntity.status(known ? 200 : 201).body(answer(workspace, schedule));
    }

    @GetMapping("/{name}")
    ObjectNode get(Workspace workspace, @PathVariable String name) {
        return answer(workspace, require(workspace, name));
    }

    @GetMapping
    ObjectNode list(
            Workspace workspace,
            @RequestParam(defaultValue = "EnabledOnly") String listViewType,
            @RequestParam(name = "$skip", required = false) @Nullable String skip,
            HttpServletRequest request) {
        Optional<Boolean> enabled = switch (listViewType.toLowerCase(Locale.ROOT)) {
            case "enabledonly" -> Optional.of(true);
            case "disabledonly" -> Optional.of(false);
            case "all" -> Optional.empty();
            default ->
                throw new AzureException(
                        Errors.invalidParameter("listViewType", "it is EnabledOnly, DisabledOnly or All."));
        };
        Page page = Page.of(null, skip, PAGE);
        List<Schedule> found = schedules.list(workspace.id(), enabled, page.skip(), page.top() + 1);
        ObjectNode answer = Json.object();
        ArrayNode value = answer.putArray("value");
        found.stream().limit(page.top()).forEach(schedule -> value.add(answer(workspace, schedule)));
        if (found.size() > page.top()) {
            answer.put("nextLink", NextLink.of(request, "$skip", Integer.toString(page.skip() + page.top())));
        }
        return answer;
    }

    @DeleteMapping("/{name}")
    ResponseEntity<Void> delete(Workspace workspace, @PathVariable String name) {
        return ResponseEntity.status(schedules.delete(workspace.id(), name) ? 200 : 204)
                .build();
    }

    /** Runs it once, now. */
    @PostMapping("/{name}/trigger")
    ObjectNode trigger(Workspace workspace, @PathVariable String name) {
        return Json.object()
                .put("scheduleActionType", "CreateJob")
                .put("submissionId", schedules.trigger(workspace, require(workspace, name)));
    }

    private Schedule require(Workspace workspace, String name) {
        return schedules
                .find(workspace.id(), name)
                .orElseThrow(() -> new AzureException(Errors.notFound("Schedule '%s'".formatted(name))));
    }

    private static ObjectNode answer(Workspace workspace, Schedule schedule) {
        ObjectNode answer = Json.object()
                .put("id", workspace.armId() + "/schedules/" + schedule.name())
                .put("name", schedule.name())
                .put("type", "Microsoft.MachineLearningServices/workspaces/schedules");
        answer.set("systemData", SystemData.of(schedule.createdBy(), schedule.created(), schedule.modified()));
        ObjectNode properties = schedule.properties().deepCopy();
        properties.put("isEnabled", schedule.enabled());
        properties.put("provisioningState", "Succeeded");
        for (String name : new String[] {"tags", "properties"}) {
            if (!properties.path(name).isObject()) {
                properties.putObject(name);
            }
        }
        for (String name : new String[] {"displayName", "description"}) {
            if (!properties.has(name)) {
                properties.putNull(name);
            }
        }
        return answer.set("properties", properties);
    }
}
