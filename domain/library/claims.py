"""The claims of the source texts, as framework/claims.yaml lists them."""

from domain.library.documents import load_yaml
from domain.library.fields import SEED, Fields
from domain.records import frozen


@frozen
class Claim:
    """says: the claim in our own words; doubtful: needs a claim check and an evidence item."""

    id: str
    says: str
    doubtful: bool


def parse_claims(source: str, path: str) -> tuple[Claim, ...]:
    """Read framework/claims.yaml. Raises DocumentError with all faults."""
    fields = Fields(load_yaml(source, path))
    fields.one_of("id", ("claims",))
    entries = fields.children("claims", least=1, most=500)
    found = tuple(
        Claim(
            id=entry.text("id", most=10, pattern=SEED),
            says=entry.text("says", most=300),
            doubtful=entry.flag("doubtful"),
        )
        for entry in entries
    )
    ids = [claim.id for claim in found]
    for position, claim_id in enumerate(ids):
        if claim_id in ids[:position]:
            entries[position].problem("id", f"“{claim_id}” is listed twice")
    fields.finish()
    return found
