"""A service that follows its configuration file, and how Kubernetes and systemd run one."""
