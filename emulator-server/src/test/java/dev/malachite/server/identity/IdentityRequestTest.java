package dev.malachite.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

/** The names of the parameters are those of azure-identity and msrestazure, and of the two services that they ask. */
class IdentityRequestTest {

    private static final NodeIdentity OWN = new NodeIdentity("p0", "c0", Optional.empty());
    private static final NodeIdentity FIRST = new NodeIdentity("p1", "c1", Optional.of("/ids/one"));
    private static final NodeIdentity SECOND = new NodeIdentity("p2", "c2", Optional.of("/ids/two"));

    @Test
    void theOneThatIsNamedIsChosenByAnyOfItsNames() {
        List<NodeIdentity> all = List.of(OWN, FIRST, SECOND);

        assertThat(asked("client_id", "C1").choose(all)).contains(FIRST);
        assertThat(asked("clientid", "c2").choose(all)).contains(SECOND);
        assertThat(asked("object_id", "p1").choose(all)).contains(FIRST);
        assertThat(asked("principal_id", "p2").choose(all)).contains(SECOND);
        assertThat(asked("msi_res_id", "/IDS/one").choose(all)).contains(FIRST);
        assertThat(asked("mi_res_id", "/ids/two").choose(all)).contains(SECOND);
        assertThat(asked("client_id", "c9").choose(all)).isEmpty();
    }

    @Test
    void withoutANameItIsTheMachinesOwnOrTheOnlyOne() {
        assertThat(asked("resource", "r").choose(List.of(OWN, FIRST))).contains(OWN);
        assertThat(asked("resource", "r").choose(List.of(SECOND))).contains(SECOND);
        assertThat(asked("client_id", "").choose(List.of(SECOND))).contains(SECOND);
        assertThat(asked("resource", "r").choose(List.of(FIRST, SECOND))).isEmpty();
    }

    private static IdentityRequest asked(String name, String value) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setParameter(name, value);
        return IdentityRequest.of(request);
    }
}
