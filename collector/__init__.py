"""From the broker to the store: messages are spooled, acknowledged, decoded, admitted and written, none lost."""
