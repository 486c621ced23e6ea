package dev.malachite.server.identity;

import dev.malachite.server.workspace.Visibility;
import dev.malachite.server.workspace.Workspace;
import org.springframework.stereotype.Component;

/** Shows a token that is good for one workspace that one alone. */
@Component
class CallerVisibility implements Visibility {

    @Override
    public boolean shows(Workspace workspace) {
        return CallerIdentity.current().bound().map(workspace.id()::equals).orElse(true);
    }
}
