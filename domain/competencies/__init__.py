"""The practices, the measuring scale, role fit and the geometry of profiles."""
