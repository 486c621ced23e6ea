package dev.malachite.server.machine;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.engine.TargetId;
import java.util.List;
import java.util.Optional;

/** Knows the compute instances that somebody may open, by the name that they have in their region. */
public interface Machines {

    Optional<Machine> find(String name, String region);

    /**
     * A compute instance.
     *
     * @param name as its creator wrote it
     * @param owners who may open it: its creator, or the one whom it was created for
     * @param neighbours others who are known to its workspace
     */
    record Machine(
            TargetId id,
            RuntimeKind runtime,
            String name,
            String region,
            List<Person> owners,
            List<Person> neighbours) {

        boolean isOpenTo(Person person) {
            return owners.stream().anyMatch(owner -> owner.objectId().equalsIgnoreCase(person.objectId()));
        }
    }

    /**
     * Somebody of the directory.
     *
     * @param name for people
     */
    record Person(String objectId, String name) {}
}
