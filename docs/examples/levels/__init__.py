"""What levels do: ceilings, actions, hints of retention, sampling."""
