"""Dashboards as code, their provisioning and their sync."""
