package dev.malachite.server.mlflow;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** MLflow's five words for what a run does, beside run history's. */
final class Statuses {

    /** The first of each is what a client's word becomes. */
    private static final Map<String, List<String>> WORDS = Map.of(
            "RUNNING",
            List.of("Running", "Finalizing", "Pausing", "Paused", "NotResponding", "CancelRequested"),
            "SCHEDULED",
            List.of("NotStarted", "Queued", "Preparing", "Provisioning", "Starting", "Unapproved"),
            "FINISHED",
            List.of("Completed"),
            "FAILED",
            List.of("Failed"),
            "KILLED",
            List.of("Canceled"));

    /** By protobuf's numbers, from 1. */
    private static final List<String> NUMBERED = List.of("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED");

    private Statuses() {}

    static String shown(String status) {
        return WORDS.entrySet().stream()
                .filter(word -> word.getValue().contains(status))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("RUNNING");
    }

    /** Run history's words for those of MLflow's that pass a comparison. */
    static List<String> matching(Clause clause) {
        return WORDS.entrySet().stream()
                .filter(word -> clause.test(Optional.of(word.getKey())))
                .flatMap(word -> word.getValue().stream())
                .toList();
    }

    /** What a client gives, as a word or as its number. */
    static Optional<String> asked(Asked asked) {
        Optional<String> word = asked.message().path("status").isNumber()
                ? asked.whole("status")
                        .map(number -> number > 0 && number <= NUMBERED.size()
                                ? NUMBERED.get(number.intValue() - 1)
                                : String.valueOf(number))
                : asked.given("status");
        return word.map(known -> {
            if (!WORDS.containsKey(known)) {
                throw MlflowErrors.invalid("Invalid value \"%s\" for parameter 'status' supplied: it is one of %s."
                        .formatted(known, String.join(", ", NUMBERED)));
            }
            return WORDS.get(known).getFirst();
        });
    }
}
