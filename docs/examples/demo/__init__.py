"""The demonstration: the same traffic through the same service, once as it is and once with Discreet."""
