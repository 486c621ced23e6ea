package dev.malachite.server.asset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.web.ContentHash;
import dev.malachite.server.web.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What the service makes of a component's specification, known from azure-ai-ml's own tests of components. */
class ComponentSpecsTest {

    private static final String SENT = """
            {"name":"fit","version":"1","display_name":"Fit","type":"command","command":"echo",
             "inputs":{"rate":{"type":"number","default":10.99},"fast":{"type":"boolean","default":true},
                       "data":{"type":"uri_folder","optional":true}},
             "distribution":{"type":"pytorch","process_count_per_instance":4}}
            """;

    @Test
    void defaultsAndDistributionsAreText() {
        ObjectNode shown = ComponentSpecs.shown(Json.parse(SENT));
        assertThat(shown.at("/inputs/rate/default").stringValue()).isEqualTo("10.99");
        assertThat(shown.at("/inputs/fast/default").stringValue()).isEqualTo("True");
        assertThat(shown.at("/distribution/process_count_per_instance").stringValue())
                .isEqualTo("4");
    }

    @Test
    void everyInputSaysWhetherItIsOptional() {
        ObjectNode shown = ComponentSpecs.shown(Json.parse(SENT));
        assertThat(shown.at("/inputs/rate/optional").booleanValue()).isFalse();
        assertThat(shown.at("/inputs/data/optional").booleanValue()).isTrue();
    }

    @Test
    void whatIsShownHasTheContentOfWhatWasSent() {
        ObjectNode sent = Json.parse(SENT);
        ObjectNode back = ComponentSpecs.shown(sent);
        back.put("display_name", "Fit better").put("_source", "REMOTE.WORKSPACE.COMPONENT");
        back.putObject("creation_context").put("created_by", "somebody");
        assertThat(hash(back)).isEqualTo(hash(sent));
        back.put("command", "echo other");
        assertThat(hash(back)).isNotEqualTo(hash(sent));
    }

    private static String hash(ObjectNode spec) {
        return ContentHash.of(ComponentSpecs.content(spec));
    }
}
