"""Dashboards as code, their provisioning and their sync.

What makes a board (`board`, `panel` and its like, `boards/`) needs the development packages; what a server runs reads
the JSON under `dashboards/` and needs none of them.
"""
