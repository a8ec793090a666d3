"""Events of a shop, how long its checkout takes, and what fails there."""
