"""Of a dossier may be unknown whether its result was electronic and whether population data were used."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = ("electronic_result", "citizen_data")


def upgrade() -> None:
    with op.batch_alter_table("dossiers") as dossiers:
        for column in COLUMNS:
            dossiers.alter_column(column, existing_type=sa.Boolean(), nullable=True)
    # Nobody could record that something was not so: what said so was only not told.
    for column in COLUMNS:
        op.execute(f"UPDATE dossiers SET {column} = NULL WHERE NOT {column}")


def downgrade() -> None:
    for column in COLUMNS:
        op.execute(
            f"UPDATE dossiers SET {column} = {sa.false().compile(dialect=op.get_bind().dialect)} WHERE {column} IS NULL"
        )
    with op.batch_alter_table("dossiers") as dossiers:
        for column in COLUMNS:
            dossiers.alter_column(column, existing_type=sa.Boolean(), nullable=False)
