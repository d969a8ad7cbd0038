"""Senders that nobody registered, with what they seem to say; drafted and taken on by API and console alike."""

from collections.abc import Mapping
from typing import NamedTuple

from adapters.relational import quarantine, registry_store, strays
from api.services import Services
from park import registry_file
from park.commission import Sender, senders
from park.commission_draft import Draft, draft
from park.commission_guess import Guess, Sample, guess
from park.metric import Medium
from park.mistake import Mistake
from park.place import Meter
from park.registry import Registry
from park.registry_dump import enterprise as dump_enterprise
from park.registry_dump import park as dump_park

MOST_GUESSED = 50
"""Senders read in one sitting; of the others it is told only that they are there."""
PLACE = "meters[0]."


class Stranger(NamedTuple):
    """One sender and what its newest messages seem to say."""

    sender: Sender
    samples: list[Sample]
    guess: Guess | None


class Checked(NamedTuple):
    """A meter as a person filled it in, or every mistake by its key."""

    meter: Meter | None
    mistakes: list[Mistake]


def waiting(services: Services) -> list[Sender]:
    """Give all senders that nobody registered, the one heard last first."""
    return senders(strays.heaps(services.engine), services.settings.mqtt_prefix)


def looked_at(services: Services, sender: Sender) -> Stranger:
    """Read what a sender says."""
    samples = strays.samples(services.engine, sender.topics)
    return Stranger(sender, samples, guess(samples, services.settings.mqtt_prefix))


def find(services: Services, number: str) -> Stranger | None:
    """Find one sender by its id, as long as something is held of it."""
    found = next((sender for sender in waiting(services) if sender.id == number), None)
    return None if found is None else looked_at(services, found)


def drafted(
    services: Services,
    stranger: Stranger,
    registry: Registry,
    chosen: Mapping[str, str],
    medium: Medium | None = None,
) -> Draft:
    """Draft the registry entry of a sender."""
    prefix = services.settings.mqtt_prefix
    return draft(stranger.sender, stranger.guess, registry, prefix=prefix, chosen=chosen, medium=medium)


def checked(registry: Registry, document: Mapping[str, object]) -> Checked:
    """Check an entry by the rules of the registry file."""
    filled = {key: value for key, value in document.items() if value not in (None, "", [], {})}
    whole = {
        "parks": [dump_park(each) for each in registry.parks],
        "enterprises": [dump_enterprise(each) for each in registry.enterprises],
        "meters": [filled],
    }
    found = registry_file.check(whole)
    if found.registry is None:
        mistakes = [Mistake(each.path.removeprefix(PLACE), each.line, each.zh, each.en) for each in found.mistakes]
        return Checked(None, mistakes)
    meter = found.registry.meters[0]
    if meter.id in registry.by_meter:
        return Checked(
            None,
            [
                Mistake(
                    "id",
                    None,
                    f"编号 {meter.id} 已被台账中的设备使用; 请换一个。",
                    f"Id {meter.id} is that of a registered meter; take another.",
                )
            ],
        )
    return Checked(meter, [])


def take_on(services: Services, stranger: Stranger, meter: Meter, who: str) -> int:
    """Register a sender, and ask for what is held of it to be tried again; give the replay's number.

    Raises RegistryRefused.
    """
    now = services.clock()
    registry_store.save_meter(services.engine, meter, who=who, now=now)
    services.registry.refresh()
    held = strays.ids(services.engine, stranger.sender.topics)
    return quarantine.request_replay(services.engine, who=who, now=now, ids=held)
