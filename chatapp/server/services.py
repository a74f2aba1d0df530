"""What sessions and the handling of their requests stand on."""

from dataclasses import dataclass

from chatapp.server.bus import Bus
from chatapp.server.devices import DeviceKeys
from chatapp.server.door import Door
from chatapp.server.hub import Hub
from chatapp.server.networks import Networks
from chatapp.server.people import People
from chatapp.server.reads import Reads
from chatapp.server.registry import Registry
from chatapp.server.sanctions import Sanctions
from chatapp.server.settings import Settings
from chatapp.server.tolls import Tolls


@dataclass(frozen=True)
class Services:
    """The parts of one server."""

    settings: Settings
    log: str
    hub: Hub
    bus: Bus
    people: People
    registry: Registry
    reads: Reads
    sanctions: Sanctions
    devices: DeviceKeys
    tolls: Tolls
    door: Door
    networks: Networks
    buffer: memoryview
    """What all sessions read into, in turn."""
