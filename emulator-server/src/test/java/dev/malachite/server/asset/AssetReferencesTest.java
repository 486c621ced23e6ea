package dev.malachite.server.asset;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssetReferencesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "azureml:iris:1",
                "azureml:iris@latest",
                "azureml:/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/data/iris/versions/1",
                "/subscriptions/s/resourcegroups/g/providers/microsoft.machinelearningservices/workspaces/w/models/net/labels/latest",
                "azureml://locations/koreacentral/workspaces/0e37/data/iris/versions/1",
                "azureml://registries/azureml/data/iris/versions/1",
            })
    void namesAnAsset(String text) {
        assertThat(AssetReferences.isReference(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "azureml://datastores/workspaceblobstore/paths/iris.csv",
                "azureml://jobs/j/outputs/o",
                "https://example.org/iris.csv",
                "iris:1",
                "./iris.csv",
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/environments/e/versions/1",
            })
    void namesFilesOrSomethingElse(String text) {
        assertThat(AssetReferences.isReference(text)).isFalse();
    }
}
