package dev.malachite.engine;

import java.util.List;
import java.util.Optional;

/** What follows when an image is there, or cannot be had. */
final class ImageRules {

    private ImageRules() {}

    static void ready(Draft draft, ImageKey key, String reference) {
        draft.state().image(key).ifPresent(image -> {
            draft.put(new Image(key, image.runtime(), Optional.of(reference)));
            for (Job job : draft.state().preparing(key)) {
                draft.put(job.phase(JobPhase.QUEUED));
                draft.tell(Event.of(job, "job.queued", "Its image is there."));
            }
            draft.state().nodes().stream()
                    .filter(node -> node.image().equals(key) && !node.ready())
                    .forEach(node -> draft.touch(node.target()));
        });
    }

    static void failed(Draft draft, ImageKey key, String message) {
        for (Job job : draft.state().preparing(key)) {
            draft.end(job.ended(JobPhase.FAILED, message));
            draft.tell(Event.of(job, "job.failed", message));
        }
        for (Node node : List.copyOf(draft.state().nodes())) {
            if (node.image().equals(key) && !node.ready() && node.usable()) {
                NodeRules.failed(draft, node.id(), node.generation(), message);
            }
        }
        // Last: whoever needs it still asks for it anew.
        draft.forget(key);
    }
}
