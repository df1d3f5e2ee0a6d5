"""Pages from the web: where they are listed, how they are read, and the folder in which they are kept."""
