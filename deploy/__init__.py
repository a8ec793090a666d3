"""What is deployed around Discreet, and what its generated files are made from."""
