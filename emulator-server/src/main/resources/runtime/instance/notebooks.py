# Settings of the Jupyter server of a compute instance. The emulator stands before it and asks who comes; what it lets through
# shows the key of this server, which no page ever sees.
import hmac
import os

from jupyter_server.auth import IdentityProvider, User
from traitlets import default

with open(os.environ["MALACHITE_KEY_FILE"], encoding="ascii") as file:
    KEY = file.read().strip()


class ThroughTheEmulator(IdentityProvider):
    """Knows one user: whoever comes through the emulator."""

    @default("token")
    def _no_token(self):
        # JupyterLab would write a token of the server's into its pages.
        return ""

    def get_user(self, handler):
        shown = handler.request.headers.get("X-Malachite-Key", "")
        if not hmac.compare_digest(shown.encode(), KEY.encode()):
            return None
        return User(username="azureuser", name="azureuser", display_name="azureuser")

    def is_token_authenticated(self, handler):
        # The emulator has looked at where the request comes from.
        return handler.current_user is not None

    @property
    def login_available(self):
        return False

    @property
    def logout_available(self):
        return False


c = get_config()  # noqa: F821
c.ServerApp.identity_provider_class = ThroughTheEmulator
c.ServerApp.base_url = os.environ["MALACHITE_NOTEBOOKS_PATH"]
c.ServerApp.root_dir = os.environ["MALACHITE_NOTEBOOKS_ROOT"]
# A terminal begins among the files that the page shows.
os.chdir(c.ServerApp.root_dir)
c.ServerApp.ip = os.environ["MALACHITE_NOTEBOOKS_ADDRESS"]
c.ServerApp.port = int(os.environ["MALACHITE_NOTEBOOKS_PORT"])
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.allow_remote_access = True
c.ServerApp.terminado_settings = {"shell_command": [
    "bash", "--rcfile", os.path.join(os.path.dirname(os.environ["MALACHITE_KEY_FILE"]), "bashrc")]}
# Nothing here asks a host on the internet by itself.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
