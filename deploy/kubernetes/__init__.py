"""The collectors of `kubernetes/`: `python -m deploy.kubernetes` writes them from the collector's configurations."""
