"""A log, scrubbed: pseudonyms for people, and a detector of one's own."""
