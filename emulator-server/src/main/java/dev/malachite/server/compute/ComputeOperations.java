package dev.malachite.server.compute;

import dev.malachite.engine.OperationId;
import dev.malachite.server.web.Caller;
import dev.malachite.server.workspace.Workspace;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** How a long-running operation is announced to a client. */
@Component
class ComputeOperations {

    static OperationId fresh() {
        return new OperationId(UUID.randomUUID().toString());
    }

    /**
     * The header that the v1 SDK cannot do without, with the caller's own api-version, and {@code Retry-After: 1}: without
     * it clients sleep for 30 s.
     */
    <B extends ResponseEntity.HeadersBuilder<B>> B begun(
            B answer, Workspace workspace, OperationId operation, String apiVersion) {
        String url =
                "%s/subscriptions/%s/providers/Microsoft.MachineLearningServices/locations/%s/computeOperationsStatus/%s?api-version=%s&service=new"
                        .formatted(
                                Caller.current().base(),
                                workspace.ref().subscription(),
                                workspace.location(),
                                operation.value(),
                                apiVersion);
        return answer.header("Azure-AsyncOperation", url).header("Retry-After", "1");
    }
}
