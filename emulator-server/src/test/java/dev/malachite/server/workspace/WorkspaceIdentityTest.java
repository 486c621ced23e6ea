package dev.malachite.server.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.malachite.server.web.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class WorkspaceIdentityTest {

    @Test
    void thePrincipalStaysWhoeverSendsTheIdentityAnew() {
        ObjectNode first = given("{}", Json.object());

        assertThat(first.path("principalId").stringValue()).hasSize(36);
        assertThat(given("{'identity': {'type': 'SystemAssigned'}}", first)).isEqualTo(first);
        assertThat(given("{'identity': {'type': 'SystemAssigned', 'principalId': null, 'tenantId': null}}", first))
                .isEqualTo(first);
    }

    @Test
    void identitiesOfTheUserHaveIdsAndOneThatIsNullIsTakenAway() {
        ObjectNode identity = given(
                "{'identity': {'type': 'UserAssigned', 'userAssignedIdentities': {'/a': {}, '/b': null}}}",
                Json.object());
        ObjectNode ids = Json.objectAt(identity, "userAssignedIdentities");

        assertThat(ids.propertyNames()).containsExactly("/a");
        assertThat(ids.path("/a").path("principalId").stringValue()).hasSize(36);
        assertThat(ids.path("/a").path("clientId").stringValue())
                .hasSize(36)
                .isNotEqualTo(ids.path("/a").path("principalId").stringValue());
        assertThat(identity.has("principalId")).isFalse();
    }

    private static ObjectNode given(String document, ObjectNode before) {
        ObjectNode parsed = Json.parse(document.replace('\'', '"'));
        WorkspaceIdentity.give(parsed, before);
        return Json.objectAt(parsed, "identity");
    }
}
