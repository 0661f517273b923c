"""Reading the real files: each function takes the found paths and returns a set's fields."""
