package dev.malachite.server.metric;

import dev.malachite.engine.JobId;
import dev.malachite.server.web.Json;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tells who listens what was logged, once the transaction that keeps it has ended well. */
@Component
class MetricListeners {

    private final ObjectProvider<MetricListener> listeners;

    MetricListeners(ObjectProvider<MetricListener> listeners) {
        this.listeners = listeners;
    }

    void grown(JobId run, String metric, long from, List<MetricValues.Point> points) {
        for (MetricListener listener : listeners) {
            if (listener.listens(run, metric)) {
                List<Double> values = points.stream()
                        .map(point -> MetricValues.number(Json.parse(point.data())))
                        .toList();
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        listener.logged(run, metric, Math.toIntExact(from), values);
                    }
                });
            }
        }
    }
}
