"""InfluxDB as a telemetry store."""
