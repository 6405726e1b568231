"""Courses, search, marks of readers"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = ("reader", "trainer")


def upgrade() -> None:
    op.create_table('search_entry',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('document_id', BIG_ID, nullable=False),
    sa.Column('part', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('audience', sa.String(length=40), nullable=False),
    sa.Column('lang', sa.String(length=10), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('heading', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('lesson', 'item', 'word')", name=op.f('ck_search_entry_kind')),
    sa.CheckConstraint("audience IN ('reader', 'trainer')", name=op.f('ck_search_entry_audience')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_search_entry_document_id_document')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_entry')),
    sa.UniqueConstraint('document_id', 'part', name=op.f('uq_search_entry_document_id_part'))
    )
    op.create_table('module_pass',
    sa.Column('person_id', BIG_ID, nullable=False),
    sa.Column('module_key', sa.String(length=120), nullable=False),
    sa.Column('given_by', BIG_ID, nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['given_by'], ['person.id'], name=op.f('fk_module_pass_given_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_module_pass_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'module_key', name=op.f('pk_module_pass'))
    )
    op.create_table('unclear_mark',
    sa.Column('id', BIG_ID, nullable=False),
    sa.Column('person_id', BIG_ID, nullable=False),
    sa.Column('document_id', BIG_ID, nullable=False),
    sa.Column('section', sa.String(length=120), nullable=False),
    sa.Column('revision_id', BIG_ID, nullable=False),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_by', BIG_ID, nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_unclear_mark_document_id_document')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_unclear_mark_person_id_person'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['resolved_by'], ['person.id'], name=op.f('fk_unclear_mark_resolved_by_person')),
    sa.ForeignKeyConstraint(['revision_id'], ['revision.id'], name=op.f('fk_unclear_mark_revision_id_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unclear_mark')),
    sa.UniqueConstraint('person_id', 'document_id', 'section', name=op.f('uq_unclear_mark_person_id_document_id_section'))
    )
    with op.batch_alter_table('unclear_mark', schema=None) as batch_op:
        batch_op.create_index('ix_unclear_mark_open', ['document_id', 'resolved_at'], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        _index_on_sqlite()
    else:
        _index_on_postgresql()


def _index_on_sqlite() -> None:
    """Two indexes that read their words out of search_entry, and follow it by triggers."""
    for audience in INDEXES:
        fts = f"fts_{audience}"
        op.execute(
            f"CREATE VIRTUAL TABLE {fts} USING fts5(heading, words, content='search_entry', "
            "content_rowid='id', tokenize='unicode61', prefix='2 3')"
        )
        op.execute(
            f"CREATE TRIGGER {fts}_in AFTER INSERT ON search_entry "
            f"WHEN new.audience = '{audience}' BEGIN INSERT INTO {fts} (rowid, heading, words) "
            "VALUES (new.id, new.heading, new.words); END"
        )
        op.execute(
            f"CREATE TRIGGER {fts}_out AFTER DELETE ON search_entry "
            f"WHEN old.audience = '{audience}' BEGIN INSERT INTO {fts} ({fts}, rowid, heading, "
            "words) VALUES ('delete', old.id, old.heading, old.words); END"
        )


def _index_on_postgresql() -> None:
    op.execute(
        "CREATE TABLE fts_entry (entry_id bigint PRIMARY KEY REFERENCES search_entry (id) "
        "ON DELETE CASCADE, heading tsvector NOT NULL, words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_fts_entry_words ON fts_entry USING gin (words)")
    op.execute(
        "CREATE FUNCTION fts_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO fts_entry VALUES (new.id, to_tsvector('simple', new.heading), "
        "to_tsvector('simple', new.heading || ' ' || new.words)); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER fts_in AFTER INSERT ON search_entry "
        "FOR EACH ROW EXECUTE FUNCTION fts_follow()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for audience in INDEXES:
            op.execute(f"DROP TRIGGER fts_{audience}_in")
            op.execute(f"DROP TRIGGER fts_{audience}_out")
            op.execute(f"DROP TABLE fts_{audience}")
    else:
        op.execute("DROP TRIGGER fts_in ON search_entry")
        op.execute("DROP FUNCTION fts_follow()")
        op.execute("DROP TABLE fts_entry")
    op.drop_table('unclear_mark')
    op.drop_table('module_pass')
    op.drop_table('search_entry')
