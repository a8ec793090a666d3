"""What `discreet.configure` and the entry points set up: providers, instrumentations, and a look at the environment."""
