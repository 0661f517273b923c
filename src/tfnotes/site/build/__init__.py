"""Building the site once, both languages side by side."""
