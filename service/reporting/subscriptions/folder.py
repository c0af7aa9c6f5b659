"""The channel `folder`: a file appears below `MUSTER_DELIVERY__FOLDER`, whole or not at all."""

import asyncio
import os
import secrets
import shutil
from pathlib import Path

from service.reporting.subscriptions.parcel import Parcel, Undeliverable


async def drop(parcel: Parcel) -> str | None:
    """Write the file into the target folder, over an older one of the same name."""
    base = parcel.settings.delivery.folder
    if base is None:
        raise Undeliverable("no folder is set up any more (MUSTER_DELIVERY__FOLDER)", again=True)
    try:
        await asyncio.to_thread(_write, base, parcel)
    except OSError as error:
        raise Undeliverable(f"the file could not be written: {error.strerror}", again=True) from error
    return None


def _write(base: Path, parcel: Parcel) -> None:
    place = _place(base, parcel.target)
    fresh = place / f".{secrets.token_hex(8)}.part"
    parcel.file.seek(0)
    try:
        # Names, hours and absences of people: for the owner and its group only.
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
            shutil.copyfileobj(parcel.file, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place / parcel.written.name)
    finally:
        fresh.unlink(missing_ok=True)


def _place(base: Path, target: str) -> Path:
    """The folder, made where need be. A link that leads out of the base is refused, before and after."""
    root = base.resolve(strict=True)  # a folder that is not mounted is an error, not made anew elsewhere
    place = root / target
    for made in (False, True):
        if made:
            place.mkdir(parents=True, exist_ok=True)
        if not place.resolve().is_relative_to(root):
            raise Undeliverable("the target leads out of the folder for reports", again=False)
    return place.resolve()
