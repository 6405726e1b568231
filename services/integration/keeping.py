"""What is kept of a person among keys and webhooks: ended when they are erased."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.integration import ApiKey, Webhook
from services.accounts.keeping import Leaving


def erase(session: Session, who: Leaving, now: datetime) -> None:
    """End the person's keys and webhooks; the names of keys are texts that the accounts empty."""
    session.execute(
        update(ApiKey)
        .where(ApiKey.made_by == who.person_id, ApiKey.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    session.execute(
        update(Webhook)
        .where(Webhook.made_by == who.person_id, Webhook.disabled_at.is_(None))
        .values(disabled_at=now, disabled_why="by_hand")
    )
