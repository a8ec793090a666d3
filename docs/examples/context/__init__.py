"""What belongs to a record: a shop whose requests and messages know their user, and keep their trace."""
