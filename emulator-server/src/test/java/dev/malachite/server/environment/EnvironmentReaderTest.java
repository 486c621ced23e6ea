package dev.malachite.server.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.malachite.engine.RuntimeKind;
import dev.malachite.server.runtime.ImageDefinition;
import dev.malachite.server.runtime.Recipe;
import dev.malachite.server.web.AzureException;
import dev.malachite.server.web.Json;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** What a node must have, read from definitions as contract sdk-v1 (5.2) and sdk-v2 (5) record them. */
class EnvironmentReaderTest {

    @Test
    void aUserManagedOneIsItsImageAndInterpreter() {
        ImageDefinition image = v1(
                "{'Python':{'UserManagedDependencies':true,'interpreterPath':'/opt/py/bin/python'},"
                        + "'docker':{'BaseImage':'mine:1','baseDockerfile':null},'spark':{'packages':[],'precachePackages':true}}");

        assertThat(image.userManaged()).isTrue();
        assertThat(image.baseImage()).isEqualTo("mine:1");
        assertThat(image.interpreter()).isEqualTo("/opt/py/bin/python");
        assertThat(image.key().value()).matches("[0-9a-f]{64}");
    }

    @Test
    void aManagedOneNamesItsPackages() {
        ImageDefinition image = v1("""
                {'python':{'condaDependencies':{'name':'n','channels':['conda-forge'],'dependencies':
                  ['python=3.8.13','pip=20.2',{'pip':['azureml-defaults','-i https://x/simple']},'conda-forge::scipy>=1.5,<2','r-base']}}}""");

        assertThat(image.userManaged()).isFalse();
        assertThat(image.baseImage()).isEqualTo("mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04");
        assertThat(image.pythonVersion()).isEqualTo(Optional.of("3.8.13"));
        assertThat(image.pip()).containsExactly("azureml-defaults", "-i https://x/simple");
        assertThat(image.conda()).containsExactly("conda-forge::scipy>=1.5,<2", "r-base");
        assertThat(image.channels()).containsExactly("conda-forge");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "numpy",
                "azureml-core==1.61.0.post4",
                "setuptools<81",
                "scikit-learn >= 1.0, != 1.3.*",
                "horovod[torch,spark]~=0.28 ; python_version < '3.11'",
                "mine @ https://x/mine-1.whl",
                "git+https://x/mine.git@main#egg=mine",
                "https://x/mine-1-py3-none-any.whl",
                "mine==1 --hash=sha256:00ff",
                "--extra-index-url https://former.python.org/simple",
                "--find-links https://former.python.org/simple/index.html",
                "--trusted-host x:8080",
                "--pre",
                "--no-binary :all:",
                "# a remark"
            })
    void whatPipMayBeToldIsKeptAsItIs(String line) {
        ObjectNode properties = Json.object().put("image", "i");
        properties.put("condaFile", "dependencies: [{pip: [\"" + line + "\"]}]");

        assertThat(EnvironmentReader.fromV2(properties, RuntimeKind.DOCKER).pip())
                .containsExactly(line);
    }

    @ParameterizedTest
    @CsvSource({
        "python=3.8,3.8",
        "python==3.9.1,3.9.1",
        "python 3.10,3.10",
        "python=3.8.13=h12_0,3.8.13",
        "'python>=3.7,<3.11',3.7",
        "conda-forge::python=3.9,3.9",
        "python,",
        "python<3.11,"
    })
    void thePythonVersionIsWhatWasAskedFor(String dependency, String version) {
        ImageDefinition image = EnvironmentReader.fromV2(
                Json.object().put("image", "i").put("condaFile", "dependencies: ['" + dependency + "']"),
                RuntimeKind.PROCESS);

        assertThat(image.pythonVersion()).isEqualTo(Optional.ofNullable(version));
    }

    @Test
    void equalWishesHaveOneKeyWhateverTheSdk() {
        ImageDefinition v1 = v1("{'python':{'condaDependencies':{'dependencies':['python=3.8',{'pip':['a']}]}},"
                + "'docker':{'baseImage':'i','baseImageRegistry':{'address':'reg.io','password':'secret'}}}");
        ObjectNode properties = Json.object()
                .put("image", "reg.io/i")
                .put("condaFile", "name: other\ndependencies:\n- python=3.8\n- pip:\n  - a\n");

        assertThat(EnvironmentReader.fromV2(properties, RuntimeKind.DOCKER)).isEqualTo(v1);
        assertThat(EnvironmentReader.fromV2(properties, RuntimeKind.PROCESS).key())
                .isNotEqualTo(v1.key());
        assertThat(EnvironmentReader.fromV2(Json.object().put("image", "reg.io/i"), RuntimeKind.DOCKER)
                        .userManaged())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {'docker':{'buildContext':{'location':'u','locationType':'git'}}} | git repository
                    {'spark':{'packages':[{'group':'g'}]}}              | Spark
                    {'r':{'rVersion':'4'}}                              | R section
                    {'docker':{'platform':{'os':'Windows'}}}            | Windows
                    {'docker':{'baseImage':'x RUN evil'}}               | base image
                    {'docker':{'baseImage':'x/../../containers/c'}}     | base image
                    {'python':{'userManagedDependencies':true,'interpreterPath':'a b;c'}} | interpreter
                    """)
    void whatIsNotSupportedIsNamed(String environment, String named) {
        assertThatExceptionOfType(AzureException.class)
                .isThrownBy(() -> v1(environment))
                .withMessageContaining(named)
                .satisfies(e -> assertThat(e.error().code()).isEqualTo("UserError"));
    }

    @Test
    void dockerfilesAndContextsAreRecipesOfTheBaseImage() {
        ImageDefinition inline = v1("{'docker':{'baseDockerfile':'FROM x'},'python':{'userManagedDependencies':true}}");
        assertThat(inline.recipe()).contains(new Recipe("FROM x", "", ""));
        assertThat(v1("{'docker':{'baseDockerfile':'FROM y'},'python':{'userManagedDependencies':true}}")
                        .key())
                .isNotEqualTo(inline.key());

        ImageDefinition context = EnvironmentReader.fromV2(
                Json.parse("{\"build\":{\"contextUri\":\"https://x/c/\",\"dockerfilePath\":\"own\"}}"),
                RuntimeKind.DOCKER);
        assertThat(context.recipe()).contains(new Recipe("", "https://x/c/", "own"));
        assertThat(context.userManaged()).isTrue();
        assertThat(v1("{'docker':{'buildContext':{'location':'https://x/c/'}}}").recipe())
                .contains(new Recipe("", "https://x/c/", "Dockerfile"));
    }

    @Test
    void whereThereIsNoEngineNothingIsBuiltFromADockerfile() {
        assertThatExceptionOfType(AzureException.class)
                .isThrownBy(() -> EnvironmentReader.fromV1(
                        Json.parse("{\"docker\":{\"baseDockerfile\":\"FROM x\"}}"), RuntimeKind.PROCESS))
                .withMessageContaining("a Dockerfile (docker.baseDockerfile), which needs a Docker engine");
        assertThatExceptionOfType(AzureException.class)
                .isThrownBy(() -> EnvironmentReader.fromV2(
                        Json.parse("{\"build\":{\"contextUri\":\"https://x/c/\"}}"), RuntimeKind.PROCESS))
                .withMessageContaining("a Docker build context (build), which needs a Docker engine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dependencies: [unclosed",
                "just text",
                "dependencies: python",
                "dependencies: [{npm: [x]}]",
                "dependencies: ['bad; rm -rf']",
                "dependencies: [{pip: ['-r requirements.txt']}]",
                "dependencies: [{pip: [\"a\\nb\"]}]",
                "dependencies: [{pip: ['--requirement=other.txt']}]",
                "dependencies: [{pip: ['--config-settings=a=b']}]",
                "dependencies: [{pip: ['--find-links /root']}]",
                "dependencies: [{pip: ['--extra-index-url file:///root']}]",
                "dependencies: [{pip: ['--extra-index-url https://x/${SECRET}']}]",
                "dependencies: [{pip: ['numpy --global-option=x']}]",
                "dependencies: [{pip: ['./mine']}]",
                "dependencies: [{pip: ['file:///root/mine']}]",
                "dependencies: [{pip: ['mine @ file:///root/mine']}]",
                "dependencies: [[a]]",
                "a: &a [1]\ndependencies: !!java.net.URL ['http://x']"
            })
    void aBadCondaFileSaysWhy(String yaml) {
        assertThatExceptionOfType(AzureException.class)
                .isThrownBy(() -> EnvironmentReader.fromV2(
                        Json.object().put("image", "i").put("condaFile", yaml), RuntimeKind.DOCKER))
                .withMessageContaining("conda definition")
                .satisfies(e -> assertThat(e.error().status()).isEqualTo(400));
    }

    private static ImageDefinition v1(String environment) {
        return EnvironmentReader.fromV1(Json.parse(environment.replace('\'', '"')), RuntimeKind.DOCKER);
    }
}
