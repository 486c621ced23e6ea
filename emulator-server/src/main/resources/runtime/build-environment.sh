# Builds an environment in a container that becomes its image. Takes the wanted Python version, which may be empty.
# Settings of this machine (the mirror, the proxy, its certificates) are read from files that go before the image is made.
wanted=$1
. /m/settings
minor=$(printf '%s' "$wanted" | cut -d. -f1,2)
python=
for candidate in "python$minor" python3 python; do
  if command -v "$candidate" >/dev/null 2>&1; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  echo "The image has no Python."
  exit 3
fi
if [ -s /m/ca.pem ]; then
  for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
    if [ -f "$bundle" ]; then cat "$bundle" >> /m/ca.pem; break; fi
  done
  export PIP_CERT=/m/ca.pem SSL_CERT_FILE=/m/ca.pem REQUESTS_CA_BUNDLE=/m/ca.pem
fi
found=$("$python" -c 'import platform; print(platform.python_version())') || exit 3
if [ -n "$wanted" ] && [ "$wanted" != "$found" ]; then
  echo "Python $wanted is asked for; the nearest one in the image is $found."
else
  echo "Python $found"
fi
"$python" -m venv /opt/malachite/env || exit 4
/opt/malachite/env/bin/python -m pip install --no-cache-dir --no-input --disable-pip-version-check \
  -r /m/requirements.txt || exit 5
rm -rf /m/* /root/.cache
