"""The centre: turns alarms of gateways into warnings that climb until somebody answers."""
