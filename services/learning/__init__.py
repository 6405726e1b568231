"""Today, courses and progress."""
