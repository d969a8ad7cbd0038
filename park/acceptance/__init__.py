"""Device acceptance: what a device is heard to say in a while, held against the contract, item by item."""
