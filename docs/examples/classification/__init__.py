"""Records of a shop, and what each of them is: by rules of the configuration, built-in ones, and what it carries."""
