"""A webhook for Alertmanager that answers alerts with commands."""
