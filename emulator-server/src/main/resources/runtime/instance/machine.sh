# The first process of a machine that was made with its target: lets its user in over SSH, by password or key. What may change
# from one start to the next is in /m.
cat /etc/ssl/certs/ca-certificates.crt /m/ca.pem /m/trusted.pem > /m/bundle.new && mv /m/bundle.new /m/bundle.pem
chmod 644 /m/bundle.pem
user=$(cat /m/user)
# The image's own user under the name that is asked for: what the image has belongs to it.
if ! id -u "$user" >/dev/null 2>&1; then
  usermod --badname --login "$user" --home "/home/$user" --move-home azureuser || exit 1
  echo "$user ALL=(ALL) NOPASSWD:ALL" > /etc/sudoers.d/azureuser
fi
if [ -s /m/password ]; then chpasswd < /m/password || exit 1; fi
rm -f /m/password
mkdir -p /run/sshd
# Made once: a client remembers them.
ssh-keygen -q -A
exec /usr/sbin/sshd -D -e -f /m/sshd_config -o PasswordAuthentication=yes -o "AllowUsers=$user"
