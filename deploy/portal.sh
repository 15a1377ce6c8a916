#!/bin/sh
# Runs a command of the portal as its own user with its settings; installed as /usr/local/bin/portal:
#   portal create-account quan.tri --name "Mai Anh Khoa" --role admin --office 000.00.00.H09
set -eu
exec sudo -u portal sh -c '
  set -a; . /etc/portal/portal.env; set +a
  cd /opt/mot-cua
  exec .venv/bin/python -m flask --app wsgi "$@"' portal "$@"
