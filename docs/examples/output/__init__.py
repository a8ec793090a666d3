"""Log lines of three libraries, redacted on their way out of the process."""
