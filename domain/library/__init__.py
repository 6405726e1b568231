"""Published documents: lessons, courses and the text formats that they are written in."""
