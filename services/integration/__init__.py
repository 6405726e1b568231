"""Other programs: keys and the API, webhooks. See docs/api.md."""
