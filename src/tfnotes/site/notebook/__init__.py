"""Pages as notebooks: what a reader downloads, and what a lab is made of."""
