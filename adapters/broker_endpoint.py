"""The broker an installation's settings name, with what lets us in."""

from adapters.endpoint import Endpoint, endpoint
from adapters.settings import Settings


def broker_endpoint(settings: Settings) -> Endpoint:
    """Give where the broker listens.  Raises ValueError that says what is wrong with its address."""
    password = settings.mqtt_password.get_secret_value() if settings.mqtt_password else None
    return endpoint(settings.mqtt_url.get_secret_value(), password=password, ca_file=settings.mqtt_ca_file)
