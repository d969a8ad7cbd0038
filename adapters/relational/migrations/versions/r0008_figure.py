"""Published figures, their revisions, and closed terms."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.String(length=64)
FIGURE = sa.String(length=200)
TERM = sa.String(length=11)
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# table → which of its rows must never change
KEPT = {"figure_revision": "OLD.revision > 0", "closing": "", "closing_figure": ""}


def upgrade() -> None:
    op.create_table(
        "figure_revision",
        sa.Column("figure", FIGURE, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("subject", ID, nullable=False),
        sa.Column("park", ID, nullable=False),
        sa.Column("indicator", sa.String(length=48), nullable=False),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("term", TERM, nullable=False),
        sa.Column("last_month", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=24), nullable=False),
        sa.Column("measured", sa.Float(), nullable=False),
        sa.Column("estimated", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("said", sa.String(length=32), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_figure_revision_revision")),
        sa.PrimaryKeyConstraint("figure", "revision", name=op.f("pk_figure_revision")),
    )
    op.create_index(
        op.f("ix_figure_revision_term_scope_subject"), "figure_revision", ["term", "scope", "subject"], unique=False
    )
    op.create_index(
        op.f("ix_figure_revision_scope_subject_indicator_last_month"),
        "figure_revision",
        ["scope", "subject", "indicator", "last_month"],
        unique=False,
    )
    op.create_table(
        "figure_term",
        sa.Column("term", TERM, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_figure_term")),
    )
    op.create_table(
        "closing",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("park", ID, nullable=False),
        sa.Column("term", TERM, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("forced", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
        sa.UniqueConstraint("park", "term", name=op.f("uq_closing_park_term")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "closing_figure",
        sa.Column("closing", NUMBER, nullable=False),
        sa.Column("figure", FIGURE, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("closing", "figure", name=op.f("pk_closing_figure")),
    )
    dialect = op.get_bind().dialect.name
    for table, which in KEPT.items():
        for statement in _append_only(dialect, table, which):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("closing_figure")
    op.drop_table("closing")
    op.drop_table("figure_term")
    op.drop_index(op.f("ix_figure_revision_scope_subject_indicator_last_month"), table_name="figure_revision")
    op.drop_index(op.f("ix_figure_revision_term_scope_subject"), table_name="figure_revision")
    op.drop_table("figure_revision")
    if op.get_bind().dialect.name == "postgresql":
        for table in KEPT:
            op.execute(f"DROP FUNCTION {table}_append_only()")


def _append_only(dialect: str, table: str, which: str) -> tuple[str, ...]:
    when = f"WHEN ({which})" if which else ""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        )
    if dialect == "postgresql":
        return (
            f"""CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN
                  RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation';
                END $$""",
            f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW {when} EXECUTE FUNCTION {table}_append_only()""",
            f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()""",
        )
    return ()
