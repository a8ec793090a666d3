"""An app whose redaction an OpAMP server tightens while it runs."""
