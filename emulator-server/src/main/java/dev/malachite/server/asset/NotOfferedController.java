package dev.malachite.server.asset;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import dev.malachite.server.workspace.Workspace;
import dev.malachite.server.workspace.WorkspaceRef;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** What Azure has and the emulator has not: it says so, and what to do instead. */
@RestController
class NotOfferedController {

    private static final String PROVIDER = "/providers/Microsoft.MachineLearningServices";
    private static final String ALL_REGISTRIES = "/subscriptions/{sub}" + PROVIDER + "/registries";
    private static final String REGISTRIES = "/subscriptions/{sub}/resourceGroups/{rg}" + PROVIDER + "/registries";
    private static final String DISCOVERY = "/registrymanagement/v1.0/registries/{name}/discovery";
    private static final String FEATURES = WorkspaceRef.PATH + "/{kind:featuresets|featurestoreEntities}";
    private static final String ENDPOINTS = WorkspaceRef.PATH + "/{kind:onlineEndpoints|batchEndpoints}";
    private static final String SERVED = WorkspaceRef.PATH + "/{kind:serverlessEndpoints|marketplaceSubscriptions}";
    private static final String CAPABILITIES = WorkspaceRef.PATH + "/capabilityHosts";
    private static final String RULES = WorkspaceRef.PATH + "/outboundRules";
    private static final String CONNECTIONS = WorkspaceRef.PATH + "/connections";
    private static final String GENERIC = "/genericasset";
    private static final String PUBLISH =
            WorkspaceRef.PATH + "/{kind:codes|components|data|environments|models}/{name}/versions/{version}/publish";
    private static final String PRIVATE_ENDPOINTS = WorkspaceRef.PATH + "/privateEndpointConnections/{name}";
    private static final String NOTEBOOKS =
            WorkspaceRef.PATH + "/{call:listNotebookKeys|listNotebookAccessToken|prepareNotebook}";

    @RequestMapping({REGISTRIES + "/{name}", REGISTRIES + "/{name}/{*rest}", DISCOVERY, PUBLISH})
    ObjectNode registries() {
        throw refused("The emulator has no registries: register the asset in a workspace and name it there.");
    }

    @RequestMapping({FEATURES, FEATURES + "/{*rest}"})
    ObjectNode features(@PathVariable String kind) {
        throw refused("The emulator has no feature stores (%s): register the features as data.".formatted(kind));
    }

    @RequestMapping({ENDPOINTS, ENDPOINTS + "/{*rest}"})
    ObjectNode endpoints(@PathVariable String kind) {
        throw refused("The emulator has no endpoints (%s): run the model in a job.".formatted(kind));
    }

    @RequestMapping({SERVED, SERVED + "/{*rest}"})
    ObjectNode served(@PathVariable String kind) {
        throw refused("The emulator serves no models of the catalog (%s): download the model and run it in a job."
                .formatted(kind));
    }

    @RequestMapping({CAPABILITIES, CAPABILITIES + "/{*rest}"})
    ObjectNode capabilities() {
        throw refused("The emulator has no agents (capabilityHosts): run the agent in a job.");
    }

    @RequestMapping(PRIVATE_ENDPOINTS)
    ObjectNode privateEndpoints() {
        throw refused("The emulator has no private endpoints: it listens on this machine only, unless told otherwise.");
    }

    @RequestMapping({RULES, RULES + "/{*rest}"})
    ObjectNode rules() {
        throw refused(
                "The emulator has no managed network (outboundRules): its jobs reach what this machine's network lets them reach.");
    }

    @RequestMapping(CONNECTIONS + "/{*rest}")
    ObjectNode connections() {
        throw refused(
                "The emulator keeps no connections: give a job the secret in its environment variables or in the key vault.");
    }

    @RequestMapping({GENERIC, GENERIC + "/{*rest}"})
    ObjectNode generic() {
        throw refused("The emulator has no index over assets: list them in their workspace.");
    }

    @PostMapping(NOTEBOOKS)
    ObjectNode notebooks(Workspace workspace) {
        throw refused("The emulator keeps no notebooks of the workspace %s: open Jupyter on a compute instance."
                .formatted(workspace.name()));
    }

    /** There are none: who goes over all of them goes on. */
    @GetMapping({
        CONNECTIONS,
        WorkspaceRef.PATH + "/features",
        WorkspaceRef.PATH + "/outboundNetworkDependenciesEndpoints",
        WorkspaceRef.PATH + "/privateEndpointConnections",
        WorkspaceRef.PATH + "/privateLinkResources"
    })
    ObjectNode none(Workspace workspace) {
        return none();
    }

    /** Registries, of which there are none, and the provider's operations, of which there is no list here. */
    @GetMapping({PROVIDER + "/operations", ALL_REGISTRIES, REGISTRIES})
    ObjectNode none() {
        return Json.object().set("value", Json.array());
    }

    private static AzureException refused(String why) {
        return new AzureException(Errors.userError(why));
    }
}
