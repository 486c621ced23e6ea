package dev.malachite.server.asset;

import dev.malachite.api.Errors;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.workspace.WorkspaceRef;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** What holds assets in Azure and is not part of the emulator: it says so, and what to do instead. */
@RestController
class NotOfferedController {

    private static final String REGISTRIES =
            "/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.MachineLearningServices/registries";
    private static final String FEATURES = WorkspaceRef.PATH + "/{kind:featuresets|featurestoreEntities}";

    @RequestMapping({REGISTRIES, REGISTRIES + "/{name}", REGISTRIES + "/{name}/{*rest}"})
    ObjectNode registries() {
        throw new AzureException(Errors.userError(
                "The emulator has no registries: register the asset in a workspace and name it there."));
    }

    @RequestMapping({FEATURES, FEATURES + "/{*rest}"})
    ObjectNode features(@PathVariable String kind) {
        throw new AzureException(Errors.userError(
                "The emulator has no feature stores (%s): register the features as data.".formatted(kind)));
    }
}
