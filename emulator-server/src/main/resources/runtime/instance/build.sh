# Makes the image of compute instances in a container of the base image, which is then committed: what such a machine has
# beside Python. How this machine reaches the registries stands in files of /m that go before the image is made.
set -e
[ ! -f /m/settings ] || . /m/settings
bundle=/etc/ssl/certs/ca-certificates.crt
if [ -s /m/ca.pem ]; then
  cat $bundle >> /m/ca.pem
  export PIP_CERT=/m/ca.pem SSL_CERT_FILE=/m/ca.pem REQUESTS_CA_BUNDLE=/m/ca.pem
  echo 'Acquire::https::CaInfo "/m/ca.pem";' > /etc/apt/apt.conf.d/00malachite-build
fi

export DEBIAN_FRONTEND=noninteractive
apt-get -q update
# Services are started by our own script, and each container makes host keys of its own.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
apt-get -q install -y --no-install-recommends git nano openssh-client openssh-server openssh-sftp-server procps sudo
rm -f /usr/sbin/policy-rc.d /etc/ssh/ssh_host_* /etc/apt/apt.conf.d/00malachite-build
mkdir -p /run/sshd

# The server has an environment of its own, so that no pip of the user's can break it; the kernel's is the user's.
for environment in /opt/malachite/jupyter /opt/malachite/env; do python3 -m venv $environment; done
pip="-m pip --disable-pip-version-check --no-input"
/opt/malachite/jupyter/bin/python $pip install --no-cache-dir -r /m/notebooks.txt
/opt/malachite/env/bin/python $pip install --no-cache-dir "$(grep ipykernel /m/notebooks.txt)"
rm -rf /opt/malachite/jupyter/share/jupyter/kernels
/opt/malachite/env/bin/python -m ipykernel install --prefix /opt/malachite/jupyter --name python3 --display-name 'Python 3'

useradd --create-home --shell /bin/bash --uid 1000 azureuser
echo 'azureuser ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/azureuser
chmod 440 /etc/sudoers.d/azureuser
# Key only: with "!" for a password sshd would take the account for locked.
usermod --password '*' azureuser
# Every shell has the machine's environment: one that somebody logs in to, and one that runs a command over SSH.
echo '[ ! -r /m/profile ] || . /m/profile' > /etc/profile.d/malachite.sh
{ echo '[ -n "$MALACHITE_MACHINE" ] || [ ! -r /m/profile ] || . /m/profile'; cat /etc/bash.bashrc; } > /etc/bash.bashrc.new
mv /etc/bash.bashrc.new /etc/bash.bashrc
# As on Azure's machines, where the workspace's files are.
mkdir -p /home/azureuser/cloudfiles/code
chown -R azureuser:azureuser /home/azureuser /opt/malachite/env
rm -rf /m/* /root/.cache /tmp/* /var/lib/apt/lists/* /var/cache/apt/*.bin
