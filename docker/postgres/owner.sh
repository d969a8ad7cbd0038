#!/usr/bin/env bash
# Run once by the postgres image, when it makes an empty cluster: the owner of our database, who is no superuser.
# He may make the services' users (`smartpark store init` does), and their passwords never stand in a command line.
set -euo pipefail

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set password `cat "$POSTGRES_OWNER_PASSWORD_FILE"`
CREATE ROLE smartpark LOGIN CREATEROLE PASSWORD :'password';
SELECT format('ALTER DATABASE %I OWNER TO smartpark', current_database()) \gexec
SQL
