"""InfluxDB 1.x, 2.x and 3 as a telemetry store: line protocol to write, InfluxQL to read."""
