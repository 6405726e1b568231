"""What answers say about questions: calibrations and statistics, worked out by jobs."""
