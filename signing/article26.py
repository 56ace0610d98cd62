"""The fields that TT 01/2023/TT-VPCP Art. 26 wants in a code, for offices that switch this profile on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

MAXIMUM_VERSION = 16
"""Of the QR code: with these fields the seal does not fit into the usual one. To be printed 40 mm wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article26:
    """What the article names; empty where it does not apply."""

    dossier: str = ""
    procedure: str = ""
    owner_id: str = ""
    """In full: that is why the profile is off by default."""
    title: str = ""
    system: str = ""
    """Name of the information system that gives the data."""
    published_at: datetime | None = None
    validity: str = ""
    """Term and scope of validity; on a receipt the day on which the result is due."""


def article_26_fields(values: Article26) -> Mapping[str, str]:
    """Return the values under the short names of `docs/seal.md`, for `SealContent.extra`."""
    published = values.published_at.isoformat(timespec="minutes") if values.published_at else ""
    named = {
        "hs": values.dossier,
        "tt": values.procedure,
        "id": values.owner_id,
        "ten": values.title,
        "ht": values.system,
        "luc": published,
        "han": values.validity,
    }
    return {name: value for name, value in named.items() if value}
