"""The site: records under the code that made them, and everything around them."""
