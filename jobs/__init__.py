"""Floor 4, background tasks: thin files per area, each task calls one service."""
