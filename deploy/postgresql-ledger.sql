-- Run once after the first `migrate`, as portal_owner: what has been written in the ledger, stays as it was written,
-- and nobody but the owner says which revision the schema is at.
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_entry, ledger_chain, ledger_head, ledger_root FROM portal;
REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM portal;
