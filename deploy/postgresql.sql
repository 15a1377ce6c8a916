-- Run once as the superuser: `sudo -u postgres psql -v ON_ERROR_STOP=1 -f deploy/postgresql.sql`.
-- Two roles: portal_owner owns the tables and runs `migrate`; portal serves, and may neither drop a table nor rewrite
-- the ledger. On Debian both come in by the socket as system users of the same name ("peer" in pg_hba.conf).

CREATE ROLE portal_owner LOGIN;
CREATE ROLE portal LOGIN CONNECTION LIMIT 200;

CREATE DATABASE portal OWNER portal_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE portal TO portal;

\connect portal
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO portal_owner;
GRANT USAGE ON SCHEMA public TO portal;
-- For every schema that `migrate` makes: ours, and "dbos" of the jobs.
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT USAGE ON SCHEMAS TO portal;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT EXECUTE ON FUNCTIONS TO portal;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner GRANT USAGE, SELECT ON SEQUENCES TO portal;
