"""Two texts of one item: somebody saved first. Both are shown, and joined where they can be."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.library.documents import DocumentError, load_yaml
from domain.library.merging import Merge, merge
from domain.records import frozen
from models.library import Revision
from services.authoring.differences import Difference, difference
from services.authoring.item_editing import ItemText, Typed
from services.library.compiling import normalised


@frozen
class ItemClash:
    """text: what stands now. difference: from theirs to mine.

    merged: both joined, where the text that mine was begun from is still known.
    """

    text: ItemText
    mine: str
    difference: Difference
    merged: Merge | None

    @property
    def theirs(self) -> str:
        return self.text.source

    @property
    def joined(self) -> str | None:
        """One text with the changes of both; None where they touch, or make no item together."""
        text = self.merged.text if self.merged else None
        if text is None:
            return None
        try:
            load_yaml(text, "")
        except DocumentError:
            return None
        return text


def clash(session: Session, stands: ItemText, typed: Typed) -> ItemClash:
    """What to show of two texts."""
    mine = normalised(typed.source)
    # An item keeps its last draft only: what somebody began from is known where it is a revision.
    began = None
    if stands.state == "draft" or not typed.version:
        began = session.scalar(
            select(Revision.source).where(
                Revision.document_id == stands.document_id, Revision.number == typed.base
            )
        )
    merged = merge(began, mine, stands.source) if began is not None else None
    return ItemClash(stands, mine, difference(stands.source, mine), merged)
