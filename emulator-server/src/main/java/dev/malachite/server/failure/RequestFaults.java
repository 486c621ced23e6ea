package dev.malachite.server.failure;

import dev.malachite.engine.FaultId;
import dev.malachite.server.fault.OutsideFault;
import dev.malachite.server.fault.OutsideFaults;
import dev.malachite.server.loop.ControlLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/** Chooses which faults strike a request. */
@Component
class RequestFaults {

    private final ControlLoop loop;
    private final OutsideFaults faults;

    /** How many requests each fault has seen that fit it. */
    private final Map<FaultId, AtomicLong> seen = new ConcurrentHashMap<>();

    RequestFaults(ControlLoop loop, OutsideFaults faults) {
        this.loop = loop;
        this.faults = faults;
    }

    /** Those that strike it unless the engine says that they have done so often enough, in the order of their coming. */
    List<OutsideFaults.Active<OutsideFault.OnRequest>> striking(String method, String path) {
        List<OutsideFaults.Active<OutsideFault.OnRequest>> active =
                faults.of(loop.state(), OutsideFault.OnRequest.class);
        if (active.isEmpty()) {
            seen.clear();
            return List.of();
        }
        List<OutsideFaults.Active<OutsideFault.OnRequest>> striking = new ArrayList<>();
        for (OutsideFaults.Active<OutsideFault.OnRequest> candidate : active) {
            FaultId id = candidate.record().id();
            if (candidate.fault().where().fits(method, path)) {
                long n = seen.computeIfAbsent(id, any -> new AtomicLong()).getAndIncrement();
                if (candidate.fault().where().strikes(n)) {
                    striking.add(candidate);
                }
            }
        }
        return striking;
    }
}
