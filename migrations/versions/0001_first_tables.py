"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("full_name", sa.String(length=200), nullable=False),
        sa.Column("sign_in_name", sa.String(length=60), nullable=True),
        sa.Column("phone", sa.String(length=15), nullable=True),
        sa.Column("email", sa.String(length=200), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("one_time_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "identity_kind",
            sa.Enum(
                "citizen_number",
                "old_card",
                name="identitykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("identity_sealed", sa.String(length=200), nullable=True),
        sa.Column("identity_index", sa.String(length=64), nullable=True),
        sa.Column(
            "identity_level",
            sa.Enum(
                "self_declared",
                "seen",
                "e_id",
                name="identitylevel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(identity_sealed IS NULL) = (identity_index IS NULL) AND (identity_sealed IS NULL) = (identity_kind IS NULL)",
            name=op.f("ck_account_identity_whole"),
        ),
        sa.CheckConstraint(
            "phone IS NOT NULL OR sign_in_name IS NOT NULL", name=op.f("ck_account_can_sign_in")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_account_sign_in_name")),
        sa.UniqueConstraint("uid", name=op.f("uq_account_uid")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_identity_index"), ["identity_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_phone"), ["phone"], unique=False)
        batch_op.create_index(
            "uq_account_proven_identity",
            ["identity_index"],
            unique=True,
            sqlite_where=sa.text("identity_level IN ('seen', 'e_id') AND closed_at IS NULL"),
            postgresql_where=sa.text("identity_level IN ('seen', 'e_id') AND closed_at IS NULL"),
        )

    op.create_table(
        "area",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "province",
                "district",
                "ward",
                name="areakind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(length=10), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["parent_code"], ["area.code"], name=op.f("fk_area_parent_code_area")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_area")),
    )
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_area_parent_code"), ["parent_code"], unique=False)

    op.create_table(
        "calendar_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "holiday",
                "exchanged_off",
                "make_up",
                name="daykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("day", name=op.f("uq_calendar_day_day")),
    )
    op.create_table(
        "counter",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_counter")),
    )
    op.create_table(
        "demonstration_anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("anchor_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demonstration_anchor")),
    )
    op.create_table(
        "fee_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "desk", "online", "post", name="channel", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum("charge", "levy", name="feekind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("amount_dong", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("amount_dong >= 0", name=op.f("ck_fee_rule_never_negative")),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on", name=op.f("ck_fee_rule_ends_after_it_begins")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_rule")),
        sa.UniqueConstraint(
            "code", "channel", "name", "from_on", name=op.f("uq_fee_rule_code_channel_name_from_on")
        ),
    )
    op.create_table(
        "form_definition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_definition")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_form_definition_code_number")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("aggregate", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf_of", sa.Integer(), nullable=True),
        sa.Column("from_state", sa.String(length=60), nullable=False),
        sa.Column("to_state", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "details",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("kind", "aggregate", "seq", name=op.f("uq_ledger_entry_kind_aggregate_seq")),
    )
    op.create_table(
        "level_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_level_decision_four_levels")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_level_decision")),
        sa.UniqueConstraint("code", "effective_from", name=op.f("uq_level_decision_code_effective_from")),
    )
    op.create_table(
        "post_listing",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", "from_on", name=op.f("pk_post_listing")),
    )
    op.create_table(
        "postage_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("up_to_grams", sa.Integer(), nullable=False),
        sa.Column("price_dong", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("price_dong >= 0 AND up_to_grams > 0", name=op.f("ck_postage_rate_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postage_rate")),
    )
    op.create_table(
        "procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
        sa.UniqueConstraint("code", name=op.f("uq_procedure_code")),
    )
    op.create_table(
        "stored_answer",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answer",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stored_answer")),
    )
    with op.batch_alter_table("stored_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_answer_at"), ["at"], unique=False)

    op.create_table(
        "tries",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_tries")),
    )
    with op.batch_alter_table("tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tries_began_at"), ["began_at"], unique=False)

    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=35), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "province",
                "department",
                "district",
                "ward",
                "post",
                name="officekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(length=10), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_office_area_code_area")),
        sa.ForeignKeyConstraint(["parent_id"], ["office.id"], name=op.f("fk_office_parent_id_office")),
        sa.ForeignKeyConstraint(["successor_id"], ["office.id"], name=op.f("fk_office_successor_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("code", name=op.f("uq_office_code")),
    )
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_office_area_code"), ["area_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_office_successor_id"), ["successor_id"], unique=False)

    op.create_table(
        "procedure_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "withdrawn",
                name="versionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=200), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("applicants", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column(
            "competence",
            sa.Enum(
                "residence",
                "event",
                "business",
                "any",
                name="competence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "competent_tier",
            sa.Enum(
                "ministry",
                "province",
                "district",
                "commune",
                "other",
                name="competent_tier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("by_post", sa.Boolean(), nullable=False),
        sa.Column(
            "record",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("record_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "warnings",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "curated",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["procedure_id"], ["procedure.id"], name=op.f("fk_procedure_version_procedure_id_procedure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_version")),
        sa.UniqueConstraint("procedure_id", "number", name=op.f("uq_procedure_version_procedure_id_number")),
    )
    with op.batch_alter_table("procedure_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedure_version_field"), ["field"], unique=False)
        batch_op.create_index(batch_op.f("ix_procedure_version_procedure_id"), ["procedure_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_procedure_version_state"), ["state"], unique=False)

    op.create_table(
        "role_card",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_card_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_role_card")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "citizen",
                "carrier",
                "post_clerk",
                "receptionist",
                "specialist",
                "leader",
                "records_clerk",
                "supervisor",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint("role <> 'citizen'", name=op.f("ck_appointment_never_citizen")),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on", name=op.f("ck_appointment_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_appointment_account_id_account")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_appointment_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointment_office_id"), ["office_id"], unique=False)

    op.create_table(
        "case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["procedure_version.id"], name=op.f("fk_case_version_id_procedure_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_case_version_id_key")),
    )
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_version_id"), ["version_id"], unique=False)

    op.create_table(
        "channel_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "desk", "online", "post", name="channel", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("case_key", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column(
            "unit",
            sa.Enum(
                "working_day",
                "day",
                "hour",
                "month",
                "same_day",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("fee_text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount > 0", name=op.f("ck_channel_term_amount_positive")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["procedure_version.id"],
            name=op.f("fk_channel_term_version_id_procedure_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_term")),
    )
    with op.batch_alter_table("channel_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_term_version_id"), ["version_id"], unique=False)

    op.create_table(
        "dossier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("provisional_code", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=50), nullable=True),
        sa.Column("procedure_version_id", sa.Integer(), nullable=False),
        sa.Column("form_definition_id", sa.Integer(), nullable=True),
        sa.Column("case_key", sa.String(length=40), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("received_by_id", sa.Integer(), nullable=False),
        sa.Column("helped_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "desk", "online", "post", name="channel", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "delivery",
            sa.Enum(
                "desk",
                "post",
                "online",
                name="delivery",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "submitted",
                "accepted",
                "not_accepted",
                "in_progress",
                "awaiting_supplement",
                "awaiting_payment",
                "withdrawn",
                "stopped",
                "finished",
                "returned",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "step",
            sa.Enum(
                "appraisal",
                "signing",
                "issuing",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "resume_to",
            sa.Enum(
                "submitted",
                "accepted",
                "not_accepted",
                "in_progress",
                "awaiting_supplement",
                "awaiting_payment",
                "withdrawn",
                "stopped",
                "finished",
                "returned",
                name="resume_to",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("submitter_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("owner_name", sa.String(length=200), nullable=False),
        sa.Column("owner_phone", sa.String(length=15), nullable=False),
        sa.Column("owner_address", sa.Text(), nullable=False),
        sa.Column(
            "owner_identity_kind",
            sa.Enum(
                "citizen_number",
                "old_card",
                name="identitykind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("owner_identity_sealed", sa.String(length=200), nullable=True),
        sa.Column("owner_identity_index", sa.String(length=64), nullable=True),
        sa.Column("submitter_phone", sa.String(length=15), nullable=False),
        sa.Column(
            "answers",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("check_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "due_trace",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "evidence",
            sa.Enum(
                "signature",
                "delivery",
                "download",
                name="evidence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(status = 'awaiting_supplement') = (resume_to IS NOT NULL)",
            name=op.f("ck_dossier_supplement_returns"),
        ),
        sa.CheckConstraint(
            "(status = 'in_progress') = (step IS NOT NULL)", name=op.f("ck_dossier_step_in_progress")
        ),
        sa.CheckConstraint(
            "(status = 'returned') = (evidence IS NOT NULL)", name=op.f("ck_dossier_returned_with_evidence")
        ),
        sa.CheckConstraint(
            "code IS NOT NULL OR status IN ('submitted', 'not_accepted', 'awaiting_supplement', 'withdrawn')",
            name=op.f("ck_dossier_in_progress_has_code"),
        ),
        sa.CheckConstraint("(code IS NULL) = (due_at IS NULL)", name=op.f("ck_dossier_due_once_accepted")),
        sa.CheckConstraint(
            "code IS NULL OR accepted_at IS NOT NULL", name=op.f("ck_dossier_code_once_accepted")
        ),
        sa.ForeignKeyConstraint(
            ["form_definition_id"],
            ["form_definition.id"],
            name=op.f("fk_dossier_form_definition_id_form_definition"),
        ),
        sa.ForeignKeyConstraint(["helped_by_id"], ["office.id"], name=op.f("fk_dossier_helped_by_id_office")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_dossier_office_id_office")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_dossier_owner_id_account")),
        sa.ForeignKeyConstraint(
            ["procedure_version_id"],
            ["procedure_version.id"],
            name=op.f("fk_dossier_procedure_version_id_procedure_version"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["account.id"], name=op.f("fk_dossier_proposed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["office.id"], name=op.f("fk_dossier_received_by_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["submitter_id"], ["account.id"], name=op.f("fk_dossier_submitter_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("code", name=op.f("uq_dossier_code")),
        sa.UniqueConstraint("provisional_code", name=op.f("uq_dossier_provisional_code")),
        sa.UniqueConstraint("uid", name=op.f("uq_dossier_uid")),
    )
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dossier_form_definition_id"), ["form_definition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_dossier_helped_by_id"), ["helped_by_id"], unique=False)
        batch_op.create_index(
            "ix_dossier_open_work",
            ["office_id", "status", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('submitted', 'accepted', 'in_progress', 'awaiting_supplement')"),
            postgresql_where=sa.text(
                "status IN ('submitted', 'accepted', 'in_progress', 'awaiting_supplement')"
            ),
        )
        batch_op.create_index(batch_op.f("ix_dossier_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_dossier_procedure_version_id"), ["procedure_version_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_dossier_received_by_id"), ["received_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dossier_submitter_id"), ["submitter_id"], unique=False)

    op.create_table(
        "office_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint("opens < closes", name=op.f("ck_office_hours_opens_before_it_closes")),
        sa.CheckConstraint("to_on IS NULL OR from_on <= to_on", name=op.f("ck_office_hours_from_before_to")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_office_hours_weekday_of_a_week")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_office_hours_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_hours")),
    )
    with op.batch_alter_table("office_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_office_hours_office_id"), ["office_id"], unique=False)

    op.create_table(
        "post_area",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_post_area_area_code_area")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_post_area_office_id_office")),
        sa.PrimaryKeyConstraint("office_id", "area_code", name=op.f("pk_post_area")),
    )
    with op.batch_alter_table("post_area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_area_area_code"), ["area_code"], unique=False)

    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("runs_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["carrier_id"], ["account.id"], name=op.f("fk_run_carrier_id_account")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_run_office_id_office")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint(
            "carrier_id", "office_id", "runs_on", name=op.f("uq_run_carrier_id_office_id_runs_on")
        ),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_carrier_id"), ["carrier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_run_office_id"), ["office_id"], unique=False)

    op.create_table(
        "version_tier",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "ministry",
                "province",
                "district",
                "commune",
                "other",
                name="tier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["procedure_version.id"],
            name=op.f("fk_version_tier_version_id_procedure_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "tier", name=op.f("pk_version_tier")),
    )
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "look",
            sa.Enum(
                "page",
                "file",
                "identity",
                "stop",
                name="look",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_access_log_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_access_log_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_access_log_dossier_id_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_log_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_log_appointment_id"), ["appointment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_log_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "account_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_session_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_account_session_appointment_id_appointment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_account_session_token_hash")),
    )
    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_session_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_account_session_appointment_id"), ["appointment_id"], unique=False
        )

    op.create_table(
        "blocker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "papers_on_the_way",
                "papers_to_bring",
                "unpaid",
                name="blockerkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_blocker_dossier_id_dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocker")),
        sa.UniqueConstraint("dossier_id", "kind", name=op.f("uq_blocker_dossier_id_kind")),
    )
    with op.batch_alter_table("blocker", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blocker_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "cash_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("charge", "levy", name="feekind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("amount_dong", sa.BigInteger(), nullable=False),
        sa.Column("payer", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("payer <> ''", name=op.f("ck_cash_receipt_somebody_paid")),
        sa.CheckConstraint("amount_dong > 0", name=op.f("ck_cash_receipt_some_money")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_cash_receipt_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_cash_receipt_office_id_office")),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["account.id"], name=op.f("fk_cash_receipt_taken_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_receipt")),
        sa.UniqueConstraint(
            "office_id", "year", "number", name=op.f("uq_cash_receipt_office_id_year_number")
        ),
    )
    with op.batch_alter_table("cash_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cash_receipt_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cash_receipt_taken_by_id"), ["taken_by_id"], unique=False)

    op.create_table(
        "checklist_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("originals", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("certified_copies", sa.Integer(), nullable=False),
        sa.Column("is_form", sa.Boolean(), nullable=False),
        sa.Column("to_show", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_checklist_item_dossier_id_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_item")),
        sa.UniqueConstraint("dossier_id", "key", name=op.f("uq_checklist_item_dossier_id_key")),
    )
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checklist_item_dossier_id"), ["dossier_id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("procedure_version_id", sa.Integer(), nullable=False),
        sa.Column("form_definition_id", sa.Integer(), nullable=True),
        sa.Column("case_key", sa.String(length=40), nullable=False),
        sa.Column(
            "paper_keys",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column(
            "answers",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "ways",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "pages_done",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id_account")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_draft_dossier_id_dossier")),
        sa.ForeignKeyConstraint(
            ["form_definition_id"],
            ["form_definition.id"],
            name=op.f("fk_draft_form_definition_id_form_definition"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_draft_office_id_office")),
        sa.ForeignKeyConstraint(
            ["procedure_version_id"],
            ["procedure_version.id"],
            name=op.f("fk_draft_procedure_version_id_procedure_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("dossier_id", name=op.f("uq_draft_dossier_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_draft_uid")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_form_definition_id"), ["form_definition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draft_office_id"), ["office_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_draft_procedure_version_id"), ["procedure_version_id"], unique=False
        )

    op.create_table(
        "postal_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "pickup", "return", name="direction", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            sa.Enum(
                "papers",
                "supplement",
                "result",
                "papers_back",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "assigned",
                "collected",
                "done",
                "cancelled",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("area_code", sa.String(length=10), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("window", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("post_office_id", sa.Integer(), nullable=False),
        sa.Column("postage_dong", sa.Integer(), nullable=True),
        sa.Column(
            "exemption",
            sa.Enum(
                "revolutionary",
                "heroic_mother",
                name="exemption",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("postage_paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivery_code", sa.String(length=6), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('done', 'cancelled'))",
            name=op.f("ck_postal_order_closed_at_its_end"),
        ),
        sa.CheckConstraint(
            "(direction = 'pickup') = (purpose IN ('papers', 'supplement'))",
            name=op.f("ck_postal_order_purpose_fits_direction"),
        ),
        sa.CheckConstraint(
            "(direction = 'return') = (delivery_code IS NOT NULL)",
            name=op.f("ck_postal_order_return_has_delivery_code"),
        ),
        sa.CheckConstraint(
            "state <> 'collected' OR direction = 'pickup'",
            name=op.f("ck_postal_order_only_pickups_are_collected"),
        ),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_postal_order_attempts_from_one")),
        sa.CheckConstraint(
            "exemption IS NULL OR postage_dong = 0", name=op.f("ck_postal_order_exempt_pays_nothing")
        ),
        sa.CheckConstraint("postage_dong >= 0", name=op.f("ck_postal_order_postage_not_negative")),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_postal_order_area_code_area")),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_postal_order_dossier_id_dossier")
        ),
        sa.ForeignKeyConstraint(
            ["post_office_id"], ["office.id"], name=op.f("fk_postal_order_post_office_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["account.id"], name=op.f("fk_postal_order_requested_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postal_order")),
        sa.UniqueConstraint("code", name=op.f("uq_postal_order_code")),
    )
    with op.batch_alter_table("postal_order", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_postal_order_area_code"), ["area_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_postal_order_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_postal_order_post_office_id"), ["post_office_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_postal_order_requested_by_id"), ["requested_by_id"], unique=False
        )
        batch_op.create_index(
            "ix_postal_order_waiting",
            ["post_office_id", "area_code", "window"],
            unique=False,
            sqlite_where=sa.text("state = 'requested'"),
            postgresql_where=sa.text("state = 'requested'"),
        )
        batch_op.create_index(
            "uq_postal_order_open",
            ["dossier_id", "direction"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('done', 'cancelled')"),
            postgresql_where=sa.text("state NOT IN ('done', 'cancelled')"),
        )

    op.create_table(
        "required_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("originals", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("certified_copies", sa.Integer(), nullable=False),
        sa.Column("is_form", sa.Boolean(), nullable=False),
        sa.Column("only_if", sa.Text(), nullable=False),
        sa.Column("to_show", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "originals >= 0 AND copies >= 0 AND certified_copies >= 0",
            name=op.f("ck_required_paper_counts_positive"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_required_paper_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_required_paper")),
        sa.UniqueConstraint("case_id", "key", name=op.f("uq_required_paper_case_id_key")),
    )
    with op.batch_alter_table("required_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_required_paper_case_id"), ["case_id"], unique=False)

    op.create_table(
        "supplement_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_supplement_request_asked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["dossier_id"], ["dossier.id"], name=op.f("fk_supplement_request_dossier_id_dossier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement_request")),
    )
    with op.batch_alter_table("supplement_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supplement_request_asked_by_id"), ["asked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supplement_request_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(
            "uq_supplement_request_open",
            ["dossier_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "envelope",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=30), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "holder_kind",
            sa.Enum(
                "citizen",
                "carrier",
                "post_office",
                "desk",
                name="holder_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("holder_account_id", sa.Integer(), nullable=True),
        sa.Column("holder_office_id", sa.Integer(), nullable=True),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(holder_kind IN ('post_office', 'desk')) = (holder_office_id IS NOT NULL) AND (holder_kind = 'citizen' OR (holder_kind = 'carrier') = (holder_account_id IS NOT NULL))",
            name=op.f("ck_envelope_holder_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["holder_account_id"], ["account.id"], name=op.f("fk_envelope_holder_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["holder_office_id"], ["office.id"], name=op.f("fk_envelope_holder_office_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["postal_order.id"], name=op.f("fk_envelope_order_id_postal_order")
        ),
        sa.ForeignKeyConstraint(
            ["sealed_by_id"], ["account.id"], name=op.f("fk_envelope_sealed_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope")),
        sa.UniqueConstraint("code", name=op.f("uq_envelope_code")),
        sa.UniqueConstraint("order_id", name=op.f("uq_envelope_order_id")),
        sa.UniqueConstraint("seal", name=op.f("uq_envelope_seal")),
    )
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.create_index("ix_envelope_holder_account", ["holder_account_id"], unique=False)
        batch_op.create_index("ix_envelope_holder_office", ["holder_office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_envelope_sealed_by_id"), ["sealed_by_id"], unique=False)

    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("dossier_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "submitted", "result", name="paperkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("item_key", sa.String(length=40), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(draft_id IS NULL) <> (dossier_id IS NULL)", name=op.f("ck_paper_one_home")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_paper_not_empty")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_paper_account_id_account")),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_paper_dossier_id_dossier")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_paper_draft_id_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("uid", name=op.f("uq_paper_uid")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_dossier_id"), ["dossier_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_draft_id"), ["draft_id"], unique=False)

    op.create_table(
        "stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "collected",
                "delivered",
                "failed",
                "taken_off",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "absent",
                "wrong_address",
                "not_ready",
                "refused",
                "no_proof",
                "no_access",
                name="failure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(reason IS NOT NULL) = (outcome IS NOT NULL AND outcome = 'failed')",
            name=op.f("ck_stop_failure_has_reason"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome = 'taken_off' OR opened_at IS NOT NULL",
            name=op.f("ck_stop_opened_before_its_end"),
        ),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_stop_ends_with_outcome")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["postal_order.id"], name=op.f("fk_stop_order_id_postal_order")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_stop_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop")),
    )
    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stop_order_id"), ["order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stop_run_id"), ["run_id"], unique=False)
        batch_op.create_index(
            "uq_stop_open_order",
            ["order_id"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "supplement_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("checklist_item_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.String(length=60), nullable=True),
        sa.Column(
            "fault",
            sa.Enum(
                "missing",
                "blurred",
                "missing_page",
                "wrong_kind",
                "expired",
                "wrong_field",
                name="fault",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("declined", sa.Text(), nullable=False),
        sa.CheckConstraint("note <> ''", name=op.f("ck_supplement_item_says_what")),
        sa.CheckConstraint(
            "(checklist_item_id IS NULL) <> (question IS NULL)",
            name=op.f("ck_supplement_item_paper_or_question"),
        ),
        sa.ForeignKeyConstraint(
            ["checklist_item_id"],
            ["checklist_item.id"],
            name=op.f("fk_supplement_item_checklist_item_id_checklist_item"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["supplement_request.id"],
            name=op.f("fk_supplement_item_request_id_supplement_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplement_item")),
    )
    with op.batch_alter_table("supplement_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supplement_item_checklist_item_id"), ["checklist_item_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_supplement_item_request_id"), ["request_id"], unique=False)

    op.create_table(
        "custody_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("envelope_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "giver_kind",
            sa.Enum(
                "citizen",
                "carrier",
                "post_office",
                "desk",
                name="giver_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("giver_account_id", sa.Integer(), nullable=True),
        sa.Column("giver_office_id", sa.Integer(), nullable=True),
        sa.Column(
            "receiver_kind",
            sa.Enum(
                "citizen",
                "carrier",
                "post_office",
                "desk",
                name="receiver_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("receiver_account_id", sa.Integer(), nullable=True),
        sa.Column("receiver_office_id", sa.Integer(), nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(giver_kind IN ('post_office', 'desk')) = (giver_office_id IS NOT NULL) AND (giver_kind = 'citizen' OR (giver_kind = 'carrier') = (giver_account_id IS NOT NULL))",
            name=op.f("ck_custody_event_giver_whole"),
        ),
        sa.CheckConstraint(
            "(receiver_kind IN ('post_office', 'desk')) = (receiver_office_id IS NOT NULL) AND (receiver_kind = 'citizen' OR (receiver_kind = 'carrier') = (receiver_account_id IS NOT NULL))",
            name=op.f("ck_custody_event_receiver_whole"),
        ),
        sa.CheckConstraint("given_by_id <> taken_by_id", name=op.f("ck_custody_event_two_different_people")),
        sa.ForeignKeyConstraint(
            ["envelope_id"], ["envelope.id"], name=op.f("fk_custody_event_envelope_id_envelope")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["account.id"], name=op.f("fk_custody_event_given_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["giver_account_id"], ["account.id"], name=op.f("fk_custody_event_giver_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["giver_office_id"], ["office.id"], name=op.f("fk_custody_event_giver_office_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["receiver_account_id"], ["account.id"], name=op.f("fk_custody_event_receiver_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["receiver_office_id"], ["office.id"], name=op.f("fk_custody_event_receiver_office_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["account.id"], name=op.f("fk_custody_event_taken_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custody_event")),
        sa.UniqueConstraint("envelope_id", "seq", name=op.f("uq_custody_event_envelope_id_seq")),
    )
    with op.batch_alter_table("custody_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_custody_event_given_by_id"), ["given_by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_custody_event_giver_account_id"), ["giver_account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_custody_event_giver_office_id"), ["giver_office_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_custody_event_receiver_account_id"), ["receiver_account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_custody_event_receiver_office_id"), ["receiver_office_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_custody_event_taken_by_id"), ["taken_by_id"], unique=False)

    op.create_table(
        "envelope_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("envelope_id", sa.Integer(), nullable=False),
        sa.Column("checklist_item_id", sa.Integer(), nullable=True),
        sa.Column(
            "form",
            sa.Enum(
                "original",
                "copy",
                "certified_copy",
                name="paperform",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column(
            "missing_reason",
            sa.Enum(
                "not_yet",
                "sent_as_photo",
                "keeps_original",
                name="missingreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(counted < needed) = (missing_reason IS NOT NULL)",
            name=op.f("ck_envelope_line_missing_has_reason"),
        ),
        sa.CheckConstraint("counted BETWEEN 0 AND needed", name=op.f("ck_envelope_line_counted_within_list")),
        sa.ForeignKeyConstraint(
            ["checklist_item_id"],
            ["checklist_item.id"],
            name=op.f("fk_envelope_line_checklist_item_id_checklist_item"),
        ),
        sa.ForeignKeyConstraint(
            ["envelope_id"], ["envelope.id"], name=op.f("fk_envelope_line_envelope_id_envelope")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope_line")),
        sa.UniqueConstraint(
            "envelope_id",
            "checklist_item_id",
            "form",
            name=op.f("uq_envelope_line_envelope_id_checklist_item_id_form"),
        ),
    )
    with op.batch_alter_table("envelope_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_envelope_line_checklist_item_id"), ["checklist_item_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_envelope_line_envelope_id"), ["envelope_id"], unique=False)

    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("envelope_id", sa.Integer(), nullable=False),
        sa.Column(
            "giver_kind",
            sa.Enum(
                "citizen",
                "carrier",
                "post_office",
                "desk",
                name="giver_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("giver_account_id", sa.Integer(), nullable=True),
        sa.Column("giver_office_id", sa.Integer(), nullable=True),
        sa.Column(
            "receiver_kind",
            sa.Enum(
                "citizen",
                "carrier",
                "post_office",
                "desk",
                name="receiver_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("receiver_account_id", sa.Integer(), nullable=True),
        sa.Column("receiver_office_id", sa.Integer(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(giver_kind IN ('post_office', 'desk')) = (giver_office_id IS NOT NULL) AND (giver_kind = 'citizen' OR (giver_kind = 'carrier') = (giver_account_id IS NOT NULL))",
            name=op.f("ck_hand_over_giver_whole"),
        ),
        sa.CheckConstraint(
            "(receiver_kind IN ('post_office', 'desk')) = (receiver_office_id IS NOT NULL) AND (receiver_kind = 'citizen' OR (receiver_kind = 'carrier') = (receiver_account_id IS NOT NULL))",
            name=op.f("ck_hand_over_receiver_whole"),
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name=op.f("ck_hand_over_confirmed_by_somebody"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR taken_back_at IS NULL", name=op.f("ck_hand_over_ends_once")
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> offered_by_id",
            name=op.f("ck_hand_over_two_different_people"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_hand_over_confirmed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["envelope_id"], ["envelope.id"], name=op.f("fk_hand_over_envelope_id_envelope")
        ),
        sa.ForeignKeyConstraint(
            ["giver_account_id"], ["account.id"], name=op.f("fk_hand_over_giver_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["giver_office_id"], ["office.id"], name=op.f("fk_hand_over_giver_office_id_office")
        ),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["account.id"], name=op.f("fk_hand_over_offered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["receiver_account_id"], ["account.id"], name=op.f("fk_hand_over_receiver_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["receiver_office_id"], ["office.id"], name=op.f("fk_hand_over_receiver_office_id_office")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_over_confirmed_by_id"), ["confirmed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_over_envelope_id"), ["envelope_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_over_giver_account_id"), ["giver_account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_over_giver_office_id"), ["giver_office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_over_offered_by_id"), ["offered_by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_hand_over_receiver_account_id"), ["receiver_account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_hand_over_receiver_office_id"), ["receiver_office_id"], unique=False
        )
        batch_op.create_index(
            "uq_hand_over_open",
            ["envelope_id"],
            unique=True,
            sqlite_where=sa.text("confirmed_at IS NULL AND taken_back_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL AND taken_back_at IS NULL"),
        )

    op.create_table(
        "recount",
        sa.Column("hand_over_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.CheckConstraint("given >= 0 AND counted >= 0", name=op.f("ck_recount_counts_positive")),
        sa.ForeignKeyConstraint(
            ["hand_over_id"], ["hand_over.id"], name=op.f("fk_recount_hand_over_id_hand_over")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["envelope_line.id"], name=op.f("fk_recount_line_id_envelope_line")
        ),
        sa.PrimaryKeyConstraint("hand_over_id", "line_id", name=op.f("pk_recount")),
    )
    with op.batch_alter_table("recount", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recount_line_id"), ["line_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("recount", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recount_line_id"))

    op.drop_table("recount")
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_hand_over_open",
            sqlite_where=sa.text("confirmed_at IS NULL AND taken_back_at IS NULL"),
            postgresql_where=sa.text("confirmed_at IS NULL AND taken_back_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_hand_over_receiver_office_id"))
        batch_op.drop_index(batch_op.f("ix_hand_over_receiver_account_id"))
        batch_op.drop_index(batch_op.f("ix_hand_over_offered_by_id"))
        batch_op.drop_index(batch_op.f("ix_hand_over_giver_office_id"))
        batch_op.drop_index(batch_op.f("ix_hand_over_giver_account_id"))
        batch_op.drop_index(batch_op.f("ix_hand_over_envelope_id"))
        batch_op.drop_index(batch_op.f("ix_hand_over_confirmed_by_id"))

    op.drop_table("hand_over")
    with op.batch_alter_table("envelope_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_envelope_line_envelope_id"))
        batch_op.drop_index(batch_op.f("ix_envelope_line_checklist_item_id"))

    op.drop_table("envelope_line")
    with op.batch_alter_table("custody_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_custody_event_taken_by_id"))
        batch_op.drop_index(batch_op.f("ix_custody_event_receiver_office_id"))
        batch_op.drop_index(batch_op.f("ix_custody_event_receiver_account_id"))
        batch_op.drop_index(batch_op.f("ix_custody_event_giver_office_id"))
        batch_op.drop_index(batch_op.f("ix_custody_event_giver_account_id"))
        batch_op.drop_index(batch_op.f("ix_custody_event_given_by_id"))

    op.drop_table("custody_event")
    with op.batch_alter_table("supplement_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplement_item_request_id"))
        batch_op.drop_index(batch_op.f("ix_supplement_item_checklist_item_id"))

    op.drop_table("supplement_item")
    with op.batch_alter_table("stop", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stop_open_order",
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_stop_run_id"))
        batch_op.drop_index(batch_op.f("ix_stop_order_id"))

    op.drop_table("stop")
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_draft_id"))
        batch_op.drop_index(batch_op.f("ix_paper_dossier_id"))
        batch_op.drop_index(batch_op.f("ix_paper_account_id"))

    op.drop_table("paper")
    with op.batch_alter_table("envelope", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_envelope_sealed_by_id"))
        batch_op.drop_index("ix_envelope_holder_office")
        batch_op.drop_index("ix_envelope_holder_account")

    op.drop_table("envelope")
    with op.batch_alter_table("supplement_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_supplement_request_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_supplement_request_dossier_id"))
        batch_op.drop_index(batch_op.f("ix_supplement_request_asked_by_id"))

    op.drop_table("supplement_request")
    with op.batch_alter_table("required_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_required_paper_case_id"))

    op.drop_table("required_paper")
    with op.batch_alter_table("postal_order", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_postal_order_open",
            sqlite_where=sa.text("state NOT IN ('done', 'cancelled')"),
            postgresql_where=sa.text("state NOT IN ('done', 'cancelled')"),
        )
        batch_op.drop_index(
            "ix_postal_order_waiting",
            sqlite_where=sa.text("state = 'requested'"),
            postgresql_where=sa.text("state = 'requested'"),
        )
        batch_op.drop_index(batch_op.f("ix_postal_order_requested_by_id"))
        batch_op.drop_index(batch_op.f("ix_postal_order_post_office_id"))
        batch_op.drop_index(batch_op.f("ix_postal_order_dossier_id"))
        batch_op.drop_index(batch_op.f("ix_postal_order_area_code"))

    op.drop_table("postal_order")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_procedure_version_id"))
        batch_op.drop_index(batch_op.f("ix_draft_office_id"))
        batch_op.drop_index(batch_op.f("ix_draft_form_definition_id"))
        batch_op.drop_index(batch_op.f("ix_draft_expires_at"))
        batch_op.drop_index(batch_op.f("ix_draft_account_id"))

    op.drop_table("draft")
    with op.batch_alter_table("checklist_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checklist_item_dossier_id"))

    op.drop_table("checklist_item")
    with op.batch_alter_table("cash_receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cash_receipt_taken_by_id"))
        batch_op.drop_index(batch_op.f("ix_cash_receipt_dossier_id"))

    op.drop_table("cash_receipt")
    with op.batch_alter_table("blocker", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blocker_dossier_id"))

    op.drop_table("blocker")
    with op.batch_alter_table("account_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_session_appointment_id"))
        batch_op.drop_index(batch_op.f("ix_account_session_account_id"))

    op.drop_table("account_session")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_log_dossier_id"))
        batch_op.drop_index(batch_op.f("ix_access_log_appointment_id"))
        batch_op.drop_index(batch_op.f("ix_access_log_account_id"))

    op.drop_table("access_log")
    op.drop_table("version_tier")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_run_office_id"))
        batch_op.drop_index(batch_op.f("ix_run_carrier_id"))

    op.drop_table("run")
    with op.batch_alter_table("post_area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_area_area_code"))

    op.drop_table("post_area")
    with op.batch_alter_table("office_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_hours_office_id"))

    op.drop_table("office_hours")
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dossier_submitter_id"))
        batch_op.drop_index(batch_op.f("ix_dossier_received_by_id"))
        batch_op.drop_index(batch_op.f("ix_dossier_procedure_version_id"))
        batch_op.drop_index(batch_op.f("ix_dossier_owner_id"))
        batch_op.drop_index(
            "ix_dossier_open_work",
            sqlite_where=sa.text("status IN ('submitted', 'accepted', 'in_progress', 'awaiting_supplement')"),
            postgresql_where=sa.text(
                "status IN ('submitted', 'accepted', 'in_progress', 'awaiting_supplement')"
            ),
        )
        batch_op.drop_index(batch_op.f("ix_dossier_helped_by_id"))
        batch_op.drop_index(batch_op.f("ix_dossier_form_definition_id"))

    op.drop_table("dossier")
    with op.batch_alter_table("channel_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_term_version_id"))

    op.drop_table("channel_term")
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_version_id"))

    op.drop_table("case")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_office_id"))
        batch_op.drop_index(batch_op.f("ix_appointment_account_id"))

    op.drop_table("appointment")
    op.drop_table("role_card")
    with op.batch_alter_table("procedure_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_procedure_version_state"))
        batch_op.drop_index(batch_op.f("ix_procedure_version_procedure_id"))
        batch_op.drop_index(batch_op.f("ix_procedure_version_field"))

    op.drop_table("procedure_version")
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_office_successor_id"))
        batch_op.drop_index(batch_op.f("ix_office_parent_id"))
        batch_op.drop_index(batch_op.f("ix_office_area_code"))

    op.drop_table("office")
    with op.batch_alter_table("tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tries_began_at"))

    op.drop_table("tries")
    with op.batch_alter_table("stored_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_answer_at"))

    op.drop_table("stored_answer")
    op.drop_table("procedure")
    op.drop_table("postage_rate")
    op.drop_table("post_listing")
    op.drop_table("level_decision")
    op.drop_table("ledger_entry")
    op.drop_table("form_definition")
    op.drop_table("fee_rule")
    op.drop_table("demonstration_anchor")
    op.drop_table("counter")
    op.drop_table("calendar_day")
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_area_parent_code"))

    op.drop_table("area")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_account_proven_identity",
            sqlite_where=sa.text("identity_level IN ('seen', 'e_id') AND closed_at IS NULL"),
            postgresql_where=sa.text("identity_level IN ('seen', 'e_id') AND closed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_account_phone"))
        batch_op.drop_index(batch_op.f("ix_account_identity_index"))

    op.drop_table("account")
