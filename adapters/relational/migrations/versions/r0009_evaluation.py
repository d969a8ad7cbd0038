"""Evaluation schemes and results, plan targets, projects."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.String(length=64)
INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("scheme", "evaluation_flag", "evaluation", "evaluation_result", "plan_target", "project")
"""All only added to, each after those it points at."""

EVERY = "UPDATE OR DELETE OR TRUNCATE"


def upgrade() -> None:
    op.create_table(
        "scheme",
        sa.Column("id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        *_signed(),
        sa.CheckConstraint("revision > 0", name=op.f("ck_scheme_revision")),
        sa.PrimaryKeyConstraint("id", "revision", name=op.f("pk_scheme")),
    )
    op.create_table(
        "evaluation_flag",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("scheme", ID, nullable=False),
        sa.Column("term", sa.String(length=16), nullable=False),
        sa.Column("enterprise", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("mark", ID, nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        *_signed(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_flag")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_evaluation_flag_scheme_term"), "evaluation_flag", ["scheme", "term"])
    op.create_table(
        "evaluation",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("park", ID, nullable=False),
        sa.Column("scheme", ID, nullable=False),
        sa.Column("scheme_revision", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *_signed(),
        sa.CheckConstraint("revision > 0", name=op.f("ck_evaluation_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_evaluation_park_scheme_term_revision", "evaluation", ["park", "scheme", "term", "revision"], unique=True
    )
    op.create_table(
        "evaluation_result",
        sa.Column("evaluation", NUMBER, autoincrement=False, nullable=False),
        sa.Column("enterprise", ID, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("cohort", ID),
        sa.Column("total", sa.Float()),
        sa.Column("rank", sa.Integer()),
        sa.Column("grade", sa.String(length=1)),
        sa.ForeignKeyConstraint(
            ["evaluation"], ["evaluation.id"], name=op.f("fk_evaluation_result_evaluation_evaluation")
        ),
        sa.PrimaryKeyConstraint("evaluation", "enterprise", name=op.f("pk_evaluation_result")),
    )
    op.create_table(
        "plan_target",
        sa.Column("park", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Text()),
        sa.Column("benchmark", sa.Text()),
        sa.Column("value", sa.Text()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_plan_target_revision")),
        sa.PrimaryKeyConstraint("park", "year", "item", "revision", name=op.f("pk_plan_target")),
    )
    op.create_table(
        "project",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("park", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("evaluation", NUMBER, nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["evaluation"], ["evaluation.id"], name=op.f("fk_project_evaluation_evaluation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_project_park"), "project", ["park"])
    for table in TABLES:
        for statement in _append_only(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"DROP FUNCTION {table}_append_only()")


def _signed() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )


def _append_only(table: str) -> tuple[str, ...]:
    """Refuse changes: what was decided stays as it was."""
    if op.get_bind().dialect.name == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        )
    refuse = f"RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'"
    function = f"{table}_append_only()"
    return (
        f"CREATE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {refuse}; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE {EVERY} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {function}",
    )
