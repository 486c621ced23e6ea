# The first process of an instance's machine: lets SSH in where a key is there, and keeps the Jupyter server running as the
# user azureuser. What may change from one start to the next is in /m.
cat /etc/ssl/certs/ca-certificates.crt /m/ca.pem /m/trusted.pem > /m/bundle.new && mv /m/bundle.new /m/bundle.pem
chmod 644 /m/bundle.pem
if [ -s /m/authorized_keys ]; then
  mkdir -p /run/sshd
  # Made once: a client remembers them.
  ssh-keygen -q -A
  /usr/sbin/sshd -f /m/sshd_config -E /var/log/sshd.log
fi
. /m/profile
. /m/notebooks
trap 'kill "$server" 2>/dev/null; wait "$server"; exit 0' TERM INT
cd /home/azureuser
while :; do
  # It is the user's to end; then another one takes its place.
  setpriv --reuid azureuser --regid azureuser --init-groups \
    env HOME=/home/azureuser USER=azureuser LOGNAME=azureuser SHELL=/bin/bash \
    /opt/malachite/jupyter/bin/jupyter lab --config=/m/notebooks.py &
  server=$!
  wait "$server"
  sleep 1
done
