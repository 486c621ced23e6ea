package dev.malachite.server.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.StringNode;

class ExpressionsTest {

    private final Expressions expressions = new Expressions(
            Json.object().put("name", "it's"),
            Json.object().put("full", "[concat(parameters('name'), '-x')]").put("loop", "[variables('loop')]"),
            new ResourceGroup("sub", "rg", "koreacentral", Instant.EPOCH, Json.object()));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "plain|plain",
                "[[literal]|[literal]",
                "[parameters('name')]|it's",
                "[ concat( 'a''b' , parameters('name') ) ]|a'bit's",
                "[variables('full')]|it's-x",
                "[format('{0}-{1}', 'a', toUpper('b'))]|a-B",
                "[resourceGroup().location]|koreacentral",
                "[resourceId('Microsoft.Storage/storageAccounts', 'st')]|/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st"
            })
    void knownFunctionsSpeak(String expression, String value) {
        assertThat(expressions.evaluate(StringNode.valueOf(expression)).stringValue())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[guid()]", "[parameters('none')]", "[concat('a]", "[variables('loop')]", "[]", "[concat('a'))]"
            })
    void everythingElseIsRefused(String expression) {
        assertThatThrownBy(() -> expressions.evaluate(StringNode.valueOf(expression)))
                .isInstanceOf(AzureException.class)
                .hasMessageContaining("template validation failed");
    }

    @Test
    void endlessNestingIsRefused() {
        assertThatThrownBy(() -> expressions.evaluate(StringNode.valueOf("[" + "concat(".repeat(100_000) + "]")))
                .isInstanceOf(AzureException.class);
    }
}
