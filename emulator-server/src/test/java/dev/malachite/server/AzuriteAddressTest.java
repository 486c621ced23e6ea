package dev.malachite.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways in which users say where their Azurite is: those of its documentation and of Azure Storage's clients. */
class AzuriteAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:10000",
                "http://127.0.0.1:10000/devstoreaccount1/",
                "UseDevelopmentStorage=true",
                "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;"
            })
    void theUsualOneIsUnderstoodInEachForm(String text) {
        AzuriteAddress usual = AzuriteAddress.parse(text);
        assertThat(usual.blobs()).isEqualTo(URI.create("http://127.0.0.1:10000/devstoreaccount1"));
        assertThat(usual.account()).isEqualTo("devstoreaccount1");
        assertThat(usual.key()).startsWith("Eby8").endsWith("GMGw==");
    }

    @Test
    void anAccountOfOnesOwnNeedsItsKey() {
        assertThat(AzuriteAddress.parse("AccountName=own;AccountKey=a2V5;BlobEndpoint=https://azurite:1/own")
                        .key())
                .isEqualTo("a2V5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:10000",
                "http://127.0.0.1:10000/own",
                "AccountName=own;AccountKey=?;BlobEndpoint=http://azurite/own",
                "AccountName=own;AccountKey=a2V5;BlobEndpoint=azurite",
                "DefaultEndpointsProtocol=https;AccountName=own;AccountKey=a2V5;EndpointSuffix=core.windows.net"
            })
    void whatLeadsNowhereIsRefusedWithTheOptionsName(String text) {
        assertThatThrownBy(() -> AzuriteAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--azurite");
    }
}
